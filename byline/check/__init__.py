"""What a writer wants to know about the content before readers do: it takes sources and the site and returns problems,
with edits where only one thing can have been meant. It never changes more of a file than it reports.
"""
