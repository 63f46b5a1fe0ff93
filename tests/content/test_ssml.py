# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""SSML inside of scripts: what tags say is spoken, what they ask of a voice becomes marks, and no word is lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.errors import InputError
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.spoken import MarkKind, SpokenForm

SETTINGS = Settings(sentence_pause_s=0.25, paragraph_pause_s=0.6, heading_pause_s=0.9)


def script(text: str) -> Script:
    return ScriptIntake().read_text(text, "script.md")


def spoken(text: str, listed: str = "") -> SpokenForm:
    return spoken_form(script(text), SETTINGS.with_values({"pronunciations": listed}))


def said(text: str) -> str:
    """The one sentence that `text` becomes, in the middle of a longer script."""
    form = spoken(f"{text}\n\nHere the script goes on for a while.")
    return " | ".join(utterance.text for utterance in form.utterances[:-1])


def marks(form: SpokenForm, kind: MarkKind) -> list[tuple[str, str, str]]:
    return [
        (utterance.text[mark.start : mark.end], mark.value, mark.written)
        for utterance in form.utterances
        for mark in utterance.marked(kind)
    ]


@pytest.mark.parametrize(
    ("interpret", "how", "written", "expected"),
    [
        ("characters", "", "W3C", "W three C"),
        ("spell-out", "", "USA", "U.S.A."),
        ("verbatim", "", "a-7_b", "A. dash seven underscore B"),
        ("cardinal", "", "1984", "one thousand nine hundred eighty-four"),
        ("cardinal", "", "-1,204.50", "minus one thousand two hundred four point five zero"),
        ("cardinal", "", "XIV", "fourteen"),
        ("cardinal", "", "no number", "no number"),
        ("number", "ordinal", "3", "third"),
        ("ordinal", "", "21st", "twenty-first"),
        ("ordinal", "", "IV", "fourth"),
        ("digits", "", "007", "zero zero seven"),
        ("date", "mdy", "3/4/2021", "March fourth, twenty twenty-one"),
        ("date", "dmy", "3.4.2021", "April third, twenty twenty-one"),
        ("date", "yyyymmdd", "19600918", "September eighteenth, nineteen sixty"),
        ("date", "ym", "1999-12", "December nineteen ninety-nine"),
        ("date", "md", "9/18", "September eighteenth"),
        ("date", "dmy", "some day", "some day"),
        ("time", "hms12", "2:30pm", "two thirty P.M."),
        ("time", "", "14:05:07", "fourteen oh five and seven seconds"),
        ("time", "", "1'21\"", "one minute and twenty-one seconds"),
        ("telephone", "", "+1 (555) 123-4567", "plus one, five five five, one two three, four five six seven"),
        ("telephone", "", "5550100 ext. 7", "five five five zero one zero zero, extension seven"),
        ("currency", "USD", "12.50", "twelve dollars and fifty cents"),
        ("currency", "", "£3.20", "three pounds and twenty pence"),
        ("fraction", "", "2 1/2", "two and a half"),
        ("fraction", "", "3/20", "three twentieths"),
        ("unit", "", "10 km", "ten kilometers"),
        ("expletive", "", "damn", "bleep"),
        ("vxml:digits", "", "42", "four two"),
    ],
)
def test_say_as(interpret: str, how: str, written: str, expected: str) -> None:
    tag = f"<say-as interpret-as='{interpret}' format=\"{how}\">"
    assert said(f"It is {tag}{written}</say-as> now.") == f"It is {expected} now."


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('<sub alias="World Wide Web Consortium">W3C</sub> it is', "World Wide Web Consortium it is."),
        ("<SUB ALIAS='Dr. Smith, aged 12'>X</SUB> left", "Doctor Smith, aged twelve left."),
        ("<sub alias=“curly quotes”>X</sub> left", "curly quotes left."),
        ('<sub alias="Q &amp; A > B">X</sub> left', "Q and A greater than B left."),
        ('The <sub alias="World">W</sub>’s end', "The World’s end."),
        ('A<sub alias="b">x</sub>c is apart', "A b c is apart."),
        ('H<sub>2</sub>O and <sub alias="!">kept</sub>', "H two O and kept."),
        ('<sub alias="one"><emphasis>x</emphasis> <sub alias="two">y</sub></sub> left', "one left."),
        ('Only <sub alias="here"/> it stands', "Only here it stands."),
        ("<speak>Some <ssml:sub alias='words'>x</ssml:sub></speak>", "Some words."),
        ("Some <prosody rate='slow'>slow <voice name='x'>other</voice></prosody> words", "Some slow other words."),
        ("This is <s>struck</s> out and <mark>marked</mark>", "This is struck out and marked."),
        ("A <audio src='https://a.b/c.mp3'><desc>a bell</desc>ding</audio> sounds", "A ding sounds."),
        ("It is 5 < 6", "It is five less than six."),
        ("&lt;sub alias='no'&gt;yes&lt;/sub&gt; it is", None),
    ],
)
def test_readings(written: str, expected: str | None) -> None:
    if expected is None:
        assert "yes" in said(written)
        assert not any(char in said(written) for char in "<>&[]")
    else:
        assert said(written) == expected


