"""Lines to paragraphs: which line continues which."""
