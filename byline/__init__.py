"""Byline's engine: Markdown files in, a news site out, on one path."""
