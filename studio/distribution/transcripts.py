"""The transcript in four forms: WebVTT, SubRip, plain text and JSON."""

import json
from collections.abc import Sequence

from studio.distribution.captions import Cue, captions
from studio.distribution.timeline import Sentence
from studio.distribution.wording import clock, one_line

# Apple wants at most 65 characters a line of WebVTT; SubRip players expect two lines of 32 (podcast namespace).
VTT_WIDTH, SRT_WIDTH = 65, 32
SPEAKER = "Narrator (machine voice)"


def vtt_cues(sentences: Sequence[Sentence], duration_s: float) -> tuple[Cue, ...]:
    """Cues of two lines of 65 characters, escaped for WebVTT."""
    return captions(sentences, duration_s, VTT_WIDTH, _vtt_escape)


def srt_cues(sentences: Sequence[Sentence], duration_s: float) -> tuple[Cue, ...]:
    """Cues of two lines of 32 characters for SubRip."""
    return captions(sentences, duration_s, SRT_WIDTH, _srt_escape)


def vtt(cues: Sequence[Cue]) -> str:
    """A WebVTT file."""
    return "WEBVTT\n" + "".join(
        f"\n{clock(cue.start_ms, '.')} --> {clock(cue.end_ms, '.')}\n" + "\n".join(cue.lines) + "\n" for cue in cues
    )


def srt(cues: Sequence[Cue]) -> str:
    """A SubRip file."""
    return "\n".join(
        f"{number}\n{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}\n" + "\n".join(cue.lines) + "\n"
        for number, cue in enumerate(cues, start=1)
    )


def text(title: str, sentences: Sequence[Sentence]) -> str:
    """For reading: the title underlined, headings on a line of their own, one line a paragraph."""
    name = one_line(title)
    parts = [f"{name}\n{'=' * min(len(name), 78)}"]
    open_paragraph = False
    for number, sentence in enumerate(sentences):
        # A script usually opens with its title; once is enough.
        if not sentence.pieces or (number == 0 and sentence.heading and sentence.text == name):
            continue
        if sentence.heading:
            parts.append(f"{sentence.text}\n{'-' * min(len(sentence.text), 78)}")
        elif sentence.opens or not open_paragraph:
            parts.append(sentence.text)
        else:
            parts[-1] += f" {sentence.text}"
        open_paragraph = not sentence.heading
    return "\n\n".join(parts) + "\n"


def json_transcript(cues: Sequence[Cue]) -> str:
    """Podcast-namespace JSON transcript 1.0.0, one segment a cue; times in seconds."""
    segments = [
        {
            "speaker": SPEAKER,
            "startTime": cue.start_ms / 1000,
            "endTime": cue.end_ms / 1000,
            "body": cue.text,
        }
        for cue in cues
    ]
    return json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False, indent=1) + "\n"


def _vtt_escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _srt_escape(text: str) -> str:
    # SubRip knows no escapes: what players take for a tag, a style or a time line is written with look-alikes.
    return text.replace("-->", "→").replace("<", "\u2039").replace(">", "\u203a").replace("{", "(").replace("}", ")")
