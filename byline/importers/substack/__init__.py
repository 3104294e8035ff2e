"""Texts of Substack: it takes their HTML, where most things are a box with its values as JSON, and gives plain HTML."""
