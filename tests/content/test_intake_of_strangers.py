"""Scripts as other programs write them: vendors' SSML, front matter of site makers, wrapped JSON, a shell's list."""

import json
from pathlib import Path
from typing import Any

import pytest

from studio.content.intake import ScriptIntake
from studio.content.speech_text import spoken_form
from studio.domain.duration import first_guess
from studio.domain.errors import InputError
from studio.domain.settings import Settings
from studio.engine.authoring import ScriptJob
from studio.engine.drafts import Draft, Refusal
from tests.content.examined import examined

AZURE = """<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:mstts="https://www.w3.org/2001/mstts"
xml:lang="en-US"><voice name="en-US-JennyNeural"><mstts:express-as style="cheerful" styledegree="2">The port is open
again.</mstts:express-as><mstts:silence type="Sentenceboundary" value="200ms"/><prosody rate="+30%" pitch="high">Come
and see.</prosody></voice></speak>"""


def drafted(path: Path, text: str) -> list[Draft]:
    path.write_text(text, "utf-8")
    held = ScriptIntake().drafts(path)
    assert all(isinstance(each, Draft) for each in held), held
    return [each for each in held if isinstance(each, Draft)]


def said(draft: Draft) -> str:
    return " ".join(unit.text for unit in spoken_form(draft.script, Settings()).utterances)


def left_out(draft: Draft) -> list[str]:
    settings = Settings()
    job = ScriptJob(draft.script, spoken_form(draft.script, settings), settings, first_guess(settings.voice, 1.0))
    return [each.detail for each in examined(job).report.findings if "words will be spoken" in each.detail]


@pytest.mark.parametrize(
    ("ssml", "spoken"),
    [
        # As the vendors' own guides show it: with prefixes that nothing declares.
        (
            '<speak>It is <amazon:effect name="whispered">not to be told</amazon:effect> yet.</speak>',
            "It is not to be told yet.",
        ),
        (
            '<speak>He says <alexa:name type="x"/> <google:style name="y">good</google:style>.</speak>',
            "He says good.",
        ),
        (
            '<speak xmlns:a="urn:a"><a:b>One half</a:b> and <c:d e:f="1">the other</c:d> of it.</speak>',
            "One half and the other of it.",
        ),
        (AZURE, "The port is open again. Come and see."),
    ],
)
def test_ssml_of_any_vendor_is_read(tmp_path: Path, ssml: str, spoken: str) -> None:
    (draft,) = drafted(tmp_path / "a.ssml", ssml)
    assert " ".join(said(draft).split()) == spoken


def test_a_prefix_opens_no_other_door(tmp_path: Path) -> None:
    for text in (
        "<speak><a:b>It is not closed.</speak>",
        '<!DOCTYPE speak [<!ENTITY x "y">]><speak><a:b>It is &x; here.</a:b></speak>',
    ):
        (tmp_path / "a.ssml").write_text(text, "utf-8")
        with pytest.raises(InputError):
            ScriptIntake().drafts(tmp_path / "a.ssml")


def test_what_stands_in_tags_are_no_words_that_are_left_out(tmp_path: Path) -> None:
    (draft,) = drafted(tmp_path / "a.ssml", AZURE)
    assert not left_out(draft)
    (draft,) = drafted(
        tmp_path / "b.md", f"# A\n\nOne sentence is spoken here.\n\n```\n{'let it be = code; ' * 9}\n```\n"
    )
    assert left_out(draft)


def test_a_front_matter_in_toml_is_read_and_not_spoken(tmp_path: Path) -> None:
    text = (
        '+++\ntitle = "Tides: a primer"\ndate = 2024-05-01\nminutes = 5\n[params]\nx = 1\n+++\n\nThe sea comes twice.\n'
    )
    (draft,) = drafted(tmp_path / "a.md", text)
    assert draft.script.title == "Tides: a primer"
    assert said(draft) == "The sea comes twice."
    assert json.loads(draft.values)["minutes"] == 5
    assert "“date”" in draft.note
    (draft,) = drafted(tmp_path / "b.md", "+++\ntitle = never closed\n+++\n\nThe sea comes twice.\n")
    assert "not TOML" in draft.note
    assert said(draft) == "The sea comes twice."
    (draft,) = drafted(tmp_path / "c.md", "+++\n\nPlus signs open it, and close nothing.\n")
    assert "Plus signs" in said(draft)


def test_what_a_page_has_around_its_text_is_left_out_and_listed(tmp_path: Path) -> None:
    (draft,) = drafted(
        tmp_path / "a.html",
        """<html><body class="has-cookie-banner"><div id="cookie-banner"><p>We use cookies. Accept all?</p></div>
<div role="dialog"><p>Subscribe now!</p></div><h1>The port</h1><p>Ships wait<span epub:type="pagebreak">12</span>.</p>
<span role="doc-pagebreak" title="13">13</span><p class="cookies-and-cream">They brought cream.</p></body></html>""",
    )
    assert said(draft) == "The port. Ships wait. They brought cream."
    whys = {each.why.partition(" ×")[0] for each in draft.script.skipped}
    assert {"cookie notice", "dialog", "page number"} <= whys


ONE, TWO = ({"title": name, "script": f"The {name} is told of here."} for name in ("Pump", "Lamp"))


@pytest.mark.parametrize(
    "document",
    [
        [ONE, TWO],
        {"version": 1, "data": {"episodes": [ONE, TWO]}},
        {"result": {"page": 1, "items": [ONE, TWO]}},
        {"Pump": {"text": ONE["script"]}, "Lamp": {"text": TWO["script"]}},
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson"])
def test_episodes_are_found_in_json_of_any_shape(tmp_path: Path, document: Any, name: str) -> None:
    drafts = drafted(tmp_path / name, json.dumps(document))
    assert [(each.script.title, said(each)) for each in drafts] == [
        ("Pump", "The Pump is told of here."),
        ("Lamp", "The Lamp is told of here."),
    ]


def test_json_lines_are_read_and_what_looks_like_them_is_told(tmp_path: Path) -> None:
    drafts = drafted(tmp_path / "a.jsonl", f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n")
    assert [each.script.title for each in drafts] == ["Pump", "Lamp"]
    assert len(ScriptIntake().find([tmp_path])) == 1  # in a folder as well
    for text, why in (('{"title": "A"}\n{"title": \n', "line 2"), ("1\n2\n", "line 2"), ('{"a": {"b": 1}}', "no list")):
        (tmp_path / "b.jsonl").write_text(text, "utf-8")
        with pytest.raises(InputError, match=why):
            ScriptIntake().drafts(tmp_path / "b.jsonl")


def test_what_is_no_script_stops_nothing_else(tmp_path: Path) -> None:
    good, picture = tmp_path / "a.md", tmp_path / "b.jpg"
    good.write_text("The only one that can be read.\n", "utf-8")
    picture.write_bytes(b"\xff\xd8")
    held = list(ScriptIntake().held([picture, good, tmp_path / "gone.md"]))
    assert [type(each) for each in held] == [Refusal, Refusal, Draft]
    with pytest.raises(InputError, match=r"b\.jpg"):
        list(ScriptIntake().held([picture]))


def test_an_address_is_no_file_that_is_missing() -> None:
    with pytest.raises(InputError, match=r"“https://example\.com/a\.md” is an address"):
        ScriptIntake().find([Path("https://example.com/a.md")])
