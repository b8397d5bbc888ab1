"""For tests of what plugs into sessionctl: ``sessionctl.testing.adapters`` cuts connections."""
