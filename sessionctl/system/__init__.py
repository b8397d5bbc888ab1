"""The world, one module each: processes, files, git, age, tmux, watching, clocks."""
