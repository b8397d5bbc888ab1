"""Sealed secrets as values: envelope, sidecar, recipients, vault; no key is used here."""
