"""What is typed into the filter: words, and conditions like `verdict:fail` or `cost>1`."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from studio.domain.episode import Episode, State
from studio.ui import tips, wording

Condition = Callable[[Episode], bool]

HELP: Final = """Shows the episodes in whose title, file, reason, state, verdict or voice every word is found.
"two words" belong together; -word leaves out what has it.
state:failed  state:script  stage:check  verdict:fail  script:fail  voice:rachel  reason:quota  title:matter  file:june
cost>1 ($)  length>10 (minutes)  words<95 (%)  voice<90  brand<80  characters>9000  findings>0  takes>1"""

_TEXTS: Final[Mapping[str, Callable[[Episode], str]]] = {
    "title": lambda episode: episode.title,
    "file": lambda episode: episode.source,
    "state": lambda episode: f"{wording.state_word(episode)} {_state_words(episode)}",
    "stage": lambda episode: episode.stage.value,
    "verdict": lambda episode: f"{episode.verdict.value} {tips.VERDICTS[episode.verdict]}" if episode.verdict else "",
    "script": lambda episode: episode.script_verdict.value if episode.script_verdict else "",
    "voice": wording.own_voice,
    "reason": lambda episode: f"{episode.reason} {episode.remedy}",
}

_NUMBERS: Final[Mapping[str, Callable[[Episode], float | None]]] = {
    "number": lambda episode: episode.number,
    "cost": lambda episode: (episode.cost_micro + episode.reserved_micro) / 1e6,
    "length": lambda episode: _minutes(episode.duration_s),
    "expected": lambda episode: _minutes(episode.expected_duration_s),
    "words": lambda episode: _percent(episode.word_accuracy),
    "voice": lambda episode: _percent(episode.voice_consistency),
    "brand": lambda episode: _percent(episode.brand_alignment),
    "loudness": lambda episode: episode.loudness_lufs,
    "characters": lambda episode: episode.characters,
    "findings": lambda episode: episode.findings,
    "takes": lambda episode: episode.takes,
}

_STATES: Final[Mapping[State, str]] = {
    State.QUEUED: "queued waiting",
    State.WORKING: "working",
    State.NEEDS_YOU: "review needs you",
    State.DONE: "done",
    State.FAILED: "failed",
    State.REJECTED: "rejected aside",
    State.CANCELLED: "cancelled aside",
}

_COMPARED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}

_TOKEN = re.compile(r'(-?)((?:\w+:)?)"([^"]*)"?|(\S+)')
_COMPARISON = re.compile(r"(-?)(\w+)(<=|>=|<|>|=)(.*)")


class Search:
    """What was typed, understood. `accepts` looks into texts that are put together once for each row."""

    def __init__(self, text: str = "") -> None:
        self._words: list[tuple[str, bool]] = []  # a word, and whether it is wanted
        self._conditions: list[Condition] = []
        for minus, key, quoted, plain in _TOKEN.findall(text.casefold()):
            if plain:
                self._take(plain)
            elif quoted:
                self._find(key, quoted, wanted=not minus)

    @property
    def empty(self) -> bool:
        """Whether everything is accepted."""
        return not self._words and not self._conditions

    def accepts(self, episode: Episode, words: str) -> bool:
        """Whether `episode`, of which `words_of` gave `words`, has everything that was asked for."""
        return all((word in words) is wanted for word, wanted in self._words) and all(
            condition(episode) for condition in self._conditions
        )

    def among(self, episodes: Iterable[Episode], words_of: Callable[[Episode], str]) -> list[Episode]:
        """Those that are accepted. Word by word over all of them: ten thousand are looked through with every key."""
        found = list(episodes)
        if self._words:
            looked_into = [(episode, words_of(episode)) for episode in found]
            for word, wanted in self._words:
                looked_into = [each for each in looked_into if (word in each[1]) is wanted]
            found = [episode for episode, _ in looked_into]
        for condition in self._conditions:
            found = [episode for episode in found if condition(episode)]
        return found

    def _take(self, token: str) -> None:
        comparison = _COMPARISON.fullmatch(token)
        if comparison and comparison[2] in _NUMBERS:
            minus, key, sign, value = comparison.groups()
            number = _number(value)
            if number is not None:  # else it is not typed to its end yet
                self._conditions.append(_compared(_NUMBERS[key], _COMPARED[sign], number, wanted=not minus))
            return
        wanted = not token.startswith("-") or len(token) == 1
        key, colon, value = (token if wanted else token[1:]).partition(":")
        self._find(key + colon, value, wanted=wanted)

    def _find(self, key: str, value: str, *, wanted: bool) -> None:
        """`key` is `title:` or the like; what is no key of ours belongs to the word, as in `3:16`."""
        said = _TEXTS.get(key.removesuffix(":")) if key.endswith(":") else None
        if said is None:
            self._words.append((key + value, wanted))
        elif value:
            self._conditions.append(_holds(said, value, wanted=wanted))


def words_of(episode: Episode) -> str:
    """Everything of `episode` that plain words are looked for in, without upper case."""
    parts = [f"{episode.number:03d}", episode.title, episode.source, episode.reason]
    parts += [_TEXTS["state"](episode), _TEXTS["verdict"](episode)]
    if episode.overrides:
        parts.append(wording.own_voice(episode))
    return "\n".join(parts).casefold()


def _holds(said: Callable[[Episode], str], value: str, *, wanted: bool) -> Condition:
    return lambda episode: (value in said(episode).casefold()) is wanted


def _compared(
    measured: Callable[[Episode], float | None],
    compare: Callable[[float, float], bool],
    number: float,
    *,
    wanted: bool,
) -> Condition:
    def holds(episode: Episode) -> bool:
        value = measured(episode)
        return value is not None and compare(value, number) is wanted

    return holds


def _number(text: str) -> float | None:
    """`1.5`, `$1.50`, `95%`, `1,000`, and `2:30` as minutes; None where it is none of these."""
    plain = text.strip("$%").replace(",", "")
    parts = plain.split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    if len(values) == 2:
        return values[0] + values[1] / 60
    return values[0] if len(values) == 1 else None


def _state_words(episode: Episode) -> str:
    return "script approval needs you" if episode.awaits_approval else _STATES[episode.state]


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100
