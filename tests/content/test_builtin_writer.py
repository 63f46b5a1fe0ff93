"""The digest that is written without a model: its length, whose words it says, and what it rests on."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.builtin_writer import digest
from studio.content.digest import plain, runs_of
from studio.content.fitting import seconds_of
from studio.content.intake import ScriptIntake
from studio.content.template import filled, read_template
from studio.domain.duration import first_guess
from studio.domain.errors import InputError
from studio.domain.research import Excerpt, Source, SourceKind
from studio.domain.script import BlockKind, Topic
from studio.domain.settings import Settings
from studio.domain.writing import Assignment, Manuscript
from studio.engine.ports import unfollowed

TEMPLATE = Path(__file__).parents[2] / "resources" / "templates" / "show.md"
SAMPLES = sorted((Path(__file__).parents[2] / "resources" / "samples").glob("*.md"))


def excerpts() -> tuple[Excerpt, ...]:
    """The paragraphs of the shipped samples, as research would hand them over."""
    found: list[Excerpt] = []
    for path in SAMPLES:
        text = path.read_text("utf-8")
        title = text.partition("\n")[0].lstrip("# ").strip()
        source = Source(SourceKind.FILE, str(path), title, path.name)
        for part in re.finditer(r"(?:^|\n\n)([^#\n][^\n]{80,}(?:\n[^\n]+)*)", text):
            found.append(Excerpt(source, part[1], part.start(1), part.end(1), score=float(len(found) % 7)))
    return tuple(found)


TOPIC = Topic("Lamps and clocks", "How light and time were given to all")


def assignment(
    minutes: float, topic: Topic = TOPIC, held: tuple[Excerpt, ...] | None = None, template: str = ""
) -> Assignment:
    given = excerpts() if held is None else held
    rate, settings = first_guess("builtin:heart", 1.0), Settings(show="The Signal")
    return Assignment(topic, minutes, given, rate, settings, template=template)


def written(made: Assignment) -> Manuscript:
    return digest(unfollowed, made, TEMPLATE)


@pytest.mark.parametrize("minutes", [1.0, 1.5, 2.0, 2.5, 3.0])
def test_it_takes_as_long_as_was_asked_for(minutes: float) -> None:
    made = assignment(minutes)
    assert seconds_of(written(made).text, made) == pytest.approx(minutes * 60, rel=0.05)


def test_every_cited_stretch_is_what_the_source_says() -> None:
    made = assignment(2.5)
    manuscript = written(made)
    assert manuscript.citations
    for citation in manuscript.citations:
        said = manuscript.text[citation.start : citation.end]
        source = " ".join(made.excerpts[citation.excerpt].text.replace("*", "").split())
        assert said in source
    ends = [citation.end for citation in manuscript.citations]
    assert ends == sorted(ends)


def test_it_says_what_it_is_and_where_it_is_from() -> None:
    manuscript = written(assignment(2.0))
    assert manuscript.text.startswith("# Lamps and clocks\n\nWelcome to The Signal.")
    assert "without a language model" in manuscript.text
    titles = {each.source.title for each in excerpts()}
    assert [title for title in titles if f"“{title}”" in manuscript.text]
    assert manuscript.writer == "built-in digest"


def test_no_sentence_is_said_twice_and_every_heading_is_another() -> None:
    manuscript = written(assignment(6.0))
    sentences = re.split(r"(?<=[.!?])\s+", manuscript.text)
    long = [sentence for sentence in sentences if len(sentence.split()) > 8]
    assert len(long) == len(set(long))
    headings = re.findall(r"^## (.*)$", manuscript.text, re.MULTILINE)
    assert len(headings) == len(set(headings)) >= 3


def test_sources_that_are_too_little_make_a_shorter_one_and_say_so() -> None:
    few = excerpts()[:3]
    made = assignment(20.0, held=few)
    manuscript = written(made)
    assert seconds_of(manuscript.text, made) < 600
    assert any("of the 20 that were asked for" in note for note in manuscript.notes)


def test_the_same_assignment_gives_the_same_text() -> None:
    assert written(assignment(2.0)) == written(assignment(2.0))


@pytest.mark.parametrize(
    "text",
    ["", "no sentence here", "# # # |||", "One. Two. Three.", "lower case begins and this goes on for a while"],
)
def test_nothing_to_say_is_one_sentence_with_a_cure(text: str) -> None:
    source = Source(SourceKind.FILE, "a.md", "A", "a")
    with pytest.raises(InputError, match="nothing to write “Lamps and clocks” from") as raised:
        written(assignment(2.0, held=(Excerpt(source, text, 0, len(text)),)))
    assert "sources" in raised.value.remedy


def test_what_fits_the_topic_comes_first() -> None:
    runs = runs_of(Topic("Cholera and the pump in Broad Street"), excerpts())
    assert "broad-street" in excerpts()[runs[0].excerpt].source.address


def test_what_is_no_english_sentence_and_what_hangs_is_not_said_first() -> None:
    text = (
        "It had nineteen of them and no more. The lamp on the quay was lit at dusk by the keeper and by nobody else,"
        " and all of the boats in the bay steered by its light until the morning. It was never put out before the sun"
        " stood over the hills, as the oldest of the fishermen still liked to say to their children.\n\n"
        "Lampas in litore sub noctem accensa nautas omnes servavit.\n\nLamp oil 1.73½ The best of the quay.\n\n"
        "The keeper of the lamp was paid by the town, and the town was paid by the boats, which is how it should be."
    )
    held = (Excerpt(Source(SourceKind.FILE, "a.md", "The quay", "a.md"), text, 0, len(text), score=1.0),)
    runs = runs_of(Topic("The lamp on the quay"), held)
    assert [run.sentences[0][:19] for run in runs] == [
        "The lamp on the qua",
        "The keeper of the l",
        "It had nineteen of ",
    ]
    assert not re.search("Lampas|1[.]73", " ".join(run.text for run in runs))


@given(st.text(max_size=400))
def test_no_source_can_break_it(text: str) -> None:
    source = Source(SourceKind.PAGE, "example.org", text[:40], "a")
    good = excerpts()[0]
    held = (good, Excerpt(source, text, 0, len(text), score=9.0))
    manuscript = written(assignment(1.0, Topic("Lamps and clocks", "How light was given to all"), held=held))
    script = ScriptIntake().read_text(manuscript.text, "made.md")
    headings = [block for block in script.blocks if block.kind is BlockKind.HEADING]
    assert len(headings) <= 4  # the source has added none of its own


def test_a_template_of_the_shows_own() -> None:
    own = "<!-- lead first: In {source} it stands so. -->\nGood morning from {show}.\n\n{segments}\n\nBye from {title}."
    manuscript = written(assignment(1.5, template=own))
    assert manuscript.text.startswith("Good morning from The Signal.\n\n## ")
    assert re.search(r"^In “[^”]+” it stands so\.$", manuscript.text, re.MULTILINE)
    assert manuscript.text.rstrip().endswith("Bye from Lamps and clocks.")


def test_a_sentence_with_an_empty_place_is_left_out() -> None:
    assert filled("Welcome to {show}. Today: {title}.\n\n{brief}", {"title": "Ice"}) == "Today: Ice.\n"
    assert filled("{brief} And on.", {"brief": "What is it?"}) == "What is it? And on."


@pytest.mark.parametrize(
    ("text", "what"),
    [("Hello {name}. {segments}", "unknown place {name}"), ("Hello.", "no place for the segments")],
)
def test_a_template_that_cannot_be_used_is_named(text: str, what: str) -> None:
    with pytest.raises(InputError, match=re.escape(what)):
        read_template(text, "mine.md")


SEEN = (
    "The lamp has a lens of glass, as Figure 4-2 shows, and the keeper winds it every night.",
    "In Chapter 9 we talked about the men who carried oil up the stairs of the lamp.",
    "The following picture has the lamp of the tower as it was in the year of the storm.",
    "The keepers of the lamp are listed below, with what they earned and what they ate.",
    "Earlier, we said that the lamp of the tower was lit by the keeper and his boy.",
    "The lamp of the keeper is of the type Lamp<Oil> and stands in the tower by the sea.",
    "The lamp is kept in a list [Tower] that the keeper carries up the stairs every night.",
    "For more of the lamp of the keeper you may refer to , which the ministry keeps.",
    "See page twelve for the lamp, and click here for all the towers of the coast.",
)
HEARD = (
    "The last chapter of the lamp began when the keepers were sent home by the ministry.",
    "He sat at table with the keeper of the lamp, and below the stairs the sea went on.",
    "It is *known* that the <em>keeper</em> of the `lamp` left the tower[3] in the second year.",
    "Next to the lamp the keeper had a table, a chair and a list of all the ships.",
)


def test_what_points_at_something_to_look_at_is_not_said() -> None:
    source = Source(SourceKind.FILE, "/lamps.md", "Lamps", "lamps.md")
    held = tuple(Excerpt(source, f"{said}", number, number + 1) for number, said in enumerate((*SEEN, *HEARD)))
    said = written(assignment(2.0, Topic("The lamp", "Its keeper and its tower"), held)).text
    assert [each for each in HEARD if plain(each) in said] == list(HEARD)
    assert not [each for each in SEEN if each in said]
