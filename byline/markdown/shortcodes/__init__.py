"""Takes a text as it is typed and templates, gives the text with its shortcodes run. It never reads Markdown."""
