"""Options that several commands share, so that they are named and explained the same everywhere."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Folder = Annotated[
    Path, typer.Option("--graph", "-g", metavar="DIR", help="Folder of a built graph.", show_default=True)
]
District = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Whose documents these are, e.g. 米东区; needed where the titles do not say it."),
]
TierOption = Annotated[
    str,
    typer.Option(
        "--tier",
        metavar="fast|accurate|NAME",
        help="How much is spent on a document: fast leaves the language models out; NAME is a plug-in model.",
    ),
]
MinConfidence = Annotated[
    float,
    typer.Option(
        "--min-confidence", metavar="P", min=0, max=1, help="Leave out what is less sure than this, from 0 to 1."
    ),
]

Jobs = Annotated[
    int | None, typer.Option("--jobs", "-j", metavar="N", min=1, help="Processes at most; as many as processors.")
]

Format = Literal["table", "csv", "json", "ttl"]
FormatOption = Annotated[
    Format, typer.Option("--format", metavar="table|csv|json|ttl", help="How to print the answer.")
]

DEFAULT_FOLDER = Path("plankg-out")
