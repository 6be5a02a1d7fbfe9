"""Coverage-guided fuzzing of what reads and what writes: `make fuzz`, or `python -m tests.fuzz`.

A target is a function of bytes. It returns whether they were read (True) or refused with one of our
own errors (False); whatever else it raises is a mistake of ours. `tests/test_fuzz.py` runs every
target on its seeds and on the inputs that once broke it (`cases/TARGET/`), without atheris.
"""
