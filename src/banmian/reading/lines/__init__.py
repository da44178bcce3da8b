"""Printed lines: where they stand in the file, how they are joined, and of which type each is."""
