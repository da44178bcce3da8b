"""The explorer in JupyterLab: search, a section beside its page, a map, annotation."""
