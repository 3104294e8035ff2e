"""The content folder becomes a site: it takes files, settings and a moment, and returns one frozen `Site` with every
post resolved and every problem listed. It never raises for the content of a file, never asks the clock, and never
renders a page.
"""
