"""Connections to Redis, by redis-py."""
