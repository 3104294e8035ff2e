"""The site becomes files: a client of the finished app that asks for every URL whose tag has changed and switches an
output folder from the old site to the new. It never renders anything itself, and never touches a file that its
manifest does not list.
"""
