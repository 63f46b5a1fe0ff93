"""Faults of every kind, put on purpose into an episode at random places, and where they are."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from studio.domain.findings import FindingKind
from studio.domain.spoken import Utterance
from studio.quality.likeness import likeness
from studio.voices.builtin_worker import RATE_HZ
from tests.faults.readings import Sound, Speaker, altered, say, words_of
from tests.faults.timing import word_times

OTHERS = (Speaker(0.58, 0.84), Speaker(0.72, 0.9), Speaker(1.32, 1.12), Speaker(0.8, 1.1))
UNLIKE = 0.5  # a misread word sounds at most so much like the right one
NAMES = """
Margaret Chicago Oliver Vermont Benedict Lisbon Harriet Montana Gregory Sicily Douglas Calcutta Theodore Brighton
Winifred Bolivia Raymond Dublin Cecilia Norfolk
"""  # one of them is said for another name
_NAME = re.compile(r"([A-Z][a-z]{3,})((?:[’']s)?[,;:]?)")


@dataclass(slots=True)
class Item:
    """A sentence as it is said in the episode, and the silence after it."""

    utterance: Utterance
    sound: Sound
    pause_s: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is: in or after sentence `item`, in seconds from its beginning."""

    item: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault that was put in; each of `places` is a right answer to where it is."""

    kind: FindingKind
    places: tuple[Place, ...]
    note: str


@dataclass(slots=True)
class Draft:
    """An episode in the making."""

    items: list[Item]
    vocabulary: tuple[str, ...]
    random: np.random.Generator
    seed: int
    wrongs: list[Wrong] = field(default_factory=list)

    def length_s(self, index: int) -> float:
        """Length of a sentence."""
        return len(self.items[index].sound) / RATE_HZ

    def resay(self, index: int, words: list[str]) -> tuple[str, list[tuple[float, float]]]:
        """Say a sentence with other words; returns when each of them sounds."""
        item = self.items[index]
        text = altered(item.utterance, words)
        item.sound = say(text, self.seed)
        return text, word_times(item.sound, text)

    def count(self, *most: int) -> int:
        """One of these numbers by chance."""
        return int(self.random.choice(most))


def _content(words: list[str]) -> list[int]:
    return [i for i, word in enumerate(words[:-1]) if i and len(word.strip(",;:—“”\"'()")) >= 5 and word[:1].islower()]


def missing(draft: Draft, index: int) -> Wrong | None:
    """One content word, a few words, or a whole sentence."""
    words = words_of(draft.items[index].utterance.text)
    places = _content(words)
    count = draft.count(1, 1, 2, 4, 0)
    if not places or len(words) < 8:
        return None
    if not count:
        gone = " ".join(words)
        draft.items[index].sound = draft.items[index].sound[:0]
        place = Place(index, -draft.items[index - 1].pause_s, draft.items[index].pause_s)
        return Wrong(FindingKind.MISSING_WORDS, (place,), f"without “{gone}”")
    at = int(draft.random.choice(places))
    count = min(count, len(words) - at - 1)
    _, times = draft.resay(index, words[:at] + words[at + count :])
    place = Place(index, times[at - 1][1], times[min(at, len(times) - 1)][0])
    return Wrong(FindingKind.MISSING_WORDS, (place,), f"without “{' '.join(words[at : at + count])}”")


def extra(draft: Draft, index: int) -> Wrong | None:
    """One to six words that do not belong there."""
    words = words_of(draft.items[index].utterance.text)
    if len(words) < 6:
        return None
    at = int(draft.random.integers(1, len(words)))
    new = [str(draft.random.choice(draft.vocabulary)) for _ in range(draft.count(1, 2, 3, 6))]
    _, times = draft.resay(index, words[:at] + new + words[at:])
    return Wrong(
        FindingKind.EXTRA_WORDS,
        (Place(index, times[at][0], times[min(at + len(new), len(times)) - 1][1]),),
        f"with “{' '.join(new)}”",
    )


def repeated(draft: Draft, index: int) -> Wrong | None:
    """Two to seven words, or the whole sentence, said twice; the second time is the fault."""
    words = words_of(draft.items[index].utterance.text)
    if len(words) < 8:
        return None
    count = draft.count(2, 3, 4, 7, 0)
    if not count:
        item = draft.items[index]
        length_s = draft.length_s(index)
        item.sound = np.concatenate((item.sound, np.zeros(round(0.3 * RATE_HZ), np.float32), item.sound))
        place = Place(index, length_s + 0.3, length_s + 0.3 + length_s)
        return Wrong(FindingKind.REPEATED_WORDS, (place,), "the sentence twice")
    at = int(draft.random.integers(0, len(words) - count))
    part = [word.rstrip(",;:—") for word in words[at : at + count]]
    _, times = draft.resay(index, words[:at] + part + words[at:])
    place = Place(index, times[at + count][0], times[at + 2 * count - 1][1])
    return Wrong(FindingKind.REPEATED_WORDS, (place,), f"“{' '.join(part)}” twice")


def misread(draft: Draft, index: int) -> Wrong | None:
    """One or two content words said as others that do not sound like them."""
    words = words_of(draft.items[index].utterance.text)
    places = _content(words)
    if not places or len(words) < 5:
        return None
    at = int(draft.random.choice(places))
    count = 2 if at + 1 in places and draft.random.random() < 0.4 else 1
    new = []
    for old in words[at : at + count]:
        plain = old.strip(",;:—“”\"'()").lower()
        choices = [word for word in draft.vocabulary if word.isascii() and likeness(word, plain) <= UNLIKE]
        new.append(str(draft.random.choice(choices)))
    _, times = draft.resay(index, words[:at] + new + words[at + count :])
    place = Place(index, times[at][0], times[min(at + count, len(times)) - 1][1])
    return Wrong(FindingKind.MISREAD_WORDS, (place,), f"“{' '.join(new)}” for “{' '.join(words[at : at + count])}”")


def misname(draft: Draft, index: int) -> Wrong | None:
    """A name said as another one."""
    words = words_of(draft.items[index].utterance.text)
    names = {i: name for i, word in enumerate(words[:-1]) if i and (name := _NAME.fullmatch(word))}
    if not names or len(words) < 5:
        return None
    at = int(draft.random.choice(list(names)))
    old, rest = names[at].groups()
    new = str(draft.random.choice([name for name in NAMES.split() if likeness(name.lower(), old.lower()) <= UNLIKE]))
    _, times = draft.resay(index, [*words[:at], new + rest, *words[at + 1 :]])
    return Wrong(FindingKind.MISREAD_WORDS, (Place(index, *times[at]),), f"“{new}” for “{old}”")


def cut_off(draft: Draft, _index: int) -> Wrong | None:
    """The end is not there: the last words, or the last sentences."""
    last = len(draft.items) - 1
    if draft.random.random() < 0.3:
        last -= draft.count(1, 2)
        del draft.items[last + 1 :]
        return Wrong(FindingKind.CUT_OFF, (Place(last, draft.length_s(last), draft.length_s(last)),), "whole sentences")
    gone_s = min(float(draft.random.uniform(0.8, 3.0)), 0.6 * draft.length_s(last))
    item = draft.items[last]
    times = word_times(item.sound, item.utterance.text)
    item.sound = item.sound[: len(item.sound) - round(gone_s * RATE_HZ)]
    item.pause_s = 0.0
    end = draft.length_s(last)
    # The fault begins with the word that is not whole.
    broken = next((start for start, stop in times if stop > end), end)
    return Wrong(FindingKind.CUT_OFF, (Place(last, min(broken, end), end),), f"the last {gone_s:.1f} s")


def silence(draft: Draft, index: int) -> Wrong | None:
    """Two to six seconds of nothing, in a sentence or after it."""
    length_s = float(draft.random.uniform(2.2, 6.0))
    item = draft.items[index]
    if draft.random.random() < 0.5:
        start = draft.length_s(index)
        item.pause_s += length_s
        return Wrong(FindingKind.SILENCE, (Place(index, start, start + item.pause_s),), f"{length_s:.1f} s after")
    at = int(len(item.sound) * draft.random.uniform(0.25, 0.75))
    item.sound = np.concatenate((item.sound[:at], np.zeros(round(length_s * RATE_HZ), np.float32), item.sound[at:]))
    place = Place(index, at / RATE_HZ, at / RATE_HZ + length_s)
    return Wrong(FindingKind.SILENCE, (place,), f"{length_s:.1f} s within")


def noise(draft: Draft, index: int) -> Wrong | None:
    """A burst of 0.2 to 2 s: white, pink or mains hum with its harmonics; over speech or after it."""
    item = draft.items[index]
    length_s = float(draft.random.uniform(0.2, 2.0))
    count = round(length_s * RATE_HZ)
    colour = str(draft.random.choice(["white", "pink", "hum"]))
    burst = _burst(colour, count, draft.random)
    over = draft.random.random() < 0.5 and len(item.sound) > 2 * count
    level_db = float(draft.random.uniform(-26, -14) if over else draft.random.uniform(-42, -16))
    burst *= np.float32(10 ** (level_db / 20) / np.sqrt(np.mean(np.square(burst))))
    note = f"{colour}, {level_db:.0f} dBFS, {length_s:.1f} s {'over speech' if over else 'in a pause'}"
    if over:
        at = int(draft.random.integers(0, len(item.sound) - count))
        item.sound = item.sound.copy()
        item.sound[at : at + count] += burst
        return Wrong(FindingKind.NOISE, (Place(index, at / RATE_HZ, at / RATE_HZ + length_s),), note)
    start = draft.length_s(index)
    gap = np.zeros(round(0.1 * RATE_HZ), np.float32)
    item.sound = np.concatenate((item.sound, gap, burst, gap))
    return Wrong(FindingKind.NOISE, (Place(index, start + 0.1, start + 0.1 + length_s),), note)


def _burst(colour: str, count: int, random: np.random.Generator) -> Sound:
    if colour == "hum":
        time = np.arange(count) / RATE_HZ
        tones = [np.sin(2 * np.pi * 50 * n * time) / n for n in (1, 2, 3, 4, 5, 7, 9)]
        return np.asarray(np.sum(tones, axis=0), np.float32)
    white = random.standard_normal(count)
    if colour == "white":
        return white.astype(np.float32)
    spectrum = np.fft.rfft(white)
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 4))
    return np.fft.irfft(spectrum, count).astype(np.float32)


def click(draft: Draft, index: int) -> Wrong | None:
    """One to three jumps of one to twenty samples, in speech or in the pause."""
    item = draft.items[index]
    if draft.random.random() < 0.4:
        item.sound = np.concatenate((item.sound, np.zeros(round(0.4 * RATE_HZ), np.float32)))
        low, high = len(item.sound) - round(0.35 * RATE_HZ), len(item.sound) - round(0.05 * RATE_HZ)
    else:
        low, high = len(item.sound) // 10, len(item.sound) * 9 // 10
    at = int(draft.random.integers(low, high))
    item.sound = item.sound.copy()
    width, peak = 0, np.float32(0)
    for _ in range(draft.count(1, 2, 3)):
        width = draft.count(1, 2, 5, 20)
        peak = np.float32(draft.random.uniform(0.2, 0.7) * draft.random.choice([-1, 1]))
        place = min(len(item.sound) - width, at + int(draft.random.integers(0, 2000)))
        item.sound[place : place + width] += peak
    return Wrong(FindingKind.CLICK, (Place(index, at / RATE_HZ, at / RATE_HZ + 0.1),), f"{width} samples, {peak:.2f}")


def clipping(draft: Draft, index: int) -> Wrong | None:
    """A stretch recorded 8 to 16 dB too loud, and turned down afterwards."""
    item = draft.items[index]
    count = round(float(draft.random.uniform(0.8, 3.0)) * RATE_HZ)
    if len(item.sound) < count:
        return None
    at = int(draft.random.integers(0, len(item.sound) - count + 1))
    part = item.sound[at : at + count]
    over_db = float(draft.random.uniform(8, 16))
    top = np.float32(np.abs(part).max() * 10 ** (-over_db / 20))
    item.sound = item.sound.copy()
    item.sound[at : at + count] = np.clip(part, -top, top)
    place = Place(index, at / RATE_HZ, (at + count) / RATE_HZ)
    return Wrong(FindingKind.CLIPPING, (place,), f"{over_db:.0f} dB over, {count / RATE_HZ:.1f} s")


def step(draft: Draft, index: int) -> Wrong | None:
    """Several sentences 3 to 8 dB louder or softer than the rest."""
    last = index
    length_s = 0.0
    while last < len(draft.items) and length_s < 10:
        length_s += draft.length_s(last) + draft.items[last].pause_s
        last += 1
    if last >= len(draft.items) - 1 or not index:
        return None
    gain_db = float(draft.random.uniform(3, 8) * draft.random.choice([-1, 1]))
    for item in draft.items[index:last]:
        item.sound = item.sound * np.float32(10 ** (gain_db / 20))
    places = (Place(index, -0.3, 0.0), Place(last, -0.3, 0.0))
    return Wrong(FindingKind.LOUDNESS, places, f"{gain_db:+.1f} dB for {length_s:.0f} s")


def voice(draft: Draft, index: int) -> Wrong | None:
    """One or two sentences, of four seconds at least, by somebody else."""
    last = index
    length_s = 0.0
    while last < len(draft.items) and length_s < 4:
        length_s += draft.length_s(last)
        last += 1
    if length_s < 4:
        return None
    speaker = OTHERS[int(draft.random.integers(len(OTHERS)))]
    for item in draft.items[index:last]:
        other = say(item.utterance.text, draft.seed, speaker)
        item.sound = other * np.float32(np.std(item.sound) / max(float(np.std(other)), 1e-6))
    place = Place(index, 0.0, sum(draft.length_s(n) + draft.items[n].pause_s for n in range(index, last)))
    return Wrong(FindingKind.VOICE, (place,), f"pitch x{speaker.pitch}, resonances x{speaker.resonance}")


Maker = Callable[[Draft, int], Wrong | None]
MAKERS: dict[str, Maker] = {
    "missing": missing,
    "extra": extra,
    "repeated": repeated,
    "misread": misread,
    "misname": misname,
    "cut_off": cut_off,
    "silence": silence,
    "noise": noise,
    "click": click,
    "clipping": clipping,
    "step": step,
    "voice": voice,
}
