# ruff: noqa: RUF001, RUF002  (letters of the phonetic alphabet look like others)
"""How words are spoken, as a person lists them: “Hylas=High-las; Nguyen=Win; Goethe=/ˈɡɜːtə/”.

What is spoken is a respelling, phonemes (IPA) between slashes, or both: “Ger-tuh /ˈɡɜːtə/”. Voices that understand
phonemes are given these, the others the respelling, which is made of the phonemes where there is none.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from studio.domain import phonemes
from studio.domain.errors import SettingError
from studio.domain.respelling import respelled

_LONGEST: Final = 100  # characters of either side
_SPOKEN = re.compile(r"[^\W\d_][^\W\d_'’ .-]*(?:[ '’.-]{1,2}[^\W\d_]+)*\.?")
_PHONEMES = re.compile(r"(?P<spoken>[^/]*)/(?P<phonemes>[^/]+)/")
_EXAMPLE: Final = "Write WORD=SPOKEN, separated by semicolons: Hylas=High-las; Nguyen=Win."


@dataclass(frozen=True, slots=True)
class Sound:
    """How a word is spoken: in letters, and in IPA where that is known (else empty)."""

    spoken: str
    phonemes: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a lexicon: a word or several, a respelling and IPA; one of the two may be empty."""

    written: str
    spoken: str
    phonemes: str = ""

    @property
    def listed(self) -> str:
        """What is spoken as a list has it."""
        return " ".join(filter(None, (self.spoken, f"/{self.phonemes}/" if self.phonemes else "")))


def entry(written: str, listed: str) -> Entry:
    """The entry of a word and of what a list says of it. Raises `SettingError` like `checked`."""
    written, listed = checked(written, listed)
    spoken, slash, ipa = listed.partition("/")
    return Entry(written, spoken.strip(), ipa.rstrip("/") if slash else "")


def sound(listed: str) -> Sound:
    """What is spoken, from what a list that was `checked` says."""
    found = _PHONEMES.fullmatch(listed)
    if found is None:
        return Sound(listed)
    return Sound(found["spoken"].strip() or respelled(found["phonemes"]), found["phonemes"])


def as_mapping(entries: Iterable[Entry]) -> Mapping[str, str]:
    """Entries of a lexicon as a list has them."""
    return {each.written: each.listed for each in entries}


def parse(text: str) -> Mapping[str, str]:
    """The list as a mapping from the written to the spoken form, in its order.

    Entries are separated by semicolons or lines; empty ones are left out. Raises `SettingError` for an entry that is
    none, and for a word that is listed twice.
    """
    found: dict[str, str] = {}
    for entry in re.split(r"[;\n]", text):
        if not entry.strip():
            continue
        written, equals, spoken = entry.partition("=")
        if not equals:
            raise SettingError(f"The pronunciation “{entry.strip()}” has no “=”.", _EXAMPLE)
        written, spoken = checked(written, spoken)
        if found.setdefault(written, spoken) != spoken:
            raise SettingError(f"“{written}” has two pronunciations.", "Keep one of them.")
    return found


@lru_cache(maxsize=60_000)
def checked(written: str, spoken: str) -> tuple[str, str]:
    """One entry without the white space around it and doubled in it. Raises `SettingError` for one that is none.

    What is spoken is letters, with spaces, hyphens, apostrophes and the stops of initials: a figure or a sign would
    have more than one reading again. Phonemes are IPA between slashes, and come back in our own spelling of them.
    """
    written, spoken = (" ".join(unicodedata.normalize("NFC", side).split()) for side in (written, spoken))
    if not any(map(str.isalnum, written)):
        raise SettingError(f"The pronunciation “{written}={spoken}” names no word before its “=”.", _EXAMPLE)
    if len(written) > _LONGEST or len(spoken) > _LONGEST:
        raise SettingError(
            f"The pronunciation of “{written[:40]}…” is too long.", f"Use at most {_LONGEST} characters on either side."
        )
    if found := _PHONEMES.fullmatch(spoken):
        spoken, ipa = found["spoken"].strip(), phonemes.from_alphabet("ipa", found["phonemes"])
        if not respelled(ipa):
            raise SettingError(
                f"“{written}” cannot be spoken as /{found['phonemes']}/.",
                "Give its sounds in IPA, such as Goethe=/ˈɡɜːtə/, or letters: Goethe=Ger-tuh.",
            )
        if not spoken:
            return written, f"/{ipa}/"
        return checked(written, spoken)[0], f"{spoken} /{ipa}/"
    if not _SPOKEN.fullmatch(spoken):
        raise SettingError(
            f"“{written}” cannot be spoken as “{spoken}”.",
            "Give letters, with spaces, hyphens or apostrophes between them: Hylas=High-las.",
        )
    return written, spoken


def with_entry(listed: str, written: str, spoken: str) -> str:
    """The list with one more entry, or with another one for its word. Raises `SettingError` like `parse`."""
    word, heard = checked(written, spoken)
    return _listed({**parse(listed), word: heard})


def put_back(listed: str, written: str, spoken: str, before: str) -> str:
    """The list as it was before a word was to be spoken like this: with `before`, or without the word if that is empty.

    Where the word is listed otherwise by now, the list stays as it is. Raises `SettingError` like `parse`.
    """
    kept = dict(parse(listed))
    if kept.get(written) == spoken:
        del kept[written]
        if before:
            kept[written] = before
    return _listed(kept)


def together(brand: Mapping[str, str], listed: str) -> Mapping[str, str]:
    """The brand's list with that of the settings, `listed`, which wins where both name a word.

    Raises `SettingError` like `parse` and `checked`.
    """
    return {**dict(checked(written, spoken) for written, spoken in brand.items()), **parse(listed)}


def _listed(entries: Mapping[str, str]) -> str:
    return "; ".join(f"{written}={spoken}" for written, spoken in entries.items())


def under(below: Mapping[str, str], above: Mapping[str, str]) -> Mapping[str, str]:
    """A list with a more general one below it, which is silent wherever the one above has the word.

    An entry in small letters is found in any case: it hides those below that have the word with capitals.
    """
    small = {written for written in above if written == written.lower()}
    return {**{written: said for written, said in below.items() if written.lower() not in small}, **above}
