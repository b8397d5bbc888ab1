"""What a JSON Schema refers to: its draft, its addresses, and all schemas within it."""