def test_an_alias_keeps_its_place_and_how_it_is_written() -> None:
    text = "# The <sub alias='World Health Organization'>WHO</sub>\n\nThe <sub alias='one two'>W3C</sub>’s end is near."
    form = spoken(text)
    assert form.chapters[0].title == "The WHO"
    assert form.utterances[0].text == "The World Health Organization."
    found = [(word.text, text[word.start : word.end], word.also) for word in form.words if word.also]
    assert found == [
        ("World", "WHO", ("WHO",)),
        ("Health", "WHO", ("WHO",)),
        ("Organization", "WHO", ("WHO",)),
        ("one", "W3C</sub>’s", ("W3C’s",)),
        ("two’s", "W3C</sub>’s", ("W3C’s",)),
    ]


def test_what_must_not_be_heard_is_not_accepted_as_heard() -> None:
    assert all(not word.also for word in spoken("He said <say-as interpret-as='bleep'>damn</say-as> to it.").words)


def test_emphasis_and_phonemes_are_marks() -> None:
    text = (
        "I <emphasis level='strong'>really, **really**</emphasis> like <phoneme ph='təˈmeɪtoʊ'>tomato</phoneme>’s red."
    )
    form = spoken(text)
    (utterance,) = form.utterances
    assert utterance.text == "I really, really like tuh-may-toh’s red."
    assert marks(form, MarkKind.EMPHASIS) == [("really, really", "strong", "")]
    assert marks(form, MarkKind.PHONEMES) == [("tuh-may-toh", "təˈmeɪtoʊ", "tomato")]
    assert {word.also for word in form.words if word.text in {"tuh", "may", "toh’s"}} == {("tomato’s",)}


@pytest.mark.parametrize(
    ("alphabet", "ph", "expected"),
    [
        ("ipa", "ˈnaɪki", "ˈnaɪki"),
        ("", "/ˈnaɪki/", "ˈnaɪki"),
        ("cmu-arpabet", "N AY1 K IY0", "ˈnaɪki"),
        ("x-sampa", '"naIki', "ˈnaɪki"),
    ],
)
def test_alphabets(alphabet: str, ph: str, expected: str) -> None:
    quote = "'" if '"' in ph else '"'
    form = spoken(f"My <phoneme alphabet='{alphabet}' ph={quote}{ph}{quote}>Nike</phoneme> shoes are new.")
    assert marks(form, MarkKind.PHONEMES) == [("nigh-kee", expected, "Nike")]


