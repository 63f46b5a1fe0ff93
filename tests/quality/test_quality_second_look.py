"""What the second look lets go, on what grounds, and what it must never let go."""

from collections.abc import Sequence

import pytest

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.hearing import Alignment, Grounds, HeardWord, Match
from studio.domain.settings import Settings
from studio.domain.spoken import SpokenForm
from studio.quality.align import compare
from studio.quality.homophones import same_sound
from studio.quality.likeness import likeness
from studio.quality.names import only_garbled
from studio.quality.vocabulary import is_known
from tests.quality.quality_speech import form


def compared(spoken: SpokenForm, said: str) -> Alignment:
    words = [HeardWord(word, float(at), at + 0.5, 1.0) for at, word in enumerate(said.split())]
    return compare(spoken, words, (), 100.0).alignment


def lines(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split("|")) for line in text.strip().splitlines()]


# What is meant, and what was really said. A listener would hear the difference, or a reader would be misled.
DIFFERENT = """
fifteen|fifty
fifteen|50
the thirteen men|the thirty men
Apollo Thirteen flew|Apollo Thirty flew
Apollo Thirteen flew|Apollo 30 flew
nineteen|ninety
seventeen|seventy
eleven|seven
nineteen oh five|1950
nineteen oh five|nineteen fifty five
one point five|15
fifteen|1.5
one hundred five|150
one hundred five|1005
two million|two billion
five million dollars|$5 billion
three dollars|three cents
one third|one fourth
one third|third
the third|the three
the eighth|the eighteenth
one hundredth|one hundred
two point oh|two
minus five degrees|5 degrees
three thirty PM|3:30 AM
half past three|3:45
June third|June 13
June third|July 3
forty percent|14%
Henry the eighth|Henry VII
Elizabeth the first|Elizabeth the second
I think so|one think so
he met Malcolm X|he met Malcolm ten
one two three|124
ten to twelve|10:12
the nineteen sixties|the 1950s
forty five|45,000
can go|can't go
he is|he isn't
did not|did
he would|he wouldn't
must not|must
now|not
possible|impossible
affect|effect
the effect was|the affect was
rather than|rather then
by Monday night|by Sunday night
of Iraq they|of Iran they
in Austria they|in Australia they
said Mary Jones|said Harry Jones
saw Kate there|saw cat there
it is|it was
it is so|it so
that’s right|that right
Saint Paul|Street Paul
Doctor Smith|Drive Smith
on Saturday|on sat
our house|are house
she went|he went
ship|sheep
live there|leave there
white house|white horse
the end|a end
west|east
west|rest
five kilometers|5 kg
five meters|5 miles
ten a month|ten the month
the AI rules|the API rules
the CIA|the FBI
example dot com|example.org
John left|left John
Ellen won six to four|Ellen 15 to 4
Ellen lost six to four|Ellen 16 to 4
hills o’er there|hills her there
at Rue de Lausanne there|at Roosevelt Lane there
at Rue or Lausanne there|at Rueda-Losan there
he bought a copy of it|he Paradize of it
he has two of it|he hastwenty of it
"""

