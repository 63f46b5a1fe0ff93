"""What a newsreader would say: a list of hard tokens in their sentences, and that no text whatever loses a word.

`hard_tokens.tsv` has a sentence with its token in braces, what is said for the token (several right readings parted by
“|”), the kind, and the part: what is `aside` was kept aside while the rules were written for what is `open`.

What is compared is words: marks, hyphens and capitals do not count, and letters that are named one by one are the same
apart and together (“U.S.”, “US”, “U S”).
"""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content.clean import cleaned_blocks
from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.errors import InputError
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm

SETTINGS = Settings()
LIST = Path(__file__).with_name("hard_tokens.tsv")


def _tokens() -> dict[str, list[tuple[str, str]]]:
    found = defaultdict(list)
    with LIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["kind"]].append((row["written"], row["spoken"]))
    return dict(found)


TOKENS = _tokens()


def said(text: str) -> str:
    """What is said of one sentence that stands before others."""
    form = spoken_form(
        ScriptIntake().read_text(f"{text}\n\nHere the script goes on for a while.", "script.md"), SETTINGS
    )
    return " ".join(unit.text for unit in form.utterances[:-1])


def words(text: str) -> list[str]:
    """Words for comparing: see above."""
    text = re.sub(r"\.(?=\S)(?!\d)|\.(?=\s|$)", "", re.sub("[’\u2018]", "'", text.casefold()))
    found: list[str] = []
    letters = False
    for word in re.sub(r"[^\w']+", " ", text).split():
        if letters and len(word) == 1:
            found[-1] += word
        elif word.strip("'"):
            found.append(word)
        letters = len(word) == 1
    return found


def right(written: str, spoken: str) -> bool:
    heard = words(said(re.sub(r"[{}]", "", written)))
    carrier, _, rest = written.partition("{")
    end = rest.partition("}")[2]
    return any(heard == words(f"{carrier}{reading}{end}") for reading in spoken.split("|"))


