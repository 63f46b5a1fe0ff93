"""What stands in a feed (RSS, Atom): its entries, with their text or where it is to be read."""

import io
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from studio.content.addresses import is_link, joined
from studio.content.decoding import decode_page
from studio.content.html_text import read as markdown_of
from studio.domain.errors import InputError

FEEDS: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/xml", "text/xml"}
)

_FEED: Final = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE)
_DECLARED: Final = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_TAG: Final = re.compile(r"<[a-zA-Z/!]")
_MOST: Final = 20  # entries, the first ones: feeds begin with what is new


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was found: Markdown, which may be empty or just a beginning, and an address with the rest."""

    title: str
    text: str
    link: str = ""
    published: str = ""


def is_feed(data: bytes, media: str) -> bool:
    """Whether this is a feed, by its content type and what it begins with."""
    start = data[:2048].replace(b"\0", b"")  # UTF-16
    return bool(_FEED.search(start)) and not _PAGE.search(start) and (media in FEEDS or b"<?xml" in start[:64])


def feed_entries(data: bytes, address: str, name: str) -> tuple[Entry, ...]:
    """The entries of a feed from an address, the first ones. Raises `InputError`, which calls it `name`."""
    import feedparser

    text = _DECLARED.sub("", decode_page(data, name), count=1)
    if "<!ENTITY" in text or "<!entity" in text:
        raise InputError(f"“{name}” defines entities of its own, which no feed needs.", "Give the pages themselves.")
    feed = feedparser.parse(io.BytesIO(text.encode("utf-8", "replace")))
    if not feed.entries:
        raise InputError(f"“{name}” is a feed without entries that can be read.", "Give the pages themselves.")
    return tuple(_entry(each, address, name) for each in feed.entries[:_MOST])


def markdown(text: str, name: str) -> str:
    """Text that may be HTML, as Markdown."""
    return markdown_of(text, name).text.strip() if _TAG.search(text) else text.strip()


def linked(address: str, link: str) -> str:
    """Where a link leads that stands at an address; empty where it leads nowhere."""
    with suppress(InputError):
        return joined(address, link) if link else ""
    return ""


def _entry(found: Any, address: str, name: str) -> Entry:
    texts = [each.get("value", "") for each in found.get("content", ())] + [found.get("summary", "")]
    link = found.get("link", "")
    when = found.get("published_parsed") or found.get("updated_parsed")
    return Entry(
        title=" ".join(markdown(found.get("title", ""), name).split()),
        text=markdown(max(texts, key=len), name),
        link=linked(address, link) if found.get("links") or is_link(link) else "",  # else it is just a name (guid)
        published="{:04d}-{:02d}-{:02d}".format(*when[:3]) if when else "",
    )
