"""How far new pages are from those that the classifier was trained on."""
