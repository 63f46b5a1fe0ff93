"""What cannot be followed by ear gets one note, at its place; what is written for the ear gets none."""

from pathlib import Path
from typing import Any

from studio.domain.brand import Brand, Range
from studio.domain.findings import Severity, Verdict
from studio.domain.script_report import Check, ScriptFinding
from tests.content.bad_scripts import CLOSING, OPENING
from tests.content.examined import found, job, report
from tests.content.good_scripts import FINE

SAMPLES = sorted((Path(__file__).parents[2] / "resources" / "samples").glob("*.md"))
# Immanuel Kant, Critique of Pure Reason, translated by J. M. D. Meiklejohn (1855).
KANT = (
    "Human reason, in one sphere of its cognition, is called upon to consider questions, which it cannot decline,"
    " as they are presented by its own nature, but which it cannot answer, as they transcend every faculty of the"
    " mind. It falls into this difficulty without any fault of its own. But it quickly discovers that, in this "
    "way, its labours must remain ever incomplete, because new questions never cease to present themselves; and "
    "thus it finds itself compelled to have recourse to principles which transcend the region of experience, "
    "while they are regarded by common sense without distrust. It thus falls into confusion and contradictions, "
    "from which it conjectures the presence of latent errors, which, however, it is unable to discover, because "
    "the principles it employs, transcending the limits of experience, cannot be tested by that criterion. In the"
    " latter case, indeed, the conception of a cause so plainly involves the conception of a necessity of "
    "connection with an effect, and of a strict universality of the law, that the very notion of a cause would "
    "entirely disappear, were we to derive it, like Hume, from a frequent association of what happens with that "
    "which precedes; and the habit thence originating of connecting representations, the necessity inherent in "
    "the judgement being therefore merely subjective. Besides, without seeking for such examples of principles "
    "existing a priori in cognition, we might easily show that such principles are the indispensable basis of the"
    " possibility of experience itself, and consequently prove their existence a priori. For whence could our "
    "experience itself acquire certainty, if all the rules on which it depends were themselves empirical, and "
    "consequently fortuitous? Mathematical judgements are always synthetical, and this proposition, although "
    "incontestably certain and in its consequences very important, seems to have escaped the observation of the "
    "analysts of human reason."
)
EASY = " ".join(f"In the year {year} the lamp was lit at dusk, and it was put out at dawn." for year in range(60, 95))


def notes(text: str, **about: Any) -> list[ScriptFinding]:
    return found(report(text, **about), Check.READING)


def test_a_text_of_long_words_in_long_sentences_gets_one_note_at_its_hardest_place() -> None:
    made = job(f"# Reason\n\n{KANT}")
    (note,) = notes(f"# Reason\n\n{KANT}")
    assert note.severity is Severity.NOTE
    assert "hard to follow by ear, most of all here" in note.detail
    assert note.start is not None
    assert note.end is not None
    assert "the conception of a cause" in made.script.text[note.start : note.end]
    assert report(f"# Reason\n\n{KANT}").verdict in {Verdict.PASS, Verdict.REVIEW}  # of itself it stops nothing


def test_a_hard_passage_is_named_where_the_rest_is_easy() -> None:
    text = f"# Lamps\n\n{EASY}\n\n{KANT}\n\n{EASY}"
    (note,) = notes(text)
    assert note.detail.startswith("This passage is hard to follow by ear")
    assert note.start is not None
    assert note.end is not None
    held = job(text).script.text
    assert held.index("Human reason") <= note.start < note.end <= held.index(KANT[-40:]) + 40


def test_one_long_list_or_a_poem_without_a_stop_is_no_hard_passage() -> None:
    several = ", ".join(f"the extraordinary lighthouse of harbour {number}" for number in range(60))
    assert not notes(f"# Lamps\n\n{EASY} There were {several}. {EASY}")


def test_what_is_easy_or_too_short_to_tell_gets_none() -> None:
    for path in SAMPLES:
        assert not notes(path.read_text("utf-8"))
    for each in (*FINE, OPENING + CLOSING, EASY, " ".join(KANT.split()[:70])):
        assert not notes(each)


def test_what_a_brand_asks_for_goes_before_it() -> None:
    assert not found(report(KANT, brand=Brand(grade=Range(0, 40))), Check.READING)
    assert notes(KANT, brand=Brand(name="A show that says nothing of it"))


def test_it_is_a_measure_of_english() -> None:
    german = (
        "Die menschliche Vernunft hat das besondere Schicksal in einer Gattung ihrer Erkenntnisse, dass sie "
        "durch Fragen belästigt wird, die sie nicht abweisen kann, denn sie sind ihr durch die Natur der "
        "Vernunft selbst aufgegeben. "
    )
    assert not notes(german * 10, values={"voice": "elevenlabs:anna", "language": "de"})
