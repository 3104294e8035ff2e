"""The site becomes responses: it takes a URL and a snapshot, chooses a view, and sends its answer out through one door,
with a tag that identifies every byte. It never lets a request, the clock or chance into a page.
"""
