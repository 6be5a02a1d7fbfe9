"""What a build survives: `python -m tests.stress` tries it and prints the counts.

Builds run in forked children of one process that has everything loaded, so that a hundred of
them take a minute. They are ended by SIGKILL, as the system or a user in a hurry would.
"""
