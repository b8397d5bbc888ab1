"""What is asked of a person: questions, an editor, the dialogue of resolve."""
