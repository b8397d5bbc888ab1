"""Files of other session tools as sessions, with a report of everything that has no counterpart.

Each kind is a module with ``read(root, importing)``; what they share is below: the nodes of a
file with their places, and the building of a session with a report beside it.
"""
