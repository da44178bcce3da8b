"""Pages to sections: no model of meaning here."""
