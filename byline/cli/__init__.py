"""One file a command, each a client of the finished app: it takes what a person typed and gives lines and an exit
code. It never computes what another package could be asked for.
"""
