"""`python -m tests.fuzz.child TARGET [libFuzzer options]`: fuzz one target until it breaks or time is up."""

import sys

import atheris


def main() -> None:
    """Instrument our code, load the target and hand over to libFuzzer, which ends the process."""
    with atheris.instrument_imports(include=["extract", "graph", "ontology", "output"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[sys.argv[1]]

    def check(data: bytes) -> None:
        target.check(data)

    atheris.Setup([sys.argv[0], *sys.argv[2:]], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
