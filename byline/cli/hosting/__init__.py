"""Commands for a site's way to its readers."""
