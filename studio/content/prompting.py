"""The questions that a model is asked: their texts are files, and what others wrote is fenced in within them."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from studio.content.writing_takes import LONGEST_BRIEF
from studio.domain.brand import Address
from studio.domain.errors import SettingError
from studio.domain.research import Excerpt
from studio.domain.writing import Assignment, Prompt, Role

_PLACE: Final = re.compile(r"\{\{([a-z]+)\}\}")
_NAMES: Final = ("system", "outline", "section", "more", "polish", "recap", "repair")
_WORD: Final = re.compile(r"[^\W_]+")
_FENCE_LENGTH: Final = 16  # hexadecimal digits: nobody guesses what depends on all that is inside
_SEEDS: Final = 2**31  # what every server takes
Message = tuple[Role, str]


class PromptTexts:
    """The texts of the questions, from their files. Raises `SettingError` where one is missing."""

    def __init__(self, folder: Path) -> None:
        try:
            self._texts = {name: (folder / f"{name}.md").read_text("utf-8").strip() for name in _NAMES}
        except (OSError, UnicodeDecodeError) as error:
            why = (isinstance(error, OSError) and error.strerror) or "not UTF-8"
            raise SettingError(f"The writer's prompts in {folder} cannot be read ({why}).", _INSTALL) from error
        # What a model repeats of them is found whatever it does to the punctuation.
        self.instructions: Final = " ".join(folded(_PLACE.sub(" ", text)) for text in self._texts.values())

    def filled(self, name: str, values: Mapping[str, object]) -> str:
        """A text with its places filled, all at once: what is filled in has no places. Empty lines at its end go."""
        return _PLACE.sub(lambda place: str(values[place[1]]).strip(), self._texts[name]).strip()


_ADDRESSES: Final = {
    Address.YOU: "Speak to the listener as “you”; never say “we”.",
    Address.WE: "Speak of the show as “we”; do not address the listener as “you”.",
    Address.NEITHER: "Say neither “you” nor “we”.",
}
_INSTALL: Final = "Install Batchcast again: they come with it."


class Questions:
    """The questions of one assignment. What they hold, and so their keys, depends on it alone."""

    def __init__(self, texts: PromptTexts, assignment: Assignment) -> None:
        self._texts = texts
        self._settings = assignment.settings
        topic, settings = assignment.topic, assignment.settings
        lines = [f"Title: {topic.title}", f"Brief: {topic.brief[:LONGEST_BRIEF]}", f"Show: {settings.show}"]
        self.topic = "\n".join(line for line in lines if not line.endswith(": "))
        self.fence = fence_of([self.topic, *(text for each in assignment.excerpts for text in _parts_of(each))])
        self._system = texts.filled(
            "system",
            {
                "fence": self.fence,
                "language": f"Write in the language with the code “{settings.language}”."
                if settings.language
                else "Write in the language of the topic.",
                "brand": _brand(assignment),
            },
        )

    def put(
        self,
        name: str,
        values: Mapping[str, object],
        most_tokens: int,
        *,
        seed: int = 0,
        as_json: bool = False,
        after: Sequence[Message] = (),
    ) -> Prompt:
        """The question of this name. `seed` is added to the settings'; `after` is what was said since."""
        inside = {key: self._tamed(value) if isinstance(value, str) else value for key, value in values.items()}
        text = self._texts.filled(name, {**inside, "topic": self._tamed(self.topic), "fence": self.fence})
        return Prompt(
            model=self._settings.writer_model.strip(),
            messages=((Role.SYSTEM, self._system), (Role.USER, text), *after),
            most_tokens=most_tokens,
            temperature=self._settings.temperature,
            seed=(self._settings.seed + seed) % _SEEDS,
            as_json=as_json,
        )

    def repair(self) -> str:
        """What is said to an answer that is no JSON."""
        return self._texts.filled("repair", {})

    def is_leaked(self, sentence: str) -> bool:
        """Whether a sentence is one of the instructions, or holds a marker."""
        said = folded(sentence)
        return self.fence in sentence or (said.count(" ") >= 5 and said in self._texts.instructions)

    def _tamed(self, text: str) -> str:
        """What comes from a model may repeat the marker, which ends where we say."""
        return text.replace(self.fence, "")


def fence_of(texts: Iterable[str]) -> str:
    """A marker that is not in any of the texts, and that none of their authors could know: it depends on all of them.

    The same texts give the same one, so that the same question is the same.
    """
    held = [text.encode("utf-8", "surrogatepass") for text in texts]
    size = [len(text) for text in held]
    marker = hashlib.sha256(repr(size).encode() + b"\0".join(held)).hexdigest()
    while any(marker[:_FENCE_LENGTH].encode() in text for text in held):
        marker = hashlib.sha256(marker.encode()).hexdigest()
    return marker[:_FENCE_LENGTH]


def shown(excerpts: Sequence[Excerpt], numbers: Iterable[int], most: int) -> str:
    """Excerpts as a model is shown them, `most` characters of each; their numbers are from 1."""
    parts = []
    for number in numbers:
        each = excerpts[number - 1]
        text = " ".join(each.text.split())
        text = text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"
        where = ", ".join(part for part in (each.source.title, each.place, each.source.published) if part)
        parts.append(f"[S{number}] {where}\n{text}")
    return "\n\n".join(parts) if parts else "(none: say only what everybody knows, without figures)"


def folded(text: str) -> str:
    """The words alone, in small letters."""
    return " ".join(_WORD.findall(text.casefold()))


def _parts_of(excerpt: Excerpt) -> tuple[str, ...]:
    source = excerpt.source
    return excerpt.text, source.title, excerpt.place, source.published


def _brand(assignment: Assignment) -> str:
    """What the show's brand asks of every sentence."""
    brand = assignment.brand
    if brand is None:
        return ""
    lines = []
    if brand.forbidden:
        lines.append(f"Never say: {'; '.join(brand.forbidden)}.")
    if brand.preferred:
        lines.append("Say " + "; ".join(f"“{new}” and not “{old}”" for old, new in brand.preferred.items()) + ".")
    if brand.longest:
        lines.append(f"No sentence has more than {brand.longest} words.")
    if brand.address in _ADDRESSES:
        lines.append(_ADDRESSES[brand.address])
    if brand.grade is not None:
        lines.append(f"A reader of US school grade {brand.grade.high:g} understands every sentence.")
    return "\n".join(lines)
