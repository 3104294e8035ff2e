"""Everything in the content that a writer wants to know before readers do: it takes sources and the site and gives
problems, and edits where only one thing can have been meant. It never changes more of a file than what it names.
"""