def test_nested_tags_and_the_default_level() -> None:
    form = spoken(
        "<p><emphasis>One <emphasis level='reduced'>two</emphasis> <sub alias='III'>3</sub></emphasis> four.</p>"
    )
    assert marks(form, MarkKind.EMPHASIS) == [("One two three", "moderate", "")]
    assert form.utterances[0].text == "One two three four."


def test_marks_are_on_whole_words_and_none_is_there_twice() -> None:
    form = spoken(
        "It is <emphasis>un</emphasis><emphasis level='strong'>believ</emphasis>able, <emphasis>, </emphasis>so."
    )
    assert marks(form, MarkKind.EMPHASIS) == [("unbelievable", "moderate", "")]


def test_a_tag_that_is_not_closed_ends_with_its_block() -> None:
    form = spoken("This <emphasis>goes on. And on.\n\nBut not here, <sub alias='x'>where all stays. Yes.\n\nNor here.")
    assert [utterance.text for utterance in form.utterances] == [
        "This goes on.",
        "And on.",
        "But not here, where all stays.",
        "Yes.",
        "Nor here.",
    ]
    assert marks(form, MarkKind.EMPHASIS) == [("goes on", "moderate", ""), ("And on", "moderate", "")]


def test_sentences_and_paragraphs_by_tags() -> None:
    text = "<speak><p><s>One is here</s><s>Two is there.</s></p><p>Three is all. Four.</p>Five.</speak>"
    assert [(unit.text, unit.pause_after_s) for unit in spoken(text).utterances] == [
        ("One is here.", 0.25),
        ("Two is there.", 0.6),
        ("Three is all.", 0.25),
        ("Four.", 0.6),
        ("Five.", 0.0),
    ]


def test_a_break_inside_of_what_is_replaced_is_kept() -> None:
    form = spoken("So <sub alias='it is'>x <break time='2s'/> y</sub> then goes on.")
    assert [(unit.text, unit.pause_after_s) for unit in form.utterances] == [("So it is,", 2.0), ("then goes on.", 0.0)]


def test_what_cannot_be_done_is_listed_and_spoken() -> None:
    text = (
        "Say <prosody rate='slow'>this</prosody>, <phoneme alphabet='klingon' ph='x'>that</phoneme>, "
        "<say-as interpret-as='nonsense'>more</say-as>, <mark name='m'/><sub alias='never closed'>and all, "
        "<amazon:effect name='whispered'>still</amazon:effect> <b>bold</b> <emphasis>words</emphasis>."
    )
    read = script(text)
    beyond = [(text[each.start : each.end], each.why) for each in read.skipped if each.why != "markup"]
    assert beyond == [
        ("<prosody rate='slow'>", "SSML prosody"),
        ("</prosody>", "SSML prosody"),
        ("<phoneme alphabet='klingon' ph='x'>", "SSML phoneme"),
        ("</phoneme>", "SSML phoneme"),
        ("<say-as interpret-as='nonsense'>", "SSML say-as"),
        ("</say-as>", "SSML say-as"),
        ("<mark name='m'/>", "SSML mark"),
        ("<sub alias='never closed'>", "SSML sub"),
        ("<amazon:effect name='whispered'>", "SSML amazon:effect"),
        ("</amazon:effect>", "SSML amazon:effect"),
    ]
    assert spoken(text).utterances[0].text == "Say this, that, more, and all, still bold words."


def test_listed_phonemes_are_marks_too() -> None:
    form = spoken("Nguyen’s friend read Goethe.", "Nguyen=/ŋwiən/; Goethe=Ger-tuh /ˈgɜːtə/")
    assert form.utterances[0].text == "ngwee-un’s friend read Ger-tuh."
    assert marks(form, MarkKind.PHONEMES) == [("ngwee-un", "ŋwiən", "Nguyen"), ("Ger-tuh", "ˈɡɜːtə", "Goethe")]
    assert {word.also for word in form.words if word.also} == {("Nguyen’s",), ("Goethe",)}
    # A tag goes before the list.
    tagged = spoken("It is <sub alias='Smith'>Nguyen</sub> here.", "Smith=/smaɪð/")
    assert tagged.utterances[0].text == "It is Smith here."


