"""Made-up planning documents with known truth, for scale, for resolution and for fuzzing.

Districts come from the official list, all other names from parts (`grammar.toml`); no sentence is
taken from a real document. The same seed gives the same bytes on every machine.
"""
