"""Sources as they are kept: their passages, and in which language they are. Runs in workers."""

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from studio.content.addresses import is_link, kept, shown
from studio.content.documents import LARGEST, READERS, Document, read_documents
from studio.content.extraction import PAGES, TEXTS, decoded, main_text
from studio.content.feeds import Entry, feed_entries, is_feed
from studio.content.folders import content_of
from studio.content.folders import shown as shown_path
from studio.content.intake import ScriptIntake
from studio.content.languages import language_of
from studio.content.passages import passages
from studio.content.references import reference_entries
from studio.content.titles import file_title, short_title
from studio.domain.errors import BatchcastError, InputError
from studio.domain.research import Excerpt, Source, SourceKind
from studio.domain.script import Script
from studio.engine.drafts import Refusal
from studio.engine.ports import Report

_UNTOLD: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_DOCUMENTS: Final = {
    "application/pdf": ".pdf",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_PLAIN: Final = frozenset({".md", ".markdown", ".txt"})
_BETWEEN: Final = "\n\n"
_ENOUGH: Final = 60  # words of an entry that is worth reading without what it links to
_DATE: Final = re.compile(r"\A---[ \t]*\n(?:.*\n){0,40}?date[ \t]*:[ \t]*[\"']?(\d{4}-\d\d-\d\d)", re.IGNORECASE)
_SAVE: Final = "Save its text as Markdown or plain text, and give that."


@dataclass(frozen=True, slots=True)
class Origin:
    """What of a source is known before it is read."""

    kind: SourceKind
    address: str
    fetched_at: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A source with its excerpts, and what of it could not be read."""

    source: Source | None
    excerpts: tuple[Excerpt, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """Several sources at one address: those that are read already, and links to the others."""

    readings: tuple[Reading, ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """One text of a source, where in it that stands, and where its pages begin (offsets, and their numbers)."""

    script: Script
    where: str = ""
    pages: tuple[tuple[int, int], ...] = ()

    def on_pages(self, start: int, end: int) -> str:
        """The pages of a stretch of the text in words; empty where it has none."""
        first = bisect_right(self.pages, start, key=itemgetter(0)) - 1
        last = bisect_left(self.pages, end, key=itemgetter(0)) - 1
        if first < 0:
            return ""
        begin, finish = self.pages[first][1], self.pages[last][1]
        return f"page {begin}" if begin == finish else f"pages {begin} to {finish}"


def read_file(report: Report, path: Path, origin: Origin) -> Reading:
    """A file of any kind that scripts come in. What is no text in it (the rows of a table of topics) is left out.

    Raises `InputError`.
    """
    report(0.0)
    parts: list[_Part] = []
    refusals: list[Refusal] = []
    if (suffix := path.suffix.lower()) in READERS:
        name = shown_path(path, name=True)
        parts = _parts(read_documents(content_of(path, LARGEST), suffix, name), name)
    else:
        for each in ScriptIntake().drafts(path):
            if isinstance(each, Refusal):
                refusals.append(each)
            elif not each.script.unwritten:
                parts.append(_Part(each.script, each.script.source.removeprefix(shown_path(path)).lstrip(", ")))
    if not parts:
        return Reading(None, (), tuple(refusals))
    dated = _DATE.match(parts[0].script.text)
    title = file_title(path.name) if len(parts) > 1 else ""
    return replace(
        _reading(parts, replace(origin, title=title, published=dated[1] if dated else "")), refusals=tuple(refusals)
    )


def read_page(report: Report, data: bytes, kind: str, link: str, origin: Origin) -> Reading | Listing:
    """What came from an address: a page, a text, a document, or a feed. Raises `InputError`.

    Args:
        report: Told that it began.
        data: What came.
        kind: Its content type.
        link: Where it came from in the end.
        origin: What is known of it.
    """
    report(0.0)
    name, media = shown(link), kind.partition(";")[0].strip().lower()
    file = unquote(PurePosixPath(urlsplit(link).path).name)
    suffix = PurePosixPath(file).suffix.lower()
    if not data.strip():
        raise InputError(f"“{name}” is empty.", "Give another address.")
    if is_feed(data, media):
        return _listing(feed_entries(data, link, name), replace(origin, kind=SourceKind.FEED))
    if media in PAGES:
        page = main_text(data, kind, name)
        origin = replace(origin, title=page.title, published=page.published)
        return _reading([_Part(ScriptIntake().read_text(page.text, name))], origin)
    document = _DOCUMENTS.get(media) or (suffix if media in _UNTOLD else "")
    if document in READERS:
        parts = _parts(read_documents(data, document, name), file or name)
        return _reading(parts, replace(origin, title=file_title(file) if len(parts) > 1 else ""))
    if media in TEXTS or (media in _UNTOLD and suffix in _PLAIN):
        return _reading([_Part(ScriptIntake().read_text(decoded(data, kind, name), file or name))], origin)
    raise InputError(f"“{name}” {f'is {media}' if media else 'does not say what it is'}, which is no text.", _SAVE)


def read_reference(report: Report, data: bytes, kind: str, link: str, origin: Origin) -> Listing:
    """What a search or an encyclopaedia answered; the arguments are those of `read_page`. Raises `InputError`."""
    report(0.0)
    return _listing(reference_entries(data, kind, link, shown(link)), origin)


def _parts(documents: Sequence[Document], name: str) -> list[_Part]:
    """Those that hold enough to be read. Raises what the last one raises where none does."""
    parts: list[_Part] = []
    for each in documents:
        try:
            made = ScriptIntake().read_text(each.text, name)
        except InputError:
            if not parts and each is documents[-1]:
                raise
            continue
        parts.append(_Part(replace(made, title=each.title or made.title), each.place, each.pages))
    return parts


def _listing(entries: Sequence[Entry], origin: Origin) -> Listing:
    readings: list[Reading] = []
    links: list[str] = []
    for entry in entries:
        linked = is_link(entry.link)
        if len(entry.text.split()) < _ENOUGH:
            links += [entry.link] if linked else []
            continue
        own = f"{origin.address}#{hashlib.sha256(entry.title.encode('utf-8', 'replace')).hexdigest()[:8]}"
        about = replace(origin, title=entry.title, published=entry.published)
        with suppress(BatchcastError):  # an entry without words, or with an odd address: the others go on
            about = replace(about, address=kept(entry.link) if linked else own)
            readings.append(_reading([_Part(ScriptIntake().read_text(entry.text, entry.title or own))], about))
    return Listing(tuple(readings), tuple(dict.fromkeys(links)))


def _reading(parts: Sequence[_Part], origin: Origin) -> Reading:
    """One source of the texts that lie at one address: the chapters of a book, or just one."""
    text = _BETWEEN.join(part.script.text for part in parts)
    source = Source(
        kind=origin.kind,
        address=origin.address,
        title=short_title(origin.title or parts[0].script.title),
        sha256=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        published=origin.published,
        fetched_at=origin.fetched_at,
    )
    found: list[Excerpt] = []
    begin = 0
    for part in parts:
        chapter = part.script.title if len(parts) > 1 else ""
        for each in passages(part.script):
            places = part.where, chapter, each.place, part.on_pages(each.start, each.end)
            place = ", ".join(dict.fromkeys(filter(None, places)))
            language = language_of(each.text)
            found.append(Excerpt(source, each.text, begin + each.start, begin + each.end, place, language=language))
        begin += len(part.script.text) + len(_BETWEEN)
    sizes = Counter[str]()
    for excerpt in found:
        sizes[excerpt.language] += len(excerpt.text)
    main = max((each for each in sizes if each), key=lambda each: sizes[each], default="")
    source = replace(source, language=main)
    return Reading(
        source,
        tuple(replace(each, source=source, language="" if each.language == main else each.language) for each in found),
    )
