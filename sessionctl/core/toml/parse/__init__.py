"""The parser: text to plain values, statements, and the tree of tables they make up."""
