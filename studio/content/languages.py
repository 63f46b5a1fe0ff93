"""Which language a text is in."""

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENOUGH: Final = 60
"""Letters below which nobody can tell."""
_SURE: Final = 0.9
_NO_LANGUAGE: Final = "zxx"  # ISO 639-2: no linguistic content
_ENOUGH_TEXT: Final = 3_000  # characters: more of one paragraph tell nothing new
# What is told apart by its spelling only now and then, or not at all.
_KIN: Final = (
    frozenset({"no", "nb", "nn", "da"}),
    frozenset({"hr", "bs", "sr", "sh", "sl"}),
    frozenset({"id", "ms", "jv"}),
    frozenset({"cs", "sk"}),
    frozenset({"pt", "gl"}),
    frozenset({"nl", "af"}),
    frozenset({"fil", "tl"}),
)


def language_of(text: str) -> str:
    """The ISO 639-1 code of a text's language; empty where it is too short, or nothing is sure."""
    if sum(map(str.isalpha, text[:_ENOUGH_TEXT])) < ENOUGH:
        return ""
    try:
        identifier = _identifier()
    except OSError:
        return ""  # it unpacks its model into a file: where there is no room for one, nobody can tell
    code, sure = identifier.classify(text[:_ENOUGH_TEXT])
    return str(code) if sure >= _SURE and code != _NO_LANGUAGE else ""


def same_language(one: str, other: str) -> bool:
    """Whether two codes (ISO 639, with a region or without) mean one language, or two that look the same."""
    one, other = one.partition("-")[0].lower(), other.partition("-")[0].lower()
    return one == other or any(one in kin and other in kin for kin in _KIN)


@cache
def _identifier() -> "LanguageIdentifier":
    """The model, half a second once a process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
