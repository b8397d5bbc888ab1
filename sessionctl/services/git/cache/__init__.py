"""Cache: masked texts that git keeps, so that it asks for each of them once."""