# What is meant, how the ears wrote it, and why that is no difference.
ALIKE = """
colour|color|spelling
the connexion|the connection|spelling
he shewed|he showed|spelling
Doctor Smith|Dr. Smith|spelling
Elm Street|Elm St.|spelling
Saint Paul|St. Paul|spelling
versus him|vs. him|spelling
it is so|it's so|spelling
they cannot|they can't|spelling
let us go|let's go|spelling
okay then|OK then|spelling
the CEO|the C.E.O.|
the BBC|the B B C|division
the CIA|the see I A|spelling
e mail|email|division
example dot com|example.com|spelling
example dot com|example .com|spelling
info at example dot com|info@example.com|spelling
everyone|every one|division
sense data|sense-data|
well known|well-known|
John’s house|Johns house|
the café|the cafe|
I know it|I no it|sound
there it is|their it is|sound
the plains|the planes|sound
he dwelt|he dwelled|sound
with Hylas there|with Highless there|sound
saw Philonous there|saw Phillinus there|sound
saw Kwame Boateng there|saw Quame Bohteng there|sound
near Jokulsarlon there|near Yokel Sarlon there|sound
seven forty five AM|7.45am|number
number seven|No. 7|spelling number
chapter four|Chapter IV|number
World War one|World War I|number
Elizabeth the first|Elizabeth I|number
five foot ten|5'10"|number
five kilometers|5 km|number spelling
four degrees Celsius|4 °C|number spelling
five kilometers|5km|number
twenty degrees Celsius|20°C|number
sixty kilometers per hour|60 km/h|number spelling
five million dollars|$5M|number
June the third|June 3|number
June third|June the 3rd|number
the third of June|3 June|number
June third to fifth|June 3-5|number
twelve percent|12%|number
ten to twelve|10-12|number
version two point oh|version 2.0|number
one hundred megabits per second|100 Mbps|number number
five square kilometers|5 km²|number number
number one|#1|number
the nineties|the ’90s|number
Louis the sixteenth’s head|Louis XVI’s head|spelling
the twenty million dollar deal|the $20 million deal|number
three point five thousand pounds|£3.5k|number
one point five to two point five percent|1.5-2.5%|number
on the first of January|on 1st January|number
call five five five one two three four|call 555-1234|number
Ellen won six to four|Ellen 16 to 4|number number
hills o’er there|hills oar there|sound
e’er the same|air the same|sound
the nowhere man|the no here man|sound
at Rue de Lausanne there|at Rueda-Losan there|sound
an opium-eater’s heaven|an opiometers heaven|sound
he bought a copy of it|he baudakopi of it|sound
what Khoung tseu said|what count you said|sound
it comes from λόγος there|it comes from Logos there|
they met in Москва then|they met in Moscva then|sound
"""


@pytest.mark.parametrize("pair", lines(DIFFERENT), ids="|".join)
def test_a_real_difference_is_not_let_go(pair: Sequence[str]) -> None:
    meant, said = pair
    result = compared(form([meant]), said)
    assert result.accuracy is not None
    assert result.accuracy < 1, result.forgiven


@pytest.mark.parametrize("case", lines(ALIKE), ids="|".join)
def test_what_is_no_difference_is_let_go_and_logged(case: Sequence[str]) -> None:
    meant, said, why = case
    result = compared(form([meant]), said)
    assert result.accuracy == 1, result.words
    assert [forgiven.grounds for forgiven in result.forgiven] == [Grounds(each) for each in why.split()]
    matches = {word.match for word in result.words}
    assert matches == ({Match.SAME, Match.FORGIVEN} & matches if why else {Match.SAME})


def test_the_log_has_words_and_times_in_order() -> None:
    spoken = form(["The grey house", "In nineteen oh five", "it was Doctor Miller’s."])
    result = compared(spoken, "The gray house in 1905, it was “Dr.” Miller's.")
    assert [(item.script, item.said, item.grounds, item.start_s) for item in result.forgiven] == [
        ("grey", "gray", Grounds.SPELLING, 1.0),
        ("nineteen oh five", "1905", Grounds.NUMBER, 4.0),
        ("Doctor", "Dr", Grounds.SPELLING, 7.0),
    ]
    assert all(item.end_s > item.start_s for item in result.forgiven)


def test_a_difference_beside_one_that_is_let_go_still_counts() -> None:
    result = compared(form(["In nineteen oh five the grey house burned"]), "In 1905 the gray horse burned")
    assert result.substituted == 1
    assert [word.text for word in result.words if word.match is Match.MISREAD] == ["house"]


def listed(text: str) -> SpokenForm:
    script = ScriptIntake().read_text(text, "script.md")
    return spoken_form(script, Settings(pronunciations="Hylas=High-las; Nguyen=Win; Da Nang=Dah Nahng"))


@pytest.mark.parametrize(
    "said",
    [
        "We met Highlas and Win's friend in Dah Nahng.",
        "We met Hylas and Nguyen's friend in Da Nang.",
        "We met High, Las and Wins friend in Danang.",
        "We met Hylas and Winn's friend in DaNang.",
    ],
)
def test_what_is_pronounced_may_be_heard_either_way(said: str) -> None:
    result = compared(listed("We met Hylas and Nguyen’s friend in Da Nang."), said)
    assert result.accuracy == 1, [(word.text, word.match) for word in result.words]


