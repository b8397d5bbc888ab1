"""Live sessions: capture what runs, save it, restore it, and decide what may be started."""
