"""New text: values and sections written in the style of their neighbours."""
