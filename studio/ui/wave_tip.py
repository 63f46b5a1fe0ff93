"""What lies under the pointer in the wave, in words."""

from studio.ui import wording
from studio.ui.wave_paint import NO_LOUDNESS, WaveContent

HOW = "Drag marks a stretch, scroll zooms, Shift+scroll or a drag of the ruler moves, double-click hears a marked place"


def tip(content: WaveContent, second: float, slack_s: float) -> str:
    """Time, loudness, word and findings at `second`, a line each; `slack_s` is how far a place may lie beside it."""
    lines = [wording.moment(second)]
    curve = content.peaks.loudness
    if int(second) < len(curve) and curve[int(second)] != NO_LOUDNESS:
        lines[0] += f" · {wording.signed(-curve[int(second)] / 2)} LUFS around here (the dashed line)"
    word = content.words.at(second)
    if word is not None:
        lines.append(f"“{wording.isolated(word.text)}” in the script")
    lines += [
        f"{wording.FINDING_NAMES[place.finding.kind]}: {place.finding.detail}".rstrip(": ")
        for place in content.places
        if place.start_s - slack_s <= second <= place.end_s + slack_s
    ]
    lines.append(HOW)
    return "\n".join(lines)
