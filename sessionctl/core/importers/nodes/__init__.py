"""Texts of other formats as nodes: plain values that know where they stand."""