@pytest.mark.parametrize("kind", TOKENS)
def test_a_newsreader_would_say_so(kind: str) -> None:
    wrong = [
        f"{written}: {said(re.sub('[{}]', '', written))} (not: {spoken})"
        for written, spoken in TOKENS[kind]
        if not right(written, spoken)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_list_is_long_and_wide() -> None:
    assert sum(map(len, TOKENS.values())) >= 300
    named = "year|range|phone|money|version|chemistry|roman|time|fraction|web|name"
    assert all(len(TOKENS[kind]) >= 10 for kind in named.split("|"))
    twice = [
        written for written, count in Counter(row[0] for rows in TOKENS.values() for row in rows).items() if count > 1
    ]
    assert not twice
    assert all(len(re.findall(r"[{}]", written)) == 2 for rows in TOKENS.values() for written, _ in rows)


def test_another_reading_is_wrong() -> None:
    assert right("In {1905} it ended.", "nineteen five|nineteen oh five")
    assert not right("In {1905} it ended.", "one thousand nine hundred five")
    assert not right("The {U.S.} won.", "U.N.")


def test_figures_of_a_name_may_be_heard_as_they_are_written() -> None:
    form = spoken_form(ScriptIntake().read_text("The A380 has 380 seats for us.", "script.md"), SETTINGS)
    assert [(word.text, word.also) for word in form.words][:8] == [
        ("The", ()),
        ("A", ()),
        ("three", ("380",)),
        ("eighty", ("380",)),
        ("has", ()),
        ("three", ()),
        ("hundred", ()),
        ("eighty", ()),
    ]


_TOKENS_ALONE = [re.findall(r"\{(.*)\}", written)[0] for rows in TOKENS.values() for written, _ in rows]
_SIGNS = list(
    "0123456789٣३\U0001d7d9①²½Ⅳ፩.,:;'’\"”-–—−/\\%$€£°×^~<>#@&+=*_()[]{}|!?…\u0301\u200b\u202e\u2066\ufeff\ud800\U0001f389"
)
_ANY = st.one_of(
    st.sampled_from(_TOKENS_ALONE),
    st.text(max_size=12),
    st.text(st.characters(categories=["Nd", "Nl", "No", "Sc", "Sm", "Mn", "Mc", "Cf", "Cs", "Lm", "Lo"]), max_size=8),
    st.text(st.sampled_from(_SIGNS), max_size=12),
    st.from_regex(r"[0-9]{1,40}", fullmatch=True),
    st.builds(
        lambda unit, times: unit * times,
        st.text(st.sampled_from([*_SIGNS, "a", "I", "x"]), min_size=1, max_size=3),
        st.integers(2, 60),
    ),
)
_GAPS = st.sampled_from(["", "", " ", " ", " ", "\n", "\n\n", "-", "–", "/", ".", ". ", ", "])
TEXTS = st.lists(st.tuples(_ANY, _GAPS), min_size=1, max_size=12).map(
    lambda parts: "It is " + "".join(atom + gap for atom, gap in parts)
)


def form_of(text: str) -> tuple[Script, SpokenForm] | None:
    try:
        script = ScriptIntake().read_text(text, "any.md")
        return script, spoken_form(script, SETTINGS)
    except InputError:
        return None


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_no_text_raises_loops_or_loses_a_word(text: str) -> None:
    made = form_of(text)
    if made is None:
        return
    script, form = made
    last = 0
    covered = bytearray(len(script.text))
    for word in form.words:
        assert last <= word.start < word.end <= len(script.text)
        assert word.text
        last = word.start
        covered[word.start : word.end] = b"x" * (word.end - word.start)
    for unit in form.utterances:
        assert not any(char.isdigit() for char in unit.text), unit.text
        assert not any(char.isdigit() for word in unit.words for char in word.text)
    for start, end in _alphabetic(script):
        assert any(covered[start:end]), (script.text[start:end], form)
    # Nothing is made up without end: the longest readings are those of digits, “seven hundred seventy-seven …”.
    assert form.characters <= 60 * len(text) + 200


def _alphabetic(script: Script) -> list[tuple[int, int]]:
    """The words of letters in what is to be spoken, by their places in the source."""
    return [
        (cleaned.starts[match.start()], cleaned.ends[match.end() - 1])
        for _, cleaned in cleaned_blocks(script)
        for match in re.finditer(r"[^\W\d_]+", cleaned.text)
        if match[0].isalpha()
    ]


@settings(max_examples=200, deadline=None)
@given(_ANY, _ANY)
def test_a_plain_word_stays_what_it_is(one: str, other: str) -> None:
    """Whatever stands beside it, unless that makes it no speech (a comment, code), which is listed then."""
    made = form_of(f"It is {one} walks {other} then.")
    if made is None:
        return
    script, form = made
    place = script.text.rindex(" walks ") + 1
    listed = any(hole.start <= place < hole.end for hole in script.skipped)
    assert listed != any(word.start == place and word.text == "walks" for word in form.words)


_RUNS = [
    "9", "1,", "1.", "9-", "9–", "9/", "9:", "9 ", "$9", "+9", "+1 (", "9°", "½", "²", "9e", "10^", "I", "ix–",
    "Mon.–", "St. ", "a@", "a.", "A.", "a.b", "/a", "../", "#a", "\u03b1", "1 000 ", "9x", '9"x', "9%", "9kg/", "-",
    "–", ".", "<", "’", "'9", "*", "\u0301", "\u202e", "٣", "፩", "\U0001d7d9", "ISBN 9", "2000-01-", "John 3:",
    "1-800-", "A, AL ", "N. A ", "5 ft. ", "\ud800", "[1",
]  # fmt: skip


@pytest.mark.parametrize("run", _RUNS)
def test_a_long_run_of_anything_is_read_to_its_end(run: str) -> None:
    made = form_of("It begins here, all is well. " + run * (3_000 // len(run)) + "\n\nIt ends here well.")
    assert made is None or made[1].words[-1].text == "well"
    assert made is None or not any(char.isdigit() for unit in made[1].utterances for char in unit.text)
