"""What an episode is called."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from studio.content.clean import clean, heading_text
from studio.content.markdown import front_matter_end, is_numeral
from studio.domain.script import Block, BlockKind, Skipped

_LONGEST = 200
_LONGEST_LINE = 80  # of a first line that may be a title
_FRONT_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_SITE_PARTS = re.compile(r"\s(?:[-–—|·•»:]|::)\s")
_HEADING_LINE = re.compile(r"^#{1,6} +(.+?)[ #]*$", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]#.*$")
_ORDER = re.compile(r"\d{1,4}[-_. ]+(?=[^\W\d_])")


def title_of(text: str, blocks: Sequence[Block], skipped: Sequence[Skipped], source: str, suggested: str = "") -> str:
    """The front matter's title, else the first heading of level 1 or 2, else what is suggested or the file's name.

    A heading that is a bare number gives way to the title line under it, or, where there is none, to the file name.
    Text without any heading is called after its first line, where that stands alone and is no sentence.
    """
    given = _given(text)
    if given:
        return short_title(given)
    headings = [block for block in blocks if block.kind is BlockKind.HEADING]
    first = next((place for place, block in enumerate(headings) if block.level <= 2), None)
    if first is not None:
        named = _words(text, headings[first], skipped)
        if is_numeral(named):
            # Only the block right behind it: a later heading names a part, not the whole.
            place = blocks.index(headings[first]) + 1
            follows = place < len(blocks) and blocks[place].kind is BlockKind.HEADING
            named = _words(text, blocks[place], skipped) if follows else ""
        if named:
            return short_title(named)
    if suggested:
        return short_title(suggested)
    if not headings and len(blocks) > 1 and _is_title_line(text[blocks[0].start : blocks[0].end]):
        return short_title(_words(text, blocks[0], skipped))
    return short_title(file_title(source))


def page_title(title: str, text: str, site: str = "") -> str:
    """The title of a web page without the name of its site: “Tides - The Harbour Times” is “Tides”.

    The site's name is the last part, or the first: known as `site`, or where the other one is a heading of the `text`
    (Markdown). What is told by neither stays as it is.
    """
    parts = [part.strip() for part in _SITE_PARTS.split(" ".join(title.split())) if part.strip()]
    if len(parts) < 2:
        return " ".join(title.split())
    headings = {heading.strip(" *_`#").casefold() for heading in _HEADING_LINE.findall(text)}
    if parts[0].casefold() == site.casefold():
        return " - ".join(parts[1:])
    if parts[-1].casefold() == site.casefold() or parts[0].casefold() in headings:
        return " - ".join(parts[:-1])
    return " ".join(title.split())


def _is_title_line(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and "\n" not in line and line.rstrip()[-1:].isalnum()


def file_title(source: str) -> str:
    """A file name as a title: “02-the-pond--part-1.md” is “The pond: part 1”."""
    path = PurePath(source)
    name = path.stem if re.fullmatch(r"\.[A-Za-z]{1,8}", path.suffix) else path.name
    name = _ORDER.sub("", name, count=1) if _ORDER.match(name) else name
    words = " ".join(re.sub(r"[-_\s]+", " ", re.sub(r"-{2,}", ": ", name)).split()).replace(" :", ":").strip(": ")
    return words[:1].upper() + words[1:] or "Untitled"


def _given(text: str) -> str:
    found = _FRONT_TITLE.search(text, 0, front_matter_end(text))
    if not found:
        return ""
    value = found[1]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].strip()
    return _COMMENT.sub("", value).strip()


def _words(text: str, block: Block, skipped: Sequence[Skipped]) -> str:
    inside = [hole for hole in skipped if hole.start < block.end and hole.end > block.start]
    return heading_text(clean(text, block, inside))


def short_title(title: str) -> str:
    """A title that fits into a row and a tag, without signs that cannot be printed."""
    plain = " ".join("".join(char if char.isprintable() else " " for char in title).split())
    if len(plain) <= _LONGEST:
        return plain or "Untitled"
    cut = plain[:_LONGEST].rpartition(" ")[0] or plain[:_LONGEST]
    return f"{cut}…"
