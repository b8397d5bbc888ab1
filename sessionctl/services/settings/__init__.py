"""Settings: where they come from, and changing them."""
