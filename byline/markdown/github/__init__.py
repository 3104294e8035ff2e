"""The engine `github`: comrak's syntax tree is walked once, printed as HTML with what Byline adds to GitHub's Markdown,
and noted down with the place of everything in the source. It resolves no address and sanitises nothing.
"""
