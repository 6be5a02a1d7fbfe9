"""How much of a file is read at most: limits that no planning document comes near.

The longest document of the kind, a national five-year plan, has about 70,000 characters; hostile
or mistaken files must end in a clear error within seconds and a gigabyte of memory instead.
"""

MAX_CHARACTERS = 5_000_000
"""Characters of text that one document may have."""

MAX_TEXT_BYTES = 4 * MAX_CHARACTERS
"""Bytes of a text or web file: the above in the longest encoding of a character."""

MAX_FILE_BYTES = 256 * 1024 * 1024
"""Bytes of any file (PDF and Word files carry pictures)."""

MAX_UNPACKED_BYTES = 512 * 1024 * 1024
"""Bytes that all parts of a Word file unpack to."""

MAX_PART_BYTES = 64 * 1024 * 1024
"""Bytes that one XML part of a Word file unpacks to."""

MAX_PARTS = 10_000
"""Parts of a Word file."""

MAX_PAGES = 5_000
"""Pages of a PDF."""

MAX_TABLE_CELLS = 100_000
"""Cells of one table, merged ones counted as often as they reach."""

CONVERT_SECONDS = 8
"""Processor seconds for the conversion of one file of up to 1 MB, and for each further MB."""

MAX_CONVERT_SECONDS = 120
"""Processor seconds for the conversion of one file however large."""

CONVERT_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space for the conversion of one file."""

OCR_SECONDS_PER_PAGE = 60
"""Processor seconds for the recognition of one scanned page."""

OCR_MEMORY = 6 * 1024 * 1024 * 1024
"""Bytes of address space for recognition: the engine reserves far more than it uses."""
