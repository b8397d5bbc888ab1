"""Where a person answers and reads: questions, an editor, a pager, the dialogue of resolve."""
