"""One file per command, each a client of the finished app: it takes what a person typed and returns lines and an exit
code. It never computes what another package can.
"""
