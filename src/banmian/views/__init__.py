"""Results to figures, to the explorer in JupyterLab and to the report."""
