"""The text of pages, feeds and the answers of references, and what cannot be told from the rest."""

import codecs
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content.extraction import decoded, main_text
from studio.content.feeds import feed_entries, is_feed
from studio.content.html_text import read as read_page
from studio.content.references import reference_entries
from studio.content.titles import page_title
from studio.domain.errors import BatchcastError, InputError

PAGES = Path(__file__).parent / "pages"
ARTICLE = (PAGES / "article.html").read_bytes()
FEED = (PAGES / "feed.xml").read_bytes()
WIKI = "https://wiki.example/w/api.php?action=query&gsrsearch=pond"
LONG = "The pond is deep. " * 40


def page(body: str, head: str = "") -> bytes:
    return f"<html><head><title>A page</title>{head}</head><body>{body}</body></html>".encode()


RUSSIAN = page("<p>" + "Пруд зимой тих и глубок. " * 20 + "</p>", "<meta>")
FRENCH = page("<p>" + "Café at the pond. " * 30 + "</p>")


def test_an_article_comes_without_what_is_around_it() -> None:
    found = main_text(ARTICLE, "text/html; charset=utf-8", "gazette.example")
    assert (found.title, found.published) == ("How deep is the pond?", "2024-02-09")
    assert found.text.startswith("# How deep is the pond?\n\nFor as long as anyone remembers")
    assert "## What it means\n\n- The bottom is more level" in found.text
    assert found.text.endswith("believe in the infinite.")
    for around in ("Sport", "cookies", "Most read", "All rights", "tracking", "color", "under ice."):
        assert around not in found.text


@pytest.mark.parametrize(
    ("data", "kind", "letter"),
    [
        (RUSSIAN.decode().encode("cp1251"), "text/html; charset=windows-1251", "Пруд"),
        (RUSSIAN.replace(b"<meta>", b'<meta charset="koi8-r">').decode().encode("koi8-r"), "text/html", "Пруд"),
        (codecs.BOM_UTF16_LE + FRENCH.decode().encode("utf-16-le"), "text/html", "Café"),
        (FRENCH, "text/html; charset=no-such-thing", "Café"),
        (b'<?xml version="1.0" encoding="utf-8"?>\n' + FRENCH, "application/xhtml+xml", "Café"),
    ],
)  # fmt: skip
def test_a_page_is_read_in_what_it_is_written_in(data: bytes, kind: str, letter: str) -> None:
    assert letter in main_text(data, kind, "x").text


def test_a_page_without_an_article_gives_what_it_has() -> None:
    found = main_text(
        page("<div>Opening hours are nine to five, every day of the week but Monday and Tuesday.</div>"), "", "x"
    )
    assert "nine to five" in found.text


@pytest.mark.parametrize(
    "data",
    [
        page(""),
        page('<div id="app"></div><script>start()</script>'),
        page('<nav><a href="/">Home</a></nav>'),
        b"<html>",
        b"\0\0\0\0",
        b"\x89PNG\r\n\x1a\n\0\0\0",
        page("<div>" * 50_000 + "deep" + "</div>" * 50_000),
        b"<!--" * 200_000,
        page("<p>The pond is deep.</p>" * 300_000),
        page("<p title='" + "x" * 500_000 + "'>"),
        b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><html><body>&b;</body></html>',
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><body><p>&e;</p></body></html>',
    ],
)
def test_a_page_without_text_is_one_sentence_with_a_cure(data: bytes) -> None:
    with pytest.raises(InputError) as failure:
        main_text(data, "text/html", "page.example")
    assert "page.example" in failure.value.message
    assert failure.value.remedy


def test_a_page_of_thousands_of_paragraphs_takes_no_square_of_them() -> None:
    found = main_text(page("<ul><li>An item of the list.</li></ul>" * 12_000), "text/html", "x")  # else: a minute
    assert found.text.count("An item of the list.") > 10_000


def test_entities_of_a_page_reach_nothing() -> None:
    data = (
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><html><body><p>'
        + LONG.encode()
        + b"&e;</p></body></html>"
    )
    assert "root:" not in main_text(data, "text/html", "x").text


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(alphabet="<>/abp =\"'&;!-\n\ud7ff\u202e\0", max_size=300).map(str.encode)
    ),
    st.text(max_size=30),
)
def test_no_page_raises_but_ours(data: bytes, kind: str) -> None:
    for read in (
        lambda: main_text(data, kind, "x"),
        lambda: main_text(page(LONG) + data, kind, "x"),
        lambda: feed_entries(b"<rss><channel><item><title>x</title>" + data, "https://e.example/", "x"),
        lambda: decoded(data, kind, "x"),
    ):
        with suppress(BatchcastError):
            read()


@pytest.mark.parametrize(
    ("title", "site", "heading", "called"),
    [
        ("Tides - The Harbour Times", "", "Tides", "Tides"),
        ("Tides | The Harbour Times", "The Harbour Times", "High water", "Tides"),
        ("The Harbour Times: Tides", "The Harbour Times", "High water", "The Harbour Times: Tides"),
        ("The Harbour Times — Tides", "The Harbour Times", "High water", "Tides"),
        ("War - and peace", "", "What he wrote", "War - and peace"),
        ("A - B - The Harbour Times", "", "a", "A - B"),
        ("Re-entry", "", "Re-entry", "Re-entry"),
        ("", "", "Tides", ""),
    ],
)
def test_a_page_is_not_called_after_its_site(title: str, site: str, heading: str, called: str) -> None:
    assert page_title(title, f"# The Harbour Times\n\n## {heading}\n\nText.", site) == called


