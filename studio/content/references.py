"""What a search or an encyclopaedia answers: MediaWiki, OpenSearch, lists of results as JSON, and feeds."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from studio.content.extraction import PAGES, decoded
from studio.content.feeds import Entry, feed_entries, is_feed, linked, markdown
from studio.domain.errors import InputError

_MOST: Final = 6  # results: those behind them fit by a word or two
_DEEPEST: Final = 6
_SECTION: Final = re.compile(r"^(={2,6})[ \t]*([^=\n]+?)[ \t]*\1[ \t]*$", re.MULTILINE)
_TITLES: Final = ("title", "name", "label", "headline")
_LINKS: Final = ("url", "link", "href", "fullurl", "canonicalurl", "uri")
_TEXTS: Final = ("text", "extract", "content", "body", "abstract", "summary", "description", "snippet")
_DATES: Final = ("published", "date", "publishedDate", "published_date", "timestamp")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_GIVE_API: Final = "Give the address of a search that answers with JSON, RSS or Atom, with {query} for the words."


def reference_entries(data: bytes, kind: str, address: str, name: str) -> tuple[Entry, ...]:
    """What was found, the best first; none where nothing was.

    Args:
        data: The answer.
        kind: Its content type.
        address: Where it came from: links may be relative, and those of a wiki follow from it.
        name: What to call it.

    Raises `InputError` for an answer that is none of the kinds above.
    """
    media = kind.partition(";")[0].strip().lower()
    if is_feed(data, media):
        return feed_entries(data, address, name)[:_MOST]
    if media in PAGES:
        raise InputError(f"“{name}” answers with a web page, and not with results.", _GIVE_API)
    try:
        answer = json.loads(decoded(data, kind, name))
    except (ValueError, RecursionError) as error:
        raise InputError(f"“{name}” answers with something else than JSON.", _GIVE_API) from error
    found = _found(answer, address)
    if found is None:
        raise InputError(f"“{name}” answers in a way that is not known here.", _GIVE_API)
    return tuple(_clean(each, address, name) for each in found[:_MOST])


def _found(answer: Any, address: str) -> list[Entry] | None:
    query = answer.get("query") if isinstance(answer, dict) else None
    if isinstance(query, dict) and query.keys() & {"pages", "search"}:
        return list(_wiki(query.get("pages") or query.get("search"), address))
    if isinstance(answer, dict) and "batchcomplete" in answer:
        return []  # how MediaWiki says that there is nothing
    if isinstance(answer, list) and len(answer) >= 2 and isinstance(answer[0], str) and isinstance(answer[1], list):
        return list(_open_search(answer))
    if answer == []:
        return []
    return _listed(answer, 0)


def _wiki(held: Any, address: str) -> Iterator[Entry]:
    """The pages of `generator=search` with their extracts, or the results of `list=search`."""
    listed = list(held.values()) if isinstance(held, dict) else held if isinstance(held, list) else []
    pages = [each for each in listed if isinstance(each, dict)]
    for page in sorted(pages, key=lambda each: each["index"] if isinstance(each.get("index"), int) else 0):
        title = _text(page, ("title",))
        if title and "missing" not in page:
            text = _SECTION.sub(lambda found: f"{'#' * len(found[1])} {found[2]}", _text(page, ("extract", "snippet")))
            yield Entry(title, text, _text(page, ("canonicalurl", "fullurl")) or _wiki_link(title, page, address))


def _wiki_link(title: str, page: Mapping[str, Any], address: str) -> str:
    """Where a page lies by custom: beside /w/ in /wiki/, else behind the wiki's one script."""
    parts = urlsplit(address)
    if parts.path.startswith("/w/"):
        return urlunsplit((parts.scheme, parts.netloc, "/wiki/" + quote(title.replace(" ", "_")), "", ""))
    script = parts.path.rpartition("/")[0] + "/index.php"
    return urlunsplit((parts.scheme, parts.netloc, script, f"curid={page.get('pageid', 0)}", ""))


def _open_search(answer: Sequence[Any]) -> Iterator[Entry]:
    """Titles, descriptions and addresses, side by side (OpenSearch Suggestions 1.1)."""
    columns = [each if isinstance(each, list) else [] for each in (*answer[1:4], [], [])]
    for place, title in enumerate(columns[0]):
        link = columns[2][place] if place < len(columns[2]) else ""
        if isinstance(title, str) and isinstance(link, str):
            yield Entry(title, "", link)


def _listed(answer: Any, depth: int) -> list[Entry] | None:
    """The first list of objects with titles and something to read, wherever it stands; None where there is none."""
    if isinstance(answer, list):
        entries = [_object(each) for each in answer if isinstance(each, dict)]
        there = [each for each in entries if each.link or each.text]
        if there:
            return there
        return [] if not answer and depth else None
    if not isinstance(answer, dict) or depth > _DEEPEST:
        return None
    nothing: list[Entry] | None = None
    for each in answer.values():
        found = _listed(each, depth + 1)
        if found:
            return found
        nothing = nothing if found is None else found
    return nothing


def _object(found: Mapping[str, Any]) -> Entry:
    dated = _DATE.match(_text(found, _DATES))
    texts = [text for name in _TEXTS if isinstance(text := found.get(name), str)]
    return Entry(
        title=_text(found, _TITLES),
        text=max(texts, key=len, default=""),
        link=_text(found, _LINKS),
        published=dated[0] if dated else "",
    )


def _text(found: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((text for name in names if isinstance(text := found.get(name), str) and text.strip()), "")


def _clean(entry: Entry, address: str, name: str) -> Entry:
    return Entry(
        title=" ".join(markdown(entry.title, name).split()),
        text=markdown(entry.text, name),
        link=linked(address, entry.link),
        published=entry.published,
    )
