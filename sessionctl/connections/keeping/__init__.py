"""Keeping: connections held open by threads, as the manager's pure core decides."""
