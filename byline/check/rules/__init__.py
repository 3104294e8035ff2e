"""Rules, one per file: its CODE is the file's name with hyphens, and its docstring is its part of docs/checks.md."""
