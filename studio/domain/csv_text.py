"""A table as CSV that every spreadsheet reads, and none runs."""

import csv
import io
from collections.abc import Iterable, Sequence

_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  (full width acts as well)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> str:
    """A header and rows as RFC 4180 has them: commas, quotes doubled, lines ended by CR LF; None is empty.

    Text that a spreadsheet would take for a formula, a title such as `=HYPERLINK(…)`, gets an apostrophe before it
    (https://owasp.org/www-community/attacks/CSV_Injection). Numbers are numbers.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_harmless(cell) for cell in header])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: str | float | None) -> str | int | float | None:
    if isinstance(cell, str) and cell.lstrip(" \u00a0\u2066\u2067\u2068\u200e\u200f").startswith(_ACTS):
        return f"'{cell}"
    return cell
