"""Builds on Apache Spark: the same stages as on one machine, for more documents than one machine holds.

Documents are extracted and resolved one by one, wherever there is room; what they add to the same
thing meets in one place by its key. No stage holds more than one document, one thing or one block
of names in memory at once. What travels between processes are texts (JSON), never pickled objects.
"""
