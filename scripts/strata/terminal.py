"""Tables for people: aligned columns of plain text, whatever the width of their characters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from io import StringIO

# Wider than any row, so that none is wrapped or cut, on a terminal or in a log.
ENDLESS = 100_000


def table(
    headings: Sequence[str] | None, rows: Sequence[Sequence[str]], text: Collection[int]
) -> str:
    """Return aligned columns; those at the positions in `text` to the left, the others right.

    Without headings, the first row gives the number of columns.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    columns = headings or rows[0]
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=headings is not None)
    for position, heading in enumerate(columns):
        made.add_column(
            Text(heading), justify="left" if position in text else "right", no_wrap=True
        )
    for row in rows:
        made.add_row(*map(Text, row))
    written = StringIO()
    Console(file=written, width=ENDLESS, color_system=None, force_terminal=False).print(made)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())
