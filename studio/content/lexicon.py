"""Words that are spoken as the pronunciation list says, found in a text."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from studio.domain.pronunciations import Sound, sound

_APOSTROPHE: Final = "['’]"
_MANY: Final = 40  # entries that cost nothing to look for
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed word where it stands: `said` for `text[start:end]`, a possessive's ending with it.

    `phonemes` is IPA where the list has it; that is without the ending.
    """

    said: str
    start: int
    end: int
    phonemes: str = ""


class Lexicon:
    """A pronunciation list made ready: whole words, the longest first.

    An entry with a capital is found as it is written, one without in any case. `pronunciations` is as a list has them
    (`domain.pronunciations`). Of a long list only what may be found in `texts` is looked for, where they are given:
    an entry of which every word stands somewhere in them.
    """

    def __init__(self, pronunciations: Mapping[str, str], texts: Iterable[str] | None = None) -> None:
        wanted = list(pronunciations)
        if texts is not None and len(wanted) > _MANY:
            there = {word for text in texts for word in _words_of(text)}
            wanted = [word for word in wanted if there.issuperset(_words_of(word))]
        self._listed = {_written(word): sound(pronunciations[word]) for word in wanted}
        words = sorted(wanted, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, words))) if words else None
        self.has_phonemes = any(each.phonemes for each in self._listed.values())

    def find(self, text: str, start: int, end: int) -> Iterator[Listed]:
        """Every listed word in `text[start:end]`, in order."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(text, start, end):
            whole = _written(match[0])
            said = self._said(whole)
            ending = ""
            if said is None and (possessive := _POSSESSIVE.search(match[0])):
                ending = possessive[0]
                said = self._said(_written(match[0][: possessive.start()]))
            if said is not None:
                yield Listed(said.spoken + ending, match.start(), match.end(), said.phonemes)

    def _said(self, word: str) -> Sound | None:
        return self._listed.get(word) or self._listed.get(word.lower())


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _written(text: str) -> str:
    return " ".join(text.split()).replace("’", "'")


def _pattern(word: str) -> str:
    """A whole word, or several with any white space between them, and perhaps a possessive's ending."""
    spelled = re.sub("['’]", _APOSTROPHE, re.escape(word).replace(r"\ ", r"\s+"))
    if word == word.lower():
        spelled = f"(?i:{spelled})"
    before = r"(?<![^\W_])(?<![^\W_]['’])" if word[0].isalnum() else ""
    after = rf"(?:{_APOSTROPHE}s?(?![^\W_])|(?![^\W_])(?!['’][^\W_]))" if word[-1].isalnum() else ""
    return f"{before}{spelled}{after}"
