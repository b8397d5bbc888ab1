"""Manager: when a connection is dialled, asked, left alone; pure, with time and chance as input."""
