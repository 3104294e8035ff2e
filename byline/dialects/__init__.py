"""Dialects: takes the folder of a blog that another program made, gives how that keeps posts, headers and addresses.
It never reads a post, and never runs what it finds.
"""
