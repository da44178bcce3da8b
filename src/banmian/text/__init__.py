"""Characters: scripts, runs of characters. Nothing here knows of pages or words."""
