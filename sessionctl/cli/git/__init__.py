"""What git starts: merge driver, textconv and hooks, without click."""
