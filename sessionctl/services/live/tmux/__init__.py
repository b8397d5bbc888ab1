"""The tmux adapter: a tmux session as a workspace, and a workspace as a tmux session."""
