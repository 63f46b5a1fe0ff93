"""The spoken form: readings, sentences, pauses, chapters, and that no word is ever lost."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content.breath import COMFORTABLE, LONGEST
from studio.content.intake import ScriptIntake
from studio.content.sentences import sentence_spans
from studio.content.speech_text import spoken_form
from studio.domain.errors import InputError
from studio.domain.script import Block, BlockKind, Script, Skipped
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SETTINGS = Settings(sentence_pause_s=0.25, paragraph_pause_s=0.6, heading_pause_s=0.9)


def spoken(text: str) -> SpokenForm:
    return spoken_form(ScriptIntake().read_text(text, "script.md"), SETTINGS)


def said(text: str) -> str:
    """The one sentence that `text` becomes, in the middle of a longer script."""
    form = spoken(f"{text}\n\nHere the script goes on for a while.")
    return " | ".join(utterance.text for utterance in form.utterances[:-1])


# What is written, and indented under it what is said.
READINGS = """
Descartes (1596–1650) and Hume (1711–76).
    Descartes (fifteen ninety-six to sixteen fifty) and Hume (seventeen eleven to seventy-six).
In ’46–7 or 1742–3, in ’05.
    In forty-six to forty-seven or seventeen forty-two to forty-three, in oh five.
1900, 1905, 2000, 2005, 2012, 1066.
    nineteen hundred, nineteen oh five, two thousand, two thousand five, twenty twelve, ten sixty-six.
The 1990s, the ’90s, the mid-1800s.
    The nineteen nineties, the nineties, the mid-eighteen hundreds.
Pages 5–10, 10–0, 3-2.
    Pages five to ten, ten to zero, three to two.
March 3, 2024 and 3 March 2024.
    March third, twenty twenty-four and the third of March twenty twenty-four.
The 3rd of March, the 21st, the 100th.
    The third of March, the twenty-first, the one hundredth.
2024-03-15, 3/15/2024, Jan. 18th.
    March fifteenth, twenty twenty-four, March fifteenth, twenty twenty-four, January eighteenth.
At 3:30 PM, 10:00, 7:05 a.m. and 9pm.
    At three thirty P.M., ten o’clock, seven oh five A.M. and nine P.M.
It cost $28.12½, $0.54, $1, £3.20.
    It cost twenty-eight dollars and twelve and a half cents, fifty-four cents, one dollar, three pounds and
    twenty pence.
€20 million, $1.5bn, $5–10, 50¢, US$3k.
    twenty million euros, one point five billion dollars, five to ten dollars, fifty cents, three thousand
    dollars.
At 32½°, −5 °C, 70°F, 45%.
    At thirty-two and a half degrees, minus five degrees Celsius, seventy degrees Fahrenheit, forty-five
    percent.
5 km, 20 km/h, 10 m², a 3-ft board, 1 kg.
    five kilometers, twenty kilometers per hour, ten square meters, a three-foot board, one kilogram.
6 in. by 4 in. or 5'10".
    six inches by four inches or five foot ten.
22,096 and 3.14 and .5 and 007.
    twenty-two thousand ninety-six and three point one four and zero point five and zero zero seven.
1/3, 3/4, 4½, 1 1/2, ½, 24/7.
    one third, three quarters, four and a half, one and a half, one half, twenty-four seven.
7 + 5 = 12; 10 - 4; x².
    seven plus five equals twelve; ten minus four; x squared.
Python 3.11.2, v2.0, 127.0.0.1.
    Python three point eleven point two, version two point zero, one hundred twenty-seven dot zero dot zero dot
    one.
Call 555-1234.
    Call five five five, one two three four.
H2O, B12, F-16, COVID-19.
    H two O, B twelve, F-sixteen, COVID-nineteen.
Henry VIII, Louis XIV’s, James I was king.
    Henry the eighth, Louis the fourteenth’s, James the first was king.
Charles I’s head, Henry V's men, Part V’s end.
    Charles the first’s head, Henry the fifth's men, Part five’s end.
Chapter IV, World War II, Part I.
    Chapter four, World War two, Part one.
