"""Moving in: it takes another system's export and a site, and gives posts, pages, authors and pictures as files of that
site, with a report. It never overwrites what a person has written, publishes what was not public, or asks a host other
than the old site's.
"""
