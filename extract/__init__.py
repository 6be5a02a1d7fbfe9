"""What one document says: reading, mentions, facts and observations."""
