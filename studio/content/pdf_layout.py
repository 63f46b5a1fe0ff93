"""Lines on pages as text: what stands on every page is left out, what was broken into lines is one paragraph again."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Final

from studio.content.markup import Sheet, escaped, note_mark

_ENDS: Final = re.compile(r"[.!?…:;\u3002\uff01\uff1f][\"'”’)\]]*$")
_STOPS: Final = re.compile(r"[.!?…\u3002\uff01\uff1f][\"'”’)\]]*$")
_BULLET: Final = re.compile(r"[•·▪▫◦‣●○■□–*\uf0b7-]\s+(?=\S)")
_NUMBER: Final = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_PAGE_NUMBER: Final = re.compile(
    r"(?:page|p\.|seite|s\.)?\W{0,4}(?:\d{1,4}|[ivxlc]{1,7})(?:\s?(?:of|/|von)\s?\d{1,4})?\W{0,4}", re.IGNORECASE
)
_FOOTNOTE: Final = re.compile(r"(\d{1,3}|[*†‡§])[.)]?\s*(?=\S)")
_LEADERS: Final = re.compile(r"(?:\.[ ]?){5,}[ ]*(?:\d{1,4}|[ivxlc]{1,7})?$|(?:…[ ]?){2,}[ ]*\d{0,4}$")
_BROKEN_WORD: Final = re.compile(r"([^\W\d_]+)[-\u00ad\u2010]$")
_NEXT_WORD: Final = re.compile(r"[^\W\d_]+")
_HYPHENATED: Final = re.compile(r"[^\W\d_]+-[^\W\d_]+")
_ZONE: Final = 2  # lines at the top and at the bottom of a page that may belong to the page
_ROOM: Final = 0.65  # of a full line
_LARGER: Final = 1.12  # than the text: a heading
_SMALLER: Final = 0.92  # than the text: a footnote
_LONGEST_HEADING: Final = 160
_NEAR: Final = 1.5  # points


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a line; `x` and `y` are where it begins (points, upwards), `size` that of its letters."""

    text: str
    x: float
    y: float
    size: float
    bold: bool

    def with_space(self) -> "Fragment":
        """The same, with a space behind it."""
        return replace(self, text=f"{self.text} ")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; `inline` is its Markdown with footnote marks, `inner_x` where its words begin behind a bullet."""

    text: str
    inline: str
    x: float
    y: float
    size: float
    bold: bool
    inner_x: float

    @classmethod
    def of(cls, fragments: Sequence[Fragment]) -> "Line":
        """What several fragments come to."""
        weights: Counter[tuple[float, bool]] = Counter()
        for each in fragments:
            weights[round(each.size, 1), each.bold] += len(each.text.strip())
        (size, bold), _ = weights.most_common(1)[0]
        base = next(each.y for each in fragments if abs(each.size - size) < 0.1)
        parts = [escaped(fragments[0].text)]
        for each in fragments[1:]:
            raised = each.size <= 0.85 * size and each.y > base + 0.1 * size
            parts.append(note_mark(each.text) if raised and each.text.strip().isdecimal() else escaped(each.text))
        text = " ".join("".join(each.text for each in fragments).split())
        inner = (
            fragments[1].x if len(fragments) > 1 and _BULLET.match(f"{fragments[0].text.strip()} x") else fragments[0].x
        )
        return cls(text, " ".join("".join(parts).split()), fragments[0].x, base, size, bold, inner)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, in the order in which they are drawn."""

    number: int
    lines: Sequence[Line]


