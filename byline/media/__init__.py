"""Pictures and other files beside posts: it takes files of the content folder and gives what is published of them,
under names made from their content. It never publishes what a camera wrote down, nor a file that a browser or a
server could run.
"""
