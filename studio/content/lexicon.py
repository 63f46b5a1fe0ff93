"""Words that are spoken as the pronunciation list says, found in a text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_APOSTROPHE: Final = "['’]"
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed word where it stands: `said` for `text[start:end]`, a possessive's ending with it."""

    said: str
    start: int
    end: int


class Lexicon:
    """A pronunciation list made ready: whole words, the longest first.

    An entry with a capital is found as it is written, one without in any case.
    """

    def __init__(self, pronunciations: Mapping[str, str]) -> None:
        self._listed = {_written(word): said for word, said in pronunciations.items()}
        words = sorted(pronunciations, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_pattern, words))) if words else None

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
                yield Listed(said + ending, match.start(), match.end())

    def _said(self, word: str) -> str | None:
        return self._listed.get(word) or self._listed.get(word.lower())


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
