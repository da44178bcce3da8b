"""Pages that come as pictures or PDF files: printed lines with their places, in reading order."""
