"""Files to documents to repaired, typed sections; no model of meaning here. ``layout`` gives the order."""
