"""The command line reference (docs/cli.md), made from the commands: `python -m output.cli.reference`."""

import sys
from collections.abc import Iterator
from typing import Any

import typer


def reference() -> str:
    """Return the reference of every command as Markdown."""
    from output.cli.app import app

    group: Any = typer.main.get_command(app)
    lines = [
        "# Command line",
        "",
        "<!-- Made by `make docs` from the commands; do not edit. -->",
        "",
        group.help,
        "",
        "Exit codes: 0 done, 1 failed (one sentence on standard error says why and what to do), 2 wrong usage,",
        "130 interrupted. `plankg --version` prints the version, `plankg --install-completion` sets up the shell.",
        "",
    ]
    commands = group.commands.items()
    lines += [f"- [`plankg {name}`](#plankg-{name}): {_first(command.help)}" for name, command in commands]
    for name, command in commands:
        lines += ["", *_command(name, command)]
    return "\n".join(lines) + "\n"


def _first(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    yield f"## plankg {name}"
    yield ""
    yield "```"
    yield " ".join(["plankg", name, *(p.metavar for p in arguments), *(["[OPTIONS]"] if options else [])])
    yield "```"
    yield ""
    for paragraph in command.help.strip().split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""
    yield "| | |"
    yield "|---|---|"
    for parameter in (*arguments, *options):
        yield f"| {_name(parameter)} | {_meaning(parameter)} |"
    yield ""
    yield command.epilog.replace("Example: ", "Example: `", 1) + "`"


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar}`"
    names = ", ".join(f"`{name}`" for name in sorted(parameter.opts, key=len, reverse=True))
    value = "" if parameter.is_flag else f" {parameter.metavar}"
    return names + value.replace("|", "\\|")


def _meaning(parameter: Any) -> str:
    default = parameter.default
    shown = default is not None and default is not False and parameter.param_type_name == "option"
    text = (parameter.help or "").replace("|", "\\|")
    return f"{text} Default: `{default}`." if shown else text


if __name__ == "__main__":
    sys.stdout.write(reference())
