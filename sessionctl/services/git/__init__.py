"""Git: installing the drivers and hooks, and checking what a commit would take."""
