"""Words and embeddings to topics and labels, and the scores that judge them."""
