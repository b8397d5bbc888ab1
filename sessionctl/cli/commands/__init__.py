"""The commands, one module each: parse arguments, call a service, print."""
