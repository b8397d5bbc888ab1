"""The plain adapter: a terminal without a multiplexer as a workspace."""
