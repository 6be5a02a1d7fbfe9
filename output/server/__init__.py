"""A built graph over HTTP: SPARQL 1.1 Protocol, entity IRIs, a small REST API, the explorer and a query page.

Read-only by construction: queries run in worker processes over a store that is opened read-only,
that can be killed, and that cannot open a socket. See docs/server.md.
"""
