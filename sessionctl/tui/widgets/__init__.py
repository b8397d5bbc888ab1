"""Widgets that know no service: for ``sessionctl ui`` and for host applications."""
