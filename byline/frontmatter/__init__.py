"""The upper half of a file: it takes the header as text and gives typed fields with their places, and every problem
with them at once. It never guesses from a value's looks, never reads a file and never stops at the first fault.
"""
