"""Text: it takes HTML as other systems write it and gives Markdown that reads the same in Byline. It never drops a word
in silence."""
