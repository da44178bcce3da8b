"""Words and embeddings to topics and labels."""
