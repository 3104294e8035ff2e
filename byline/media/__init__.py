"""Pictures and other files beside posts: it takes files from the content folder and returns what to publish of them,
under names made from their content. It never publishes the metadata of a camera, or a file that a browser or a
server could run.
"""
