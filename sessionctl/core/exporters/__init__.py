"""Sessions as files of other tools, with a report of what those cannot hold."""
