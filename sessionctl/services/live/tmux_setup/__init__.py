"""Setting tmux up: keys in its configuration, and sessions that come back at its start."""
