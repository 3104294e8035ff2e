"""Files, caches and processes: it walks folders that people edit, fingerprints values, keeps a cache that may be
deleted, computes results once and runs functions on all processors. It takes paths, bytes and pure functions and
returns values. It knows nothing of posts, and never changes a file that it did not write.
"""
