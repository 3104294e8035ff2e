"""One file for each system that blogs move in from: it takes a source and gives an `Export`. It never writes a file or
asks a host."""
