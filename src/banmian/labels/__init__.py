"""The label scheme and the labels that people gave."""
