"""What all screens stand on: the base screen, the table of screens, help, palette, questions."""
