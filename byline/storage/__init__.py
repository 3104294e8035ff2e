"""What is kept on disk and how it is told apart: walks of folders that people edit, fingerprints of values, a cache
that may be deleted, results that are computed once, functions run by all processors. It takes paths, bytes and pure
functions and gives values; it never knows what a post is, and never changes a file that it did not write.
"""
