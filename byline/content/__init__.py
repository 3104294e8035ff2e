"""The content folder becomes a site: it takes files, settings and a moment, and gives one frozen `Site` with every
post resolved and every problem named. It never raises for what a file can hold, never asks the clock, and never
renders a page.
"""
