"""Commands: secrets among the words of a shell line, and what programs are given."""
