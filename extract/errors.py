"""What can go wrong, as one tree of exceptions.

::

    PlankgError                  everything that plankg raises on purpose
    ├── DocumentError            one document cannot be read; carries its name
    │   ├── DocumentMissingError     no such file, or not a file
    │   ├── FormatUnknownError       a format that plankg does not read (.doc, .wps, images …)
    │   ├── EncodingError            bytes that are no text; carries the position
    │   ├── DocumentDamagedError     truncated, broken or encrypted
    │   ├── DocumentEmptyError       nothing to read in it (empty file, scanned pages)
    │   ├── DocumentTooLargeError    over a limit of size, time or memory
    │   └── DistrictUnknownError     whose document it is cannot be told
    ├── CorpusError              a set of documents or its corpus.toml is wrong
    ├── RecordError              a line of a records file is no extraction record
    ├── GoldError                a gold file cannot be read, or a line of it is no passage
    ├── PluginError              a model that somebody else brings cannot be loaded, or fails
    ├── ReviewError              a file of corrections is no table of corrections, or a line of it is wrong
    ├── FolderError              a folder of a built graph is missing, damaged, busy or somebody else's
    ├── GraphFileError           an RDF file cannot be read as a graph of ours
    └── QueryError               a SPARQL query is wrong or not allowed; carries line and column
        └── QuestionError            no such named question, or a parameter's value does not fit

Each message is one sentence or two: what is wrong, where, and what to do about it.
"""


class PlankgError(Exception):
    """Everything that plankg raises on purpose; the command line prints it and exits with 1."""


class DocumentError(PlankgError):
    """One document cannot be read; `name` is its file name.

    A batch catches this one and goes on with the other documents.
    """

    def __init__(self, name: str, problem: str) -> None:
        shown = name if name.isprintable() else repr(name)  # a name may hold a terminal's control codes
        super().__init__(f"{shown}: {problem}" if name else problem)
        self.name = name
        self.problem = problem

    def __reduce__(self) -> tuple[type["DocumentError"], tuple[str, str]]:
        return type(self), (self.name, self.problem)


class DocumentMissingError(DocumentError):
    """There is no such file, or the path names something that is not a file."""


class FormatUnknownError(DocumentError):
    """The bytes are in a format that plankg does not read."""


class EncodingError(DocumentError):
    """The bytes are not text in any supported encoding; `offset` is that of the first wrong byte."""

    def __init__(self, name: str, problem: str, offset: int = 0) -> None:
        super().__init__(name, problem)
        self.offset = offset

    def __reduce__(self) -> tuple[type["EncodingError"], tuple[str, str, int]]:  # type: ignore[override]
        return type(self), (self.name, self.problem, self.offset)


class DocumentDamagedError(DocumentError):
    """The file is truncated, broken or encrypted."""


class DocumentEmptyError(DocumentError):
    """The file holds no text: it is empty, or its pages are pictures."""


class DocumentTooLargeError(DocumentError):
    """The file, or what unpacks from it, is over a limit of size, time or memory."""


class DistrictUnknownError(DocumentError):
    """Neither the title nor the caller says whose document it is (GUIDE, "@doc")."""


class CorpusError(PlankgError):
    """A set of documents is wrong: none found, two with one name, or a bad `corpus.toml`."""


class RecordError(PlankgError):
    """A line of a records file is no extraction record; the message holds its number."""


class GoldError(PlankgError):
    """A gold file cannot be read, or a line of it is no annotated passage."""


class ModelError(PlankgError):
    """A file of learned weights is missing, damaged or of another kind."""


class PluginError(PlankgError):
    """A plug-in model is installed twice, cannot be loaded, or fails on a document."""


class ReviewError(PlankgError):
    """A file of a person's corrections is no such table; the message holds the line."""


class FolderError(PlankgError):
    """The folder of a built graph is missing, damaged, in use, or holds somebody else's files."""


class GraphFileError(PlankgError):
    """An RDF file cannot be read: missing, of an unknown format, or not well formed."""


class QueryError(PlankgError):
    """A SPARQL query is wrong or not allowed; `line` and `column` count from 1 (0: nowhere in particular)."""

    def __init__(self, problem: str, line: int = 0, column: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.column = column

    def __reduce__(self) -> tuple[type["QueryError"], tuple[str, int, int]]:
        return type(self), (self.problem, self.line, self.column)


class QuestionError(QueryError):
    """There is no such named question, or a parameter is unknown or its value does not fit."""