def test_what_is_pronounced_must_still_be_said() -> None:
    spoken = listed("We met Hylas and Nguyen’s friend in Da Nang.")
    for said in ("We met and Win's friend in Da Nang.", "We met Hylas and Peter's friend in Da Nang."):
        accuracy = compared(spoken, said).accuracy
        assert accuracy is not None
        assert accuracy < 1


def test_only_what_is_no_word_says_nothing_of_a_name() -> None:
    assert only_garbled(["Świątek"], ["Iggoswai"])
    assert only_garbled(["van", "Wojciechowski"], ["voychikoff", "skiwe"])
    assert not only_garbled(["Świątek"], ["Margaret"]), "another name"
    assert not only_garbled(["Świątek"], ["16"])
    assert not only_garbled(["Margaret"], ["Iggoswai"]), "the ears know it"
    assert not only_garbled(["Świątek", "walked"], ["Iggoswai"])
    assert only_garbled(["ille", "viae"], ["la", "vaya."]), "another language"
    assert not only_garbled(["esculents"], ["vegetables"]), "another word"
    assert not only_garbled(["Świątek"], [])
    assert not only_garbled([], ["Iggoswai"])


def test_is_behind_a_hiss_sounds_as_a_plural_does() -> None:
    for script, said in (("The case is closed.", "The cases closed."), ("The houses fell.", "The house is fell.")):
        assert compared(listed(script), said).accuracy == 1
    for script, said in (("The cat is closed.", "The cats closed."), ("The case is closed.", "The case closed.")):
        assert compared(listed(script), said).accuracy != 1


def test_two_words_are_one_in_which_a_letter_of_both_is_written_once() -> None:
    for script, said in (
        ("It is one’s self there.", "It is oneself there."),
        ("By oneself now.", "By one's self now."),
    ):
        assert compared(listed(script), said).accuracy == 1
    assert compared(listed("It is one’s shelf there."), "It is oneself there.").accuracy != 1


def test_words_that_sound_the_same() -> None:
    assert same_sound("the", "thee")
    assert same_sound("companys", "companies")  # “company’s”
    assert same_sound("heroes", "heros")
    assert not same_sound("cameos", "cameoes")
    assert same_sound("ladies", "ladys")
    assert not same_sound("boys", "boies")
    assert same_sound("there", "their")
    assert same_sound("plains", "planes")
    assert same_sound("waited", "weighted")
    assert not same_sound("affect", "effect")
    assert not same_sound("bit", "beat")
    assert not same_sound("street", "street")


def test_what_the_ears_can_spell() -> None:
    assert all(map(is_known, ["house", "monday", "london", "walked", "houses", "philosophers"]))
    assert not any(map(is_known, ["hylas", "siobhan", "wojciechowski", "esculents", ""]))


def test_a_short_word_that_the_ears_do_not_know_is_written_by_its_sound() -> None:
    assert compared(listed("The last bey came home."), "The last bay came home.").accuracy == 1
    assert compared(listed("The last boy came home."), "The last bay came home.").accuracy != 1


def test_long_vowels_are_others() -> None:
    assert likeness("bey", "bay") == 1
    assert likeness("key", "kay") < 1
    assert likeness("kate", "kait") == 1
    assert likeness("kate", "cat") < 0.95
    assert likeness("night", "nite") == 1


def test_once_begins_as_whence_does() -> None:
    assert 0.9 < likeness("whence", "once") < 1
    assert likeness("ounce", "once") < 0.9


@pytest.mark.parametrize(
    ("meant", "said", "wrong", "mistakes"),
    [
        ("it cost seventy one dollars and eight cents now", "it cost $70.08 now", ["one"], 1),
        ("it closed at eight thousand seven hundred now", "it closed at $8,700 now", [], 1),
        ("the six hundred twelve thousand men", "the 600,000 men", ["twelve"], 1),
        ("in nineteen oh five they", "in 1950 they", ["oh", "five"], 2),
    ],
)
def test_a_figure_that_was_misread_counts_by_its_words(meant: str, said: str, wrong: list[str], mistakes: int) -> None:
    result = compared(form([meant]), said)
    assert [word.text for word in result.words if word.match is Match.MISREAD] == wrong
    assert result.substituted == mistakes
    assert (result.deleted, result.inserted) == (0, 0)
