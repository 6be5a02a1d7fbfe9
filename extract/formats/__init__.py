"""File formats: bytes in, raw text (and pages) out, one module per format."""
