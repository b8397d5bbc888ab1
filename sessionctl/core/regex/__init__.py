"""Regular expressions that cost no start-up time: compiled late, or beforehand."""
