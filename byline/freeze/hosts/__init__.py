"""What the app answers besides content, in the words of each static host."""
