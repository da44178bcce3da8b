"""Results to figures and to the reader in JupyterLab."""
