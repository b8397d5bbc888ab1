"""TOML 1.0 as text plus a span map: parse, look up, edit without touching the rest."""
