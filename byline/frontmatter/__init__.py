"""Front matter: it takes a header as text and returns typed fields with their places, and all problems with them at
once. It never guesses from how a value looks, never reads a file and never stops at the first fault.
"""
