"""A transcript shows the script's own words, however they are pronounced."""

from collections.abc import Callable

from studio.distribution import transcripts
from studio.distribution.timeline import sentences
from studio.domain.release import Release
from studio.domain.spoken import Chapter, SpokenForm, SpokenWord, Utterance

TEXT = "# Hylas\n\nShe met Nguyen’s dog."


def test_no_pronunciation_is_ever_shown(make_release: Callable[..., Release]) -> None:
    heading = Utterance(
        "High-las.",
        2,
        7,
        (SpokenWord("High", 2, 7, ("Hylas",)), SpokenWord("las", 2, 7, ("Hylas",))),
        0.5,
        heading=True,
    )
    plain = [SpokenWord("She", 9, 12), SpokenWord("met", 13, 16), SpokenWord("dog", 26, 29)]
    words = (*plain[:2], SpokenWord("Win’s", 17, 25, ("Nguyen’s",)), plain[2])
    form = SpokenForm("Hylas", (heading, Utterance("She met Win’s dog.", 9, 30, words)), (Chapter("Hylas", 0),))
    release = make_release(TEXT, title="Another", spoken=form, audio=False)
    shown = sentences(release)
    cues = transcripts.vtt_cues(shown, 8.0)
    for made in (
        transcripts.vtt(cues),
        transcripts.srt(transcripts.srt_cues(shown, 8.0)),
        transcripts.json_transcript(cues),
        transcripts.text("Another", shown),
    ):
        assert "Hylas" in made
        assert "Nguyen’s dog." in made
        assert "High" not in made
        assert "Win" not in made
