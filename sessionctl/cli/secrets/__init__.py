"""What the commands about secrets share: options, input and output."""
