"""The commands below ``sessionctl secret``, one module each."""
