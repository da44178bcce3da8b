"""Paragraphs to articles: types of blocks, headings, reading order of columns, cohesion of words."""
