"""The site becomes responses: it takes a URL and a snapshot, chooses a view, and lets its answer out by one door with
a tag that stands for every byte. It never lets a request, the clock or chance into a page.
"""
