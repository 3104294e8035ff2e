"""Rules, one per file: its CODE is the file's name with hyphens, and its page is docs/checks/<code>.md."""
