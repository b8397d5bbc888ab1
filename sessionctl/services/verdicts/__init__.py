"""Verdicts that are remembered: what was valid before is not checked again."""
