"""How words are spoken, as a person lists them: “Hylas=High-las; Nguyen=Win”."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from studio.domain.errors import SettingError

_LONGEST: Final = 100  # characters of either side
_SPOKEN = re.compile(r"[^\W\d_][^\W\d_'’ .-]*(?:[ '’.-]{1,2}[^\W\d_]+)*\.?")
_EXAMPLE: Final = "Write WORD=SPOKEN, separated by semicolons: Hylas=High-las; Nguyen=Win."


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


def checked(written: str, spoken: str) -> tuple[str, str]:
    """One entry without the white space around it and doubled in it. Raises `SettingError` for one that is none.

    What is spoken is letters, with spaces, hyphens, apostrophes and the stops of initials: a figure or a sign would
    have more than one reading again.
    """
    written, spoken = (" ".join(unicodedata.normalize("NFC", side).split()) for side in (written, spoken))
    if not any(map(str.isalnum, written)):
        raise SettingError(f"The pronunciation “{written}={spoken}” names no word before its “=”.", _EXAMPLE)
    if len(written) > _LONGEST or len(spoken) > _LONGEST:
        raise SettingError(
            f"The pronunciation of “{written[:40]}…” is too long.", f"Use at most {_LONGEST} characters on either side."
        )
    if not _SPOKEN.fullmatch(spoken):
        raise SettingError(
            f"“{written}” cannot be spoken as “{spoken}”.",
            "Give letters, with spaces, hyphens or apostrophes between them: Hylas=High-las.",
        )
    return written, spoken


def with_entry(listed: str, written: str, spoken: str) -> str:
    """The list with one more entry, or with another one for its word. Raises `SettingError` like `parse`."""
    word, sound = checked(written, spoken)
    return "; ".join(f"{each}={said}" for each, said in {**parse(listed), word: sound}.items())


def together(brand: Mapping[str, str], listed: str) -> Mapping[str, str]:
    """The brand's list with that of the settings, `listed`, which wins where both name a word.

    Raises `SettingError` like `parse` and `checked`.
    """
    return {**dict(checked(written, spoken) for written, spoken in brand.items()), **parse(listed)}
