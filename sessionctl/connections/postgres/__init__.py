"""Connections to PostgreSQL, by libpq and psycopg."""
