"""Markdown as other formats are turned into it: their plain text comes out of `read_blocks` as it was."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

_EMPHASIS: Final = re.compile(r"(?<=\S)\*|\*(?=\S)|`|~(?=~)|(?<=~)~|(?<![^\W_])_(?=\S)|(?<=\S)_(?![^\W_])")
_TAG: Final = re.compile(r"<(?=[A-Za-z/!])")
_REFERENCE: Final = re.compile(r"&(?=#\d|#[xX][0-9a-fA-F]|[A-Za-z]{2,24};)")
_BACKSLASH: Final = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
# What would be a mark at the beginning of a line: headings, quotes, items, rules, underlines, tables.
_START: Final = re.compile(r"(?=#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|[=-]{1,}\s*$|[-*_](?:\s*[-*_]){2,}\s*$|[|:-][|: -]*$)")
_NUMBERED: Final = re.compile(r"(\d{1,3})(?=[.)]\s)")
_TIGHT: Final = re.compile(r" ?\n ?")
_LONGEST_CAPTION: Final = 480
_LONGEST_ADDRESS: Final = 1500
_ADDRESS_SIGNS: Final = {ord(char): f"%{ord(char):02X}" for char in " ()<>\"'\\[]`*_~|"}


class Sheet:
    """A text that is being written, block by block, and what of its original has no place in it.

    What is said to be `inline` is Markdown within a line (`escaped`, `link`, `picture`, `note_mark`); everything else
    is plain text.
    """

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._notes: list[str] = []
        self._left_out: Counter[str] = Counter()
        self._in_list = False
        self._pages: list[tuple[int, int, int]] = []  # how many blocks stand before, characters more, the number

    @property
    def text(self) -> str:
        """The text so far, with the footnotes at its end."""
        return "\n\n".join([*self._blocks, *self._notes])

    @property
    def pages(self) -> tuple[tuple[int, int], ...]:
        """Where in the text pages of the original begin, with their numbers."""
        starts = list(accumulate((len(block) + len("\n\n") for block in self._blocks), initial=0))
        return tuple((starts[blocks] + within, number) for blocks, within, number in self._pages)

    def begin_page(self, number: int, within: int = 0) -> None:
        """Say that a page of the original begins so many characters behind the start of the block that follows."""
        if not self._pages or self._pages[-1][2] != number:
            self._pages.append((len(self._blocks), within, number))

    @property
    def left_out(self) -> tuple[str, ...]:
        """What is not in the text, with how many there were: “page number ×12”."""
        return tuple(f"{why} ×{count}" if count > 1 else why for why, count in self._left_out.items())

    def leave_out(self, why: str, count: int = 1) -> None:
        """Say that something has no place in the text."""
        if count > 0:
            self._left_out[why] += count

    def heading(self, level: int, inline: str) -> None:
        """A heading of level 1 to 6."""
        line = one_line(inline)
        if line:
            self._add(f"{'#' * min(max(level, 1), 6)} {line}")

    def paragraph(self, inline: str) -> None:
        """A paragraph; line feeds in it stay."""
        lines = [_safe(line) for line in _TIGHT.sub("\n", inline.strip()).split("\n") if line.strip()]
        if lines:
            self._add("\n".join(lines))

    def item(self, inline: str, depth: int, number: int | None = None) -> None:
        """An item of a list; `depth` is 1 for the outermost, `number` None where the items are not numbered."""
        line = one_line(inline)
        if not line:
            return
        mark = "-" if number is None else f"{number % 1000}."
        line = f"{'  ' * (depth - 1)}{mark} {_safe(line)}"
        if self._in_list:
            self._blocks[-1] += f"\n{line}"
        else:
            self._add(line)
        self._in_list = True

    def quote(self, inline: str) -> None:
        """A paragraph of a quotation."""
        lines = [_safe(line) for line in _TIGHT.sub("\n", inline.strip()).split("\n") if line.strip()]
        if lines:
            self._add("\n".join(f"> {line}" for line in lines))

    def code(self, text: str) -> None:
        """Code: lines that are not speech."""
        if text.strip():
            longest = max((len(fence) for fence in re.findall(r"`{3,}", text)), default=2)
            fence = "`" * (longest + 1)
            lines = text.strip("\n")
            self._add(f"{fence}\n{lines}\n{fence}")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table, its first row being the head; its cells are inline."""
        width = max((len(row) for row in rows), default=0)
        if not any(one_line(cell) for row in rows for cell in row):
            return
        lines = []
        for row in rows:
            cells = [one_line(cell).replace("|", "\\|") for cell in row]
            lines.append(f"| {' | '.join([*cells, *[''] * (width - len(cells))])} |")
        lines.insert(1, f"|{' --- |' * width}")
        self._add("\n".join(lines))

    def note(self, mark: str, inline: str) -> None:
        """The text of a footnote."""
        line = one_line(inline)
        if line:
            self._notes.append(f"[^{_label(mark)}]: {line}")

    def picture(self, words: str, address: str) -> str:
        """A picture, inline, with the words that stand for it or under it."""
        plain = " ".join(re.sub(r"[\[\]\\!]", " ", words).split())
        if len(plain) > _LONGEST_CAPTION:
            self.leave_out("rest of a long caption")
            plain = f"{plain[:_LONGEST_CAPTION].rpartition(' ')[0]}…"
        return f"![{escaped(plain)}]({_target(address) or 'picture'})"

    def link(self, inline: str, address: str) -> str:
        """Words that lead somewhere."""
        target = _target(address)
        words = inline.strip()
        if not words:
            return inline
        if not target:
            self.leave_out("link address")
            return inline
        if words in {address, target}:
            return inline
        before, after = inline[: len(inline) - len(inline.lstrip())], inline[len(inline.rstrip()) :]
        return f"{before}[{words}]({target}){after}"

    def _add(self, block: str) -> None:
        self._blocks.append(block)
        self._in_list = False


def escaped(text: str) -> str:
    """Plain text as inline Markdown: nothing in it is a mark, a tag or a reference to a character."""
    text = _REFERENCE.sub("&amp;", text)
    text = _TAG.sub("&lt;", _BACKSLASH.sub("&#92;", text))
    return _EMPHASIS.sub(lambda sign: f"&#{ord(sign[0])};", text)


def note_mark(mark: str) -> str:
    """Where a footnote is referred to, inline."""
    return f"[^{_label(mark)}]"


def one_line(inline: str) -> str:
    """Inline text with single spaces for all white space."""
    return " ".join(inline.split())


def _safe(line: str) -> str:
    line = line.strip()
    if line[:1] in {"*", "_"} and _START.match(line):
        return f"&#{ord(line[0])};{line[1:]}"  # a backslash before it would leave it a mark of emphasis
    return (
        "\\" + line if _START.match(line) else _NUMBERED.sub(r"\1\\", line, count=1) if _NUMBERED.match(line) else line
    )


def _label(mark: str) -> str:
    return re.sub(r"[^\w.-]+", "-", mark)[:50].strip("-") or "note"


def _target(address: str) -> str:
    target = address.strip().translate(_ADDRESS_SIGNS)
    return target if len(target) <= _LONGEST_ADDRESS and "\n" not in target else ""
