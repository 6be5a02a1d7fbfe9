"""What the documents say together: entities, claims, RDF, store and queries."""
