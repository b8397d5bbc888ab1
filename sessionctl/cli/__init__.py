"""The command line: parse arguments, call a service, print; one module per command."""
