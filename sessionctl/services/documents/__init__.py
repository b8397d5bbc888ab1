"""Documents: check, edit, save, compare, tidy and show the files of sessions."""
