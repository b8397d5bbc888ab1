"""Text as text: sources with line numbers, alignment of lines, shell words, splices."""
