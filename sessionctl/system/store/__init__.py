"""The store: a document is written so that nothing of it or of others is lost."""
