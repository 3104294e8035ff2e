"""Byline's engine: Markdown files in, a news site out, on one path."""

__version__ = "0.1.0"
