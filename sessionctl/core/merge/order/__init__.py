"""The order of a merge: sequences merged three ways, and sorted ones kept sorted."""
