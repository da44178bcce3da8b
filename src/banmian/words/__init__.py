"""Sections to words: segmentation, lexicon, names, new terms, keyness."""
