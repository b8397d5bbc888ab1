"""The workspace: windows, panes and what runs in them, as values without a terminal."""
