"""The board: how all sessions of a user are, and what bringing one back means, for screens."""
