# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""Words that the built-in voice has in no dictionary: other writings, and beginnings that English does not have.

hibari asks a small network for them. It leaves out what is not in Latin letters, and says the names of letters that
English puts together nowhere: “Gdańsk” as “gee-dansk”, “Krzysztof” as “kay-ar-zisztof”. Here the one is transliterated,
and the other begins with the sounds of its letters.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from anyascii import anyascii

from studio.domain.letters import FOREIGN

Net: TypeAlias = Callable[[str], str | None]


def _pairs(text: str) -> Mapping[str, str]:
    return MappingProxyType(dict(pair.split("=") for pair in text.split()))


_ONSET: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,}(?=[aeiouy])", re.IGNORECASE)
_STRESS: Final = re.compile("[ˈˌ]")
_NAMES: Final = _pairs("""b=bi c=si d=di f=ɛf g=ʤi h=Aʧ j=ʤA k=kA l=ɛl m=ɛm n=ɛ[nŋ] p=pi q=kju r=ɑ[ɹː] s=ɛs t=ti v=vi
    w=dʌb x=ɛks z=z[iɛ]""")
"""How the name of a letter begins, in either accent."""
_SOUNDS: Final = _pairs("""
    shch=ʃʧ zsch=ʧ szcz=ʃʧ tsch=ʧ krz=kʃ prz=pʃ brz=bʒ grz=ɡʒ drz=ʤ trz=ʧ stj=ʃ skj=ʃ tch=ʧ dzh=ʤ rz=ʒ sz=ʃ cz=ʧ zh=ʒ
    sh=ʃ ch=ʧ kh=k gh=ɡ ph=f th=t hs=ʃ hj=j hw=w hr=ɹ hl=l hn=n ll=l ff=f dd=ð kj=ʧ sj=ʃ tj=ʧ tz=ts
    b=b c=k d=d f=f g=ɡ h=h j=j k=k l=l m=m n=n p=p q=k r=ɹ s=s t=t v=v w=w x=z z=z""")
"""The nearest English sounds of letters that begin Polish, Russian, Czech, Welsh, Nordic, German and Chinese words."""
_LONGEST: Final = max(map(len, _SOUNDS))
_HUMMED: Final = MappingProxyType({"m": "əm", "n": "ən", "ŋ": "əŋ", "l": "lə", "ɹ": "ɹə"})
"""What is a syllable of its own before another consonant."""
_GLIDES: Final = frozenset("jw")


class UnknownWords:
    """The phonemes, in hibari's alphabet, of a word that is in no dictionary; None where there is nothing to say."""

    def __init__(self, net: Net) -> None:
        self._net = net

    def __call__(self, word: str) -> str | None:
        """What the network makes of it, set right."""
        if FOREIGN.search(word):
            word = anyascii(unicodedata.normalize("NFC", word)).replace("'", "")  # a soft sign is no apostrophe
        found = self._net(word)
        plain = anyascii(word).lower()
        onset = _ONSET.match(plain)
        if not found or not onset or word.isupper() or not _is_spelled(plain, found):
            return found
        rest = self._net((word if len(word) == len(plain) else plain)[onset.end() :])
        return f"{_begun(onset[0])}{_within(rest)}" if rest else found


def _is_spelled(word: str, phonemes: str) -> bool:
    """Whether the phonemes begin with the name of the first letter."""
    return re.match(rf"h?{_NAMES[word[0]]}", _STRESS.sub("", phonemes)) is not None


def _within(phonemes: str) -> str:
    """Letters that stood alone for a moment begin otherwise inside of a word (“unit”, “Nkrumah”), and have a stress."""
    sounds = re.sub(r"^([ˈˌ]?)j([ˈˌ]?[uʊ])", r"\1\2", phonemes)
    return sounds if "ˈ" in sounds else f"ˈ{sounds.lstrip('ˌ')}"


def _begun(onset: str) -> str:
    """The sounds of consonants before a vowel."""
    first, *others = _sounds(onset)
    if first == "n" and others and others[0][0] in "kɡ":
        first = "ŋ"
    if others and others[0] not in _GLIDES:
        first = _HUMMED.get(first, first)
    return "".join((first, *others))


def _sounds(onset: str) -> Iterator[str]:
    while onset:
        letters = next(onset[:n] for n in range(min(_LONGEST, len(onset)), 0, -1) if onset[:n] in _SOUNDS)
        yield _SOUNDS[letters]
        onset = onset[len(letters) :]
