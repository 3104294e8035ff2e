"""What the app sends besides content, in the configuration language of each static host."""
