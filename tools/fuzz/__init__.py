"""The fuzz: parse, diff, patch and merge on mutated TOML, held to their laws, for a while.

``python -m tools.fuzz --minutes 10 --seed 1`` from the checkout, with the tests' extras
installed. It ends with exit code 1 when a law was broken; ``--case N`` runs one case again.
"""
