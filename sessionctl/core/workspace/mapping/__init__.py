"""Mapping: a workspace that stands, written into its session document."""
