"""Markdown as blocks with exact offsets: what is a heading, a paragraph, a list item, a quote, and what is not speech.

A reader of lines, linear in the text. It follows CommonMark where a script is likely to use it, with two differences:
an indented line is speech (verse, or a habit), only a fence makes code; and one line over `---` is a heading, several
are a paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from studio.content.numbers import roman
from studio.content.unspoken import comments, inline_skipped
from studio.domain.script import Block, BlockKind, Skipped

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`\n]*$)|~{3,})")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_ATX_END = re.compile(r"[ \t]+#+[ \t]*$")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
# At most three digits: “1845. The winter was cold” is a sentence, not item 1845.
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|(\d{1,3})[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_DEFINITION = re.compile(r" {0,3}\[([^\[\]]{1,200})\]:[ \t]*\S")
_INDENTED = re.compile(r"[ \t]{2,}\S")
_FRONT_MATTER_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TOML_FRONT_MATTER = re.compile(r"\+\+\+[ \t]*\n(?=\s*[\w\"#\[])(?:(?!\+\+\+).*\n){0,500}\+\+\+[ \t]*(?:\n|$)")
_FRONT_MATTER_LINE = re.compile(r"(?:[\w-]+[ \t]*:|[ \t]|#|-[ \t]|$)")

_LONGEST_HEADING = 200
_LONGEST_TITLE_LINE = 80
_NUMERAL = re.compile(r"(?:(?:chapter|part|book)\s+)?([IVXLC]+|\d{1,4})[.:)]?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int  # without the line end
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def front_matter_end(text: str) -> int:
    """The offset behind a front matter in YAML, or in TOML as Hugo writes it; 0 where there is none."""
    toml = _TOML_FRONT_MATTER.match(text)
    if toml:
        return toml.end()
    if not re.match(r"---[ \t]*\n", text):
        return 0
    end = _FRONT_MATTER_END.search(text, text.index("\n") + 1)
    if not end:
        return 0
    lines = text[text.index("\n") + 1 : end.start()].split("\n")
    if not any(":" in line for line in lines) or not all(_FRONT_MATTER_LINE.match(line) for line in lines):
        return 0
    return end.end()


def read_blocks(text: str) -> tuple[tuple[Block, ...], tuple[Skipped, ...]]:
    """The blocks of `text` and everything in it that is not spoken, both in order of their offsets."""
    begin = front_matter_end(text)
    outside = [skipped for skipped in comments(text) if skipped.start >= begin]
    reader = _Reader(_blanked(text, outside), begin)
    reader.read()
    blocks = tuple(_with_title_lines(reader.text, reader.blocks))
    inside = (skipped for block in blocks for skipped in inline_skipped(reader.text, block.start, block.end))
    front = [Skipped(0, begin, "front matter")] if begin else []
    return blocks, tuple(sorted([*front, *outside, *reader.skipped, *inside], key=lambda skipped: skipped.start))


def _blanked(text: str, spans: list[Skipped]) -> str:
    """The text, as long as before, with spaces for everything but line ends in `spans`."""
    kept: list[str] = []
    begin = 0
    for span in spans:
        kept += text[begin : span.start], re.sub(r"[^\n]", " ", text[span.start : span.end])
        begin = span.end
    return "".join(kept) + text[begin:]


def is_numeral(heading: str) -> bool:
    """Whether a heading is a bare number (“II”, “3.”, “Chapter IV”), so that the line after it is its title."""
    match = _NUMERAL.match(heading.strip())
    return bool(match and (match[1].isdecimal() or roman(match[1].upper())))


def _with_title_lines(text: str, blocks: list[Block]) -> Iterator[Block]:
    """Turn a short line without a stop right after a numeral heading into a heading as well."""
    before: Block | None = None
    for block in blocks:
        line = text[block.start : block.end]
        if (
            before is not None
            and before.kind is BlockKind.HEADING
            and block.kind is BlockKind.PARAGRAPH
            and is_numeral(text[before.start : before.end])
            and len(line) <= _LONGEST_TITLE_LINE
            and "\n" not in line
            and not line.endswith((".", "!", "?", ":", ";", ",", "…", "”", '"'))
            and any(char.isalpha() for char in line)
        ):
            before = Block(BlockKind.HEADING, block.start, block.end, before.level)
            yield before
        else:
            before = block
            yield block


class _Reader:
    """Walks the lines once; `index` is the next line."""

    def __init__(self, text: str, begin: int) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.skipped: list[Skipped] = []
        self.lines = list(_lines(text, begin))
        self.index = 0

    def read(self) -> None:
        while self.index < len(self.lines):
            line = self.lines[self.index]
            empty = self._past_quote(line) >= line.end
            if line.blank or empty or self._fence(line) or self._heading(line) or self._rule(line):
                self.index += 1
            elif not (self._definition(line) or self._table()):
                self._speech(line)

    def _fence(self, line: _Line) -> bool:
        fence = _FENCE.match(line.text)
        if not fence:
            return False
        mark = fence[1]
        first = line
        while self.index + 1 < len(self.lines):
            self.index += 1
            line = self.lines[self.index]
            closing = line.text.strip()
            if closing.startswith(mark) and not closing.strip(mark[0]):
                break
        self.skipped.append(Skipped(first.start, line.end, "code"))
        return True

    def _heading(self, line: _Line) -> bool:
        heading = _ATX.match(line.text)
        if not heading:
            return False
        body = line.text[heading.end() :]
        tail = _ATX_END.search(" " + body[-_LONGEST_HEADING:])
        length = len(body) - (len(tail[0]) if tail else 0)
        self._add(
            BlockKind.HEADING, line.start + heading.end(), line.start + heading.end() + max(length, 0), len(heading[1])
        )
        return True

    def _rule(self, line: _Line) -> bool:
        return bool(_RULE.match(line.text))

    def _definition(self, line: _Line) -> bool:
        definition = _DEFINITION.match(line.text)
        if not definition:
            return False
        footnote = definition[1].startswith("^")
        if not footnote and not re.match(r" {0,3}\[[^\]]*\]:[ \t]*<?(?:https?:|/|\.|#|www\.|mailto:)", line.text):
            return False
        last = line
        self.index += 1
        # A footnote goes on in indented lines, and in plain ones that follow at once.
        while footnote and self.index < len(self.lines):
            following = self.lines[self.index]
            if (
                not following.blank
                and (not last.blank or _INDENTED.match(following.text))
                and not self._breaks(following)
            ):
                last = following
            elif not (following.blank and self._next_is_indented()):
                break
            else:
                last = following
            self.index += 1
        self.skipped.append(Skipped(line.start, last.end, "footnote" if footnote else "link address"))
        return True

    def _next_is_indented(self) -> bool:
        following = self.lines[self.index + 1 : self.index + 2]
        return bool(following and _INDENTED.match(following[0].text))

    def _table(self) -> bool:
        if self.index + 1 >= len(self.lines):
            return False
        head, rule = self.lines[self.index : self.index + 2]
        if "|" not in head.text or "|" not in rule.text or not _TABLE_RULE.match(rule.text):
            return False
        last = rule
        self.index += 2
        while self.index < len(self.lines) and "|" in self.lines[self.index].text:
            last = self.lines[self.index]
            self.index += 1
        self.skipped.append(Skipped(head.start, last.end, "table"))
        return True

    def _speech(self, line: _Line) -> None:
        """A paragraph, list item or quote: this line and what goes on with it."""
        quoted = bool(_QUOTE.match(line.text))
        begin = self._past_quote(line)
        item = _ITEM.match(self.text, begin, line.end)
        level = 0
        kind = BlockKind.QUOTE if quoted else BlockKind.PARAGRAPH
        if item:
            begin = item.end()
            if not quoted:
                kind, level = BlockKind.LIST_ITEM, len(item[1].expandtabs(4)) // 2 + 1
        first, last = line, line
        self.index += 1
        while self.index < len(self.lines) and not self._ends(self.lines[self.index], quoted=quoted):
            last = self.lines[self.index]
            self.index += 1
        if kind is BlockKind.PARAGRAPH and last is first and self._setext(begin, line):
            return
        self._add(kind, begin, last.end, level)

    def _setext(self, begin: int, line: _Line) -> bool:
        if self.index >= len(self.lines) or line.end - begin > _LONGEST_HEADING:
            return False
        underline = _SETEXT.match(self.lines[self.index].text)
        if not underline:
            return False
        self.index += 1
        self._add(BlockKind.HEADING, begin, line.end, 1 if underline[1][0] == "=" else 2)
        return True

    def _ends(self, line: _Line, *, quoted: bool) -> bool:
        """Whether `line` is no more part of the paragraph before it."""
        if line.blank or self._breaks(line) or _SETEXT.match(line.text):
            return True
        in_quote = bool(_QUOTE.match(line.text))
        if in_quote and not quoted:
            return True
        begin = self._past_quote(line)
        item = _ITEM.match(self.text, begin, line.end)
        # An ordered list may interrupt a paragraph only with its first number: “in the year\n12. After that” does not.
        return begin >= line.end or bool(item and (item[2] is None or int(item[2]) == 1 or self._in_list()))

    def _in_list(self) -> bool:
        before = self.lines[self.index - 1]
        return bool(_ITEM.match(before.text))

    def _breaks(self, line: _Line) -> bool:
        return bool(
            _ATX.match(line.text)
            or _FENCE.match(line.text)
            or _RULE.match(line.text)
            or (_DEFINITION.match(line.text) and line.text.lstrip().startswith("[^"))
        )

    def _past_quote(self, line: _Line) -> int:
        position = line.start
        while mark := _QUOTE.match(self.text, position, line.end):
            position = mark.end()
        return position

    def _add(self, kind: BlockKind, start: int, end: int, level: int) -> None:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        if start < end:
            self.blocks.append(Block(kind, start, end, level))


def _lines(text: str, begin: int) -> Iterator[_Line]:
    while begin <= len(text):
        end = text.find("\n", begin)
        end = len(text) if end < 0 else end
        yield _Line(begin, end, text[begin:end])
        begin = end + 1