@dataclass(slots=True)
class _Block:
    """Lines that belong together. `is_note` marks a footnote."""

    lines: list[Line] = field(default_factory=list)
    is_note: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is usual in a document: size of letters, distance of lines, letters of a full line, left edge."""

    size: float
    leading: float
    width: float
    left: float


def lay_out(pages: Sequence[Page], sheet: Sheet) -> None:
    """Write the text of all pages into `sheet`."""
    pages = _without_contents(_without_furniture(pages, _measures(pages).leading, sheet), sheet)
    usual = _measures(pages)
    words = Counter(
        found[0].casefold() for page in pages for line in page.lines for found in _HYPHENATED.finditer(line.text)
    )
    blocks = list(_blocks(pages, usual))
    levels = _levels(blocks, usual)
    notes = 0
    numbers = {id(line): page.number for page in pages for line in page.lines}
    for block in blocks:
        first = block.lines[0]
        if not block.is_note:
            sheet.begin_page(numbers[id(first)])
            for place, (before, line) in enumerate(pairwise(block.lines), 1):
                if numbers[id(before)] != numbers[id(line)]:
                    sheet.begin_page(numbers[id(line)], len(_joined(block.lines[:place], words)))
        inline = _joined(block.lines, words)
        key = (first.size, first.bold)
        if block.is_note:
            notes += 1
            found = _FOOTNOTE.match(first.text)
            mark = found[1] if found and found[1].isdecimal() else str(notes)
            sheet.note(mark, _FOOTNOTE.sub("", inline, count=1))
        elif key in levels and _is_heading(block):
            sheet.heading(levels[key], inline)
        elif bullet := _BULLET.match(inline):
            sheet.item(inline[bullet.end() :], 1)
        elif (number := _NUMBER.match(inline)) and len(block.text) > len(number[0]) + 2:
            sheet.item(inline[number.end() :], 1, int(number[1]))
        else:
            sheet.paragraph(inline)


def _without_furniture(pages: Sequence[Page], leading: float, sheet: Sheet) -> Sequence[Page]:
    """The pages without what stands at the edge of every page, set apart: running titles and page numbers."""
    edges = [_edges(page, leading) for page in pages]
    often: Counter[tuple[str, int]] = Counter()
    for edge in edges:
        often.update({_shape(line) for line in edge})
    enough = 2 if len(pages) <= 3 else 3
    # Where they stand: the title of a short chapter does not come often.
    heights = Counter(round(line.y) for edge in edges for line in edge if often[_shape(line)] >= enough)
    kept = []
    numbers = titles = 0
    for page, edge in zip(pages, edges, strict=True):
        gone = set()
        for line in edge:
            usual = sum(heights[round(line.y) + near] for near in (-1, 0, 1)) >= max(3, enough)
            if _is_page_number(line):
                numbers += 1
                gone.add(id(line))
            elif len(pages) > 1 and (often[_shape(line)] >= enough or usual):
                titles += 1
                gone.add(id(line))
        kept.append(Page(page.number, [line for line in page.lines if id(line) not in gone]))
    sheet.leave_out("page number", numbers)
    sheet.leave_out("running title of a page", titles)
    return kept


def _edges(page: Page, leading: float) -> Sequence[Line]:
    """The lines that may belong to the page: one or two at the top and at the bottom, set apart from its text."""
    down = sorted(page.lines, key=lambda line: -line.y)
    return [*_apart(down, leading), *_apart(down[::-1], leading)]


def _apart(lines: Sequence[Line], leading: float) -> Sequence[Line]:
    """The first lines from an edge inwards, up to a gap or to letters of another size."""
    for count, (line, inner) in enumerate(pairwise(lines), 1):
        gap = abs(line.y - inner.y)
        if count > _ZONE * 2:  # the parts of a line may stand far from each other
            break
        if gap > 1.4 * leading or (gap > _NEAR and abs(line.size - inner.size) > 0.08 * inner.size):
            return lines[:count]
    return ()


def _shape(line: Line) -> tuple[str, int]:
    """What is the same of a line on every page; the title itself stands there in larger letters."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.size)


def _is_page_number(line: Line) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text)) and (
        line.text != "I" and (any(map(str.isdecimal, line.text)) or line.text.islower() or line.text.isupper())
    )


def _without_contents(pages: Sequence[Page], sheet: Sheet) -> Sequence[Page]:
    """The pages without the lines of a table of contents: words, dots, and a number."""
    kept = [Page(page.number, [line for line in page.lines if not _LEADERS.search(line.text)]) for page in pages]
    lost = sum(len(page.lines) for page in pages) - sum(len(page.lines) for page in kept)
    sheet.leave_out("line of a table of contents", lost)
    return kept