def test_a_site_that_heads_every_page_with_its_name_names_none() -> None:
    body = f"<h1 class='menu'>The Harbour Times</h1><main><h2>Tides</h2><p>{LONG}</p></main>"
    html = f"<html><head><title>Tides - The Harbour Times</title></head><body>{body}</body></html>"
    assert main_text(html.encode(), "text/html", "a").title == "Tides"
    assert read_page(html, "a").title == "Tides"


def test_a_feed_gives_its_entries_with_their_text_or_where_it_is() -> None:
    assert is_feed(FEED, "text/xml")
    assert is_feed(FEED, "application/octet-stream")
    assert not is_feed(ARTICLE, "text/html")
    assert not is_feed(b"<?xml version='1.0'?><speak>Hello</speak>", "text/xml")
    ice, depth = feed_entries(FEED.replace(b"BASE", b""), "https://pond.example/feed.xml", "pond.example")
    assert (ice.title, ice.published, ice.link) == ("Ice & thaw", "2024-02-10", "https://pond.example/ice")
    assert ice.text.startswith("The ice in the pond at length begins")
    assert "<p>" not in ice.text
    assert (depth.text, depth.link) == ("Read how deep it is.", "https://pond.example/article")


def test_atom_is_read_in_its_encoding() -> None:
    atom = (
        '<?xml version="1.0" encoding="iso-8859-1"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>'
        "<entry><title>Café</title><id>1</id><updated>2024-03-01T00:00:00Z</updated>"
        "<content>Über alles</content></entry></feed>"
    ).encode("iso-8859-1")
    (entry,) = feed_entries(atom, "https://e.example/", "x")
    assert (entry.title, entry.text, entry.published, entry.link) == ("Café", "Über alles", "2024-03-01", "")


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>
<rss><channel><item><title>&b;</title></item></channel></rss>"""


@pytest.mark.parametrize(
    "data", [LAUGHS, LAUGHS.decode().encode("utf-16"), b"<rss></rss>", b"<rss><channel/>", b"<feed"]
)
def test_a_feed_that_is_none_is_one_sentence_with_a_cure(data: bytes) -> None:
    with pytest.raises(InputError) as failure:
        feed_entries(data, "https://e.example/", "feed.example")
    assert "feed.example" in failure.value.message
    assert failure.value.remedy


def asked(answer: Any, kind: str = "application/json", address: str = WIKI) -> list[tuple[str, str, str]]:
    data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return [(each.title, each.text, each.link) for each in reference_entries(data, kind, address, "wiki.example")]


def test_a_wiki_with_extracts() -> None:
    pages = {
        "7": {"pageid": 7, "title": "Walden Pond", "index": 2, "extract": "A lake.\n\n== History ==\nIce was cut."},
        "9": {"pageid": 9, "title": "Pond", "index": 1, "extract": "<p>Still <b>water</b>.</p>", "fullurl": "https://wiki.example/wiki/Pond_x"},
        "-1": {"title": "Gone", "missing": ""},
    }  # fmt: skip
    expected = [
        ("Pond", "Still water.", "https://wiki.example/wiki/Pond_x"),
        ("Walden Pond", "A lake.\n\n## History\nIce was cut.", "https://wiki.example/wiki/Walden_Pond"),
    ]
    assert asked({"query": {"pages": pages}}) == expected
    assert asked({"query": {"pages": list(pages.values())}}) == expected
    assert asked({"batchcomplete": ""}) == []


def test_a_wiki_with_snippets() -> None:
    search = [{"title": "Pond", "pageid": 9, "snippet": 'A <span class="searchmatch">pond</span> is'}]
    assert asked({"query": {"search": search}}) == [("Pond", "A pond is", "https://wiki.example/wiki/Pond")]
    (elsewhere,) = asked({"query": {"search": search}}, address="https://wiki.example/api.php?x")
    assert elsewhere[2] == "https://wiki.example/index.php?curid=9"


def test_open_search_and_lists_of_results() -> None:
    suggested = ["pond", ["Pond", "Ponds"], ["", ""], ["https://e.example/pond"]]
    assert asked(suggested) == [("Pond", "", "https://e.example/pond"), ("Ponds", "", "")]
    plain = [
        {"title": "Pond", "url": "/pond", "text": LONG},
        {"name": "Ice", "link": "https://e.example/ice", "snippet": "Cold"},
    ]
    assert asked(plain, "text/plain") == [
        ("Pond", LONG.strip(), "https://wiki.example/pond"),
        ("Ice", "Cold", "https://e.example/ice"),
    ]
    nested = {
        "query": "pond",
        "took": 3,
        "web": {"facets": [], "results": [{"title": "P", "url": "https://e.example/p"}]},
    }
    assert asked(nested) == [("P", "", "https://e.example/p")]
    assert asked({"results": []}) == []
    assert asked([]) == []
    assert len(asked([{"title": str(number), "text": "x"} for number in range(50)])) == 6


def test_a_feed_as_an_answer() -> None:
    assert [title for title, _, _ in asked(FEED, "application/rss+xml")] == ["Ice & thaw", "The surveyor's line"]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (ARTICLE, "text/html"),
        (b"{ not json", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"1" * 10_000, "application/json"),
        (b'"words"', "application/json"),
        ({"error": {"code": "nosuchaction"}}, "application/json"),
        ({"a": [1, 2, 3]}, "application/json"),
        (None, "application/json"),
    ],
)
def test_an_answer_that_is_none_is_one_sentence_with_a_cure(answer: Any, kind: str) -> None:
    with pytest.raises(InputError) as failure:
        asked(answer, kind)
    assert "wiki.example" in failure.value.message
    assert "{query}" in failure.value.remedy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["query", "pages", "search", "title", "index", "url", "link", "text", "extract", "x", "pageid"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_no_answer_raises_but_ours(answer: Any) -> None:
    with suppress(BatchcastError):
        asked(answer)