I and an IV, Malcolm X, the XIX century.
    I and an IV, Malcolm X, the nineteenth century.
Mr. A. met Dr. Smith on Elm Dr. in St. Louis, on State St.
    Mister A. met Doctor Smith on Elm Drive in Saint Louis, on State Street.
No. 5, pp. 12–14, e.g. this, i.e. that, etc.
    Number five, pages twelve to fourteen, for example this, that is that, et cetera.
Pilpay & Co. have put; Q&A.
    Pilpay and Company have put; Q and A.
The Hon. Mr. ⸻ of Georgia.
    The Honorable Mister — of Georgia.
Write to info@example.com.
    Write to info at example dot com.
**Bold**, *it*al, `code`, [a link](http://x.y), &amp; more 🎉.
    Bold, ital, code, a link, and more.
Not snake_case, and/or.
    Not snake case, and or.
ἱ λόγος, naïve, Москва, 東京.
    ἱ λόγος, naïve, Москва, 東京.
In the ’00s, MP3s, F-16s, 1984’s best, the 1920’s.
    In the two thousands, MP threes, F-sixteens, nineteen eighty-four’s best, the nineteen twenties.
It has $1,000, a $5 bill, a $20-million deal, $5/month, 30 pages/day, day/night.
    It has one thousand dollars, a five dollar bill, a twenty million dollar deal, five dollars per month, thirty
    pages per day, day night.
At 11.30 am, 6 p.m.–8 p.m., 9am-5pm, 10:30-11:45, 3–5 p.m.
    At eleven thirty A.M., six P.M. to eight P.M., nine A.M. to five P.M., ten thirty to eleven forty-five, three to
    five P.M.
On 3rd June, the 3rd March, 1st January 2000, Jun 3, 2024/03/15.
    On the third of June, the third of March, the first of January two thousand, June third, March fifteenth, twenty
    twenty-four.
See example.org/podcast and example.com/a/b-c.
    See example dot org slash podcast and example dot com slash a slash b dash c.
A 5 ft 10 in man, 6 ft. tall, Vol. II, Vol. I, No. 5, C#.
    A five foot ten man, six feet tall, Volume two, Volume one, Number five, C sharp.
Ms. Lee, St. John’s, On Main St. John, call 911, Boeing 747, 747 people, +44 20 7946 0958, 401(k).
    Ms. Lee, Saint John’s, On Main Street John, call nine one one, Boeing seven forty-seven, seven hundred
    forty-seven people, plus four four, two zero, seven nine four six, zero nine five eight, four oh one K.
tr‑r‑r‑oonk, soft\u00adhyphen.
    tr-r-r-oonk, softhyphen.
A–Z and Paris–Roubaix -- so.
    A to Z and Paris-Roubaix — so.
"""


def _readings() -> list[tuple[str, str]]:
    entries = re.findall(r"^(\S.*)\n((?: {4}.*\n)+)", READINGS, re.MULTILINE)
    return [(written, " ".join(expected.split())) for written, expected in entries]


@pytest.mark.parametrize(("written", "expected"), _readings())
def test_readings(written: str, expected: str) -> None:
    assert said(written) == expected


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("One. Two! Three? Four… Five.", ["One.", "Two!", "Three?", "Four…", "Five."]),
        ("“Yes!” he said. “No.” She left.", ["“Yes!” he said.", "“No.”", "She left."]),
        ("J. K. Rowling met John F. Kennedy. He smiled.", ["J. K. Rowling met John F. Kennedy.", "He smiled."]),
        ("Of A and B. There may be C.", ["Of A and B.", "There may be C."]),
        ("It was I. They knew.", ["It was I.", "They knew."]),
        ("The U.S. Army came. In the U.S. The end.", ["The U.S. Army came.", "In the U.S.", "The end."]),
        ("Apples, etc. The rest. Acme Inc. is it.", ["Apples, etc.", "The rest.", "Acme Inc. is it."]),
        ("Pi is 3.14. See No. 5. Then go.", ["Pi is 3.14.", "See No. 5.", "Then go."]),
        ("But alas! the culture … of it.", ["But alas! the culture … of it."]),
        ("(He left. She came.) Then?!", ["(He left.", "She came.)", "Then?!"]),
        ("At 9 p.m. Minh left. At 9 P.M. John came.", ["At 9 p.m.", "Minh left.", "At 9 P.M.", "John came."]),
        ("At 9 p.m. Eastern time. At 9 a.m. Monday.", ["At 9 p.m. Eastern time.", "At 9 a.m. Monday."]),
        (
            "See vol. I and Vol. IV of it. He said no. I left.",
            ["See vol. I and Vol. IV of it.", "He said no.", "I left."],
        ),
        ("Dr. Smith and St. Mary. On Elm St. He left.", ["Dr. Smith and St. Mary.", "On Elm St.", "He left."]),
        ("それは。これは。", ["それは。", "これは。"]),
    ],
)
def test_sentences(written: str, sentences: list[str]) -> None:
    assert [written[start:end] for start, end in sentence_spans(written)] == sentences


def test_words_carry_the_place_they_come_from() -> None:
    text = "# Part II\n\nIn **1845** Mr. Smith paid $5."
    form = spoken(text)
    assert [(word.text, text[word.start : word.end]) for word in form.words] == [
        ("Part", "Part"),
        ("two", "II"),
        ("In", "In"),
        ("eighteen", "1845"),
        ("forty", "1845"),
        ("five", "1845"),
        ("Mister", "Mr."),
        ("Smith", "Smith"),
        ("paid", "paid"),
        ("five", "$5"),
        ("dollars", "$5"),
    ]


def test_pauses() -> None:
    form = spoken("# Head\n\nOne. Two.\n\nThree.\n\n- four\n- five")
    assert [(unit.text, unit.pause_after_s, unit.heading) for unit in form.utterances] == [
        ("Head.", 0.9, True),
        ("One.", 0.25, False),
        ("Two.", 0.6, False),
        ("Three.", 0.6, False),
        ("four.", 0.6, False),
        ("five.", 0.0, False),
    ]


def test_breaks() -> None:
    text = 'Hello <break time="1.2s"/> there. <break time="800ms"/><break/>\n\nNow <break time="9s"/>.\n\n'
    text += '<break time="2s"/>\n\nEnd.'
    form = spoken(text)
    assert [(unit.text, unit.pause_after_s) for unit in form.utterances] == [
        ("Hello,", 1.2),
        ("there.", 1.3),
        ("Now,", 5.0),
        ("End.", 0.0),
    ]


def test_a_weak_break_does_not_shorten_a_pause() -> None:
    assert spoken('One two. <break time="10ms"/> Three four.').utterances[0].pause_after_s == 0.25


def test_chapters() -> None:
    form = spoken(
        "Before it all.\n\n## I\n\nThe *First*\n\nText.\n\n## [Second](http://x.y)\n\nText.\n\n## 🎉\n\nMore."
    )
    assert [(chapter.title, form.utterances[chapter.utterance].text) for chapter in form.chapters] == [
        ("The First", "Before it all."),
        ("The First", "One."),
        ("Second", "Second."),
    ]
    assert [chapter.utterance for chapter in spoken("# One\n\nText of one.").chapters] == [0]
    assert [chapter.title for chapter in spoken("Just text here.").chapters] == ["Script"]


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    clause = "and so it went on for quite a while without a stop"
    form = spoken("It began, " + "; ".join([clause] * 30) + ".")
    lengths = [len(unit.text) for unit in form.utterances]
    assert max(lengths) <= COMFORTABLE
    assert min(lengths) > COMFORTABLE / 3
    assert all(unit.text.endswith(";") for unit in form.utterances[:-1])
    assert all(0 < unit.pause_after_s < 0.25 for unit in form.utterances[:-1])


@pytest.mark.parametrize(
    "unit", ["word ", "a", "a-", "9", "9,", "x’", "é ", "½", "…a", "東", "ab.", "(a", "$5", "A.B.", "1/2 "]
)
def test_no_utterance_is_longer_than_the_limit(unit: str) -> None:
    form = spoken("It begins. " + unit * (30_000 // len(unit)))
    assert max(len(unit.text) for unit in form.utterances) <= LONGEST


def test_nothing_to_speak_is_told() -> None:
    text = "http://a.b/c"
    script = Script(
        "Links", "x", text, (Block(BlockKind.PARAGRAPH, 0, len(text)),), (Skipped(0, len(text), "bare link"),)
    )
    with pytest.raises(InputError, match="Links"):
        spoken_form(script, SETTINGS)


_SCRAPS = """
1845 ’46–7 $8.03½ ½ ² III XIV Henry Chapter Dr. St. e.g. etc. U.S. p.m. 12:30 3/4 -5 – — … . ! ? " “ ” ’ ' * ** _ `
# | [ ] ( ) &amp; & \\ > - 1. 1,234 1.2.3 10% km 5 m² ²³ ① Ⅳ ⅔ ٣ °C May 3rd word A. J. a@b.com example.com é e\u0301
λόγος 東京 です。 مرحبا \u202e \u00ad \u200b 🎉 [^1] ](http://x.y) ![a](b) https://a.b/c <b> </b> <break/> <!-- -->
<break\u2003time="1s"/> 0 00 x ~~~ ``` C++ @ ^ = < > : ; , / #5 |---|---| --- === 999999999999999999999999 ’s 'tis I
"""
_ATOMS = st.sampled_from([scrap.replace("\u2003", " ") for scrap in _SCRAPS.split(" ")] + ["\n", "\n\n"])
_TEXTS = st.lists(
    st.tuples(_ATOMS | st.text(max_size=6), st.sampled_from(["", " ", " ", "\n", "\n\n"])), min_size=1, max_size=40
).map(lambda parts: "".join(atom + gap for atom, gap in parts))


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_no_text_loses_a_word(text: str) -> None:
    try:
        script = ScriptIntake().read_text(text, "any.md")
        form = spoken_form(script, SETTINGS)
    except InputError:
        return
    last = 0
    for unit in form.utterances:
        assert unit.words
        assert unit.text == unit.text.strip()
        assert len(unit.text) <= LONGEST
        assert any(block.start <= unit.start < unit.end <= block.end for block in script.blocks)
        for word in unit.words:
            assert max(last, unit.start) <= word.start < word.end <= unit.end
            assert word.text
            last = word.start
    for start, end in _source_words(script):
        holders = [
            number
            for number, unit in enumerate(form.utterances)
            if any(word.start < end and start < word.end for word in unit.words)
        ]
        # A run of letters that a break, a link or a footnote mark cuts in two is two words.
        assert holders, (script.text[start:end], form)
        assert holders == list(range(holders[0], holders[-1] + 1))


def _source_words(script: Script) -> list[tuple[int, int]]:
    """Letters and digits of the blocks, entities, breaks and what is listed as not spoken left aside."""
    text = script.text
    markup = [match.span() for match in re.finditer(r"&[#\w]+;|<break[^<>]*>", text)]
    holes = markup + [(hole.start, hole.end) for hole in script.skipped]
    return [
        match.span()
        for block in script.blocks
        for match in re.compile(r"[^\W_]+").finditer(text, block.start, block.end)
        if not any(start < match.end() and match.start() < end for start, end in holes)
    ]


def test_the_corpus_keeps_every_word() -> None:
    texts = [path.read_text("utf-8") for path in sorted(CORPUS.glob("*chapter-*.md"))] or [
        "## I\n\nTitle\n\nA sentence (1596–1650).\n"
    ]
    for text in texts:
        script = ScriptIntake().read_text(text, "chapter.md")
        form = spoken_form(script, SETTINGS)
        covered = bytearray(len(text))
        for word in form.words:
            covered[word.start : word.end] = b"x" * (word.end - word.start)
        assert all(covered[start] for start, _ in _source_words(script))
        assert max(len(unit.text) for unit in form.utterances) <= COMFORTABLE
        assert not any(char.isdigit() for unit in form.utterances for char in unit.text)
