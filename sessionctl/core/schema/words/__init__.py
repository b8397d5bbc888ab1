"""Words: violations of a schema as problems that people can read."""
