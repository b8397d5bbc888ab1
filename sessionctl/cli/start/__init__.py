"""How a command line begins: the quickest way to its answer, click only where it is needed."""
