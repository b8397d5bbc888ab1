"""Watching: directories, clocks, and the socket on which a watcher answers."""