_TAGS = """
<speak> </speak> <p> </p> <s> </s> <emphasis> <emphasis_level="strong"> </emphasis> <EMPHASIS>
<sub_alias="a_b_1"> </sub> <sub_alias="1.5_Dr._X"> <sub_alias=""> <sub> <sub_alias="x"/>
<phoneme_ph="təˈmeɪtoʊ"> <phoneme_alphabet="cmu-arpabet"_ph="T_AH0"> </phoneme> <phoneme_ph="&quot;<">
<say-as_interpret-as="date"_format="mdy"> <say-as_interpret-as="characters"> <say-as_interpret-as="cardinal">
<say-as_interpret-as="telephone"> <say-as_interpret-as="time"> <say-as> </say-as> <prosody_rate="x"> </prosody>
<audio> <desc> </desc> </audio> <break/> <break_time="2s"/> <mark_name="x"/> <mark> <w> </w>
<lang_xml:lang="fr"> </lang> <a:b> </a:b> < > " ' </ /> <sub_alias=" 1/2/2020 word Two. 3.14 $5 I. é ٣ ½ — ’s &
&amp; [pause] * # - > IV 12:30 +1-555-0100 one two St. p.m. 東京 \u0301 ( )
"""
_ATOMS = st.sampled_from([atom.replace("_", " ") for atom in _TAGS.split()] + ["\n", "\n\n"])
_TEXTS = st.lists(
    st.tuples(_ATOMS | st.text(max_size=4), st.sampled_from(["", "", " ", "\n"])), min_size=1, max_size=30
).map(lambda parts: "".join(atom + gap for atom, gap in parts))


@settings(max_examples=300, deadline=None)
@given(_TEXTS, st.sampled_from(["", "word=werd; Two=/tuː/; one two=wun too /wʌn tuː/"]))
def test_no_text_raises_or_loses_a_word_or_brings_a_tag_along(text: str, listed: str) -> None:
    try:
        read = script(text)
        form = spoken_form(read, SETTINGS.with_values({"pronunciations": listed}))
    except InputError:
        return
    last = 0
    for unit in form.utterances:
        assert unit.words
        assert not set(unit.text) & set("<>&[]")
        for word in unit.words:
            assert max(last, unit.start) <= word.start < word.end <= unit.end
            last = word.start
        reached = dict.fromkeys(MarkKind, 0)
        for mark in unit.marks:
            assert reached[mark.kind] <= mark.start < mark.end <= len(unit.text)
            assert unit.text[mark.start].isalnum()
            reached[mark.kind] = mark.end
    covered = [(word.start, word.end) for word in form.words]
    markup = [match.span() for match in re.finditer(r"&[#\w]+;|<break[^<>]*>", read.text)]
    holes = markup + [(hole.start, hole.end) for hole in read.skipped]
    for block in read.blocks:
        for match in re.compile(r"[^\W_]+").finditer(read.text, block.start, block.end):
            if not any(start < match.end() and match.start() < end for start, end in holes):
                assert any(start < match.end() and match.start() < end for start, end in covered), match[0]


@pytest.mark.parametrize(
    "unit",
    ["<sub alias='a b'>x</sub> ", "<emphasis>", "<sub alias='", "<p>", '<sub "', "</s>", '<say-as a="<">', "<desc>x"],
)
def test_a_long_text_of_nothing_but_tags_comes_to_its_end(unit: str) -> None:
    """Where the work grew faster than the text, this would take hours."""
    form = spoken("It begins here. " + unit * (60_000 // len(unit)) + "\n\nIt ends.")
    assert form.utterances[0].text.startswith("It begins here.")
    assert form.utterances[-1].text == "It ends."
