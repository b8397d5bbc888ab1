"""Connections, as the command line opens and reports them."""
