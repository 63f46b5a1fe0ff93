"""A folder of every kind of file through the command line: the good ones count, the bad ones are named."""

from pathlib import Path

from tests.content.made_documents import docx, epub, lines, p, pdf
from tests.whole.conftest import Program

SPOKEN = "The lamp was lit, and it burned all through the night. "


def test_a_mixed_folder_is_forecast_and_nothing_stops_it(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name, content in {
        "a.docx": docx(p(SPOKEN)),
        "b.epub": epub({"a.xhtml": f"<h1>A</h1><p>{SPOKEN * 9}</p>"}, {"a.xhtml": "A"}),
        "c.pdf": pdf([lines([SPOKEN, "It went out in the morning."])]),
        "d.html": f"<p>{SPOKEN}And so on.</p>".encode(),
        "e.ssml": f"<speak><p>{SPOKEN}<break time='1s'/>So it was.</p></speak>".encode(),
        "f.json": b'[{"title": "F", "script": "The pond was frozen, and nobody went out on it."}]',
        "g.csv": b"title,brief,minutes\nThe bell,Who rang it,10\n",
        "h.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "i.ssml": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><speak>&f;</speak>',
        "j.pdf": b"%PDF-1.7\nbroken",
    }.items():
        (folder / name).write_bytes(content)
    ended = program.run("forecast", folder, "--json")
    assert ended.document["episodes"] == 7, ended.err
    assert (ended.document["topics"], ended.document["topic_minutes"]) == (1, 10)
    refused = {Path(each["source"]).name: each["message"] for each in ended.document["refused"]}
    assert sorted(refused) == ["h.docx", "i.ssml", "j.pdf"]
    assert "password" in refused["h.docx"]
    assert "entities" in refused["i.ssml"]
    assert "damaged" in refused["j.pdf"]
    assert "Traceback" not in ended.err
