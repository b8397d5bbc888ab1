"""What the commands for live sessions share."""
