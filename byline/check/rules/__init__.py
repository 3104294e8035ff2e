"""Rules, one to a file: its CODE is the file's name with hyphens, and it has a page docs/checks/<code>.md."""