def _measures(pages: Sequence[Page]) -> _Measures:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0] if sizes else 10.0
    body = [[line for line in page.lines if line.size == size] for page in pages]
    gaps = [
        before.y - after.y for lines in body for before, after in pairwise(lines) if 0 < before.y - after.y < 3 * size
    ]
    lengths = sorted(len(line.text) for lines in body for line in lines)
    lefts = Counter(round(line.x) for lines in body for line in lines)
    return _Measures(
        size,
        # Most lines are followed by another of the same paragraph: the smaller of the gaps that are usual.
        leading=sorted(gaps)[len(gaps) // 4] if gaps else 1.2 * size,
        width=median(lengths[len(lengths) // 2 :]) if lengths else 60.0,
        left=float(lefts.most_common(1)[0][0]) if lefts else 0.0,
    )


def _blocks(pages: Sequence[Page], usual: _Measures) -> Iterator[_Block]:
    """The lines by what they belong to. What a page breaks goes on; the footnotes of a page stand behind it."""
    block = _Block()
    for page in pages:
        notes: list[_Block] = []
        first = True
        for line in page.lines:
            if notes or (line.size < _SMALLER * usual.size and _starts_note(line, page)):
                if not notes or _FOOTNOTE.match(line.text):
                    notes.append(_Block(is_note=True))
                notes[-1].lines.append(line)
                continue
            if block.lines and not _goes_on(block, line, usual, new_page=first):
                yield block
                block = _Block()
            block.lines.append(line)
            first = False
        yield from notes
    if block.lines:
        yield block


def _starts_note(line: Line, page: Page) -> bool:
    """Whether a line in small letters begins the footnotes: all below it is as small."""
    below = [other for other in page.lines if other.y <= line.y]
    return bool(_FOOTNOTE.match(line.text)) and all(other.size <= line.size * 1.05 for other in below)


def _goes_on(block: _Block, line: Line, usual: _Measures, *, new_page: bool) -> bool:
    """Whether a line belongs to the block before it."""
    before = block.lines[-1]
    if abs(line.size - before.size) > 0.08 * before.size or _is_item(line, before):
        return False
    if line.bold is not before.bold and len(block.text) < _LONGEST_HEADING and not _is_broken(before):
        return False
    if _is_broken(before):
        return True
    gap = before.y - line.y
    # It was broken although the next word had room on it.
    room = _ROOM * usual.width * usual.size / line.size
    if len(before.text) + len(line.text.partition(" ")[0]) < room and not line.text[:1].islower():
        return False
    if new_page or gap <= 0:  # another page, another column
        short = len(before.text) < 0.75 * usual.width
        return line.text[:1].islower() or not (
            _STOPS.search(before.text) and (short or line.x > usual.left + 0.7 * line.size)
        )
    return gap <= 1.4 * usual.leading * line.size / usual.size and _is_aligned(block, line, usual)


def _is_aligned(block: _Block, line: Line, usual: _Measures) -> bool:
    """Whether a line that follows closely begins where the lines of its block do, and not where a new one would."""
    first, before = block.lines[0], block.lines[-1]
    if abs(line.x - first.inner_x) <= _NEAR:
        ended = bool(_STOPS.search(before.text))
        return not (ended and len(before.text) < 0.6 * usual.width and line.text[:1].isupper())
    if line.x > before.x + 0.7 * line.size:  # indented
        return not _ENDS.search(before.text) and len(block.lines) < 2
    # Further to the left: behind a first line that is indented it goes on.
    return len(block.lines) == 1 or line.x > before.x - 0.7 * line.size


def _is_broken(line: Line) -> bool:
    return bool(_BROKEN_WORD.search(line.text))


def _is_item(line: Line, before: Line) -> bool:
    if _BULLET.match(line.text):
        return True
    return bool(_NUMBER.match(line.text)) and (bool(_ENDS.search(before.text)) or bool(_NUMBER.match(before.text)))


def _is_heading(block: _Block) -> bool:
    return len(block.text) <= _LONGEST_HEADING and any(map(str.isalpha, block.text)) and block.text[-1:] not in ".;,"


def _levels(blocks: Sequence[_Block], usual: _Measures) -> dict[tuple[float, bool], int]:
    """The looks of headings, with their levels: the largest letters first, then bold ones of the text's size."""
    looks = {(block.lines[0].size, block.lines[0].bold) for block in blocks if not block.is_note and _is_heading(block)}
    bold_text = sum(len(block.text) for block in blocks if block.lines[0].bold)
    plain_text = sum(len(block.text) for block in blocks if not block.lines[0].bold)
    larger = sorted({size for size, _ in looks if size >= _LARGER * usual.size}, reverse=True)
    levels = {look: min(larger.index(look[0]) + 1, 4) for look in looks if look[0] in larger}
    if bold_text < plain_text / 4:
        below = min(len(larger) + 1, 5)
        levels |= {look: below for look in looks if look[1] and abs(look[0] - usual.size) <= 0.08 * usual.size}
    return levels


def _joined(lines: Sequence[Line], hyphenated: Counter[str]) -> str:
    """One line of several: a word that was broken is whole again, a hyphen that belongs to its word stays."""
    text = lines[0].inline
    for line in lines[1:]:
        broken, following = _BROKEN_WORD.search(text), _NEXT_WORD.match(line.inline)
        if not (broken and following):
            text = f"{text} {line.inline}"
        elif text.endswith("-") and (
            not following[0][:1].islower() or hyphenated[f"{broken[1]}-{following[0]}".casefold()]
        ):
            text = f"{text}{line.inline}"
        else:
            text = f"{text[:-1]}{line.inline}"
    return text
