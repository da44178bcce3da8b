"""Sections to words."""
