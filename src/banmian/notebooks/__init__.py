"""Run the notebooks, on the pages of the project or on others."""
