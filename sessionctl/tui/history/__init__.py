"""What a file was, and bringing an earlier text of it back."""
