"""Files: written whole or not at all, tables of rows, what is cached."""
