"""Access: identities, vaults and the secrets of one session, as far as they are trusted."""
