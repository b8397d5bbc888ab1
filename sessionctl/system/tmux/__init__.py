"""tmux: its command language, its server spoken to in batches, its panes and their terminals."""
