"""What templates may ask for besides their context: the whole site and its data, with what tags need to know of it."""
