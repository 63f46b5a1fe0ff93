"""What a person may type into a setting that is text, beside its kind and its range."""

import re
from typing import Final

from studio.domain.errors import SettingError

MOST_DICTIONARIES: Final = 3  # that a vendor takes with a call
BUILTIN_WRITER: Final = "builtin"


def language(text: str) -> None:
    """Raise `SettingError` for what is neither a language's code nor empty."""
    if text.strip() and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", text.strip()):
        raise SettingError(f"“{text}” is not the code of a language.", "Write two letters, such as en, or nothing.")


def writer(text: str) -> None:
    """Raise `SettingError` for what is neither the built-in writer nor an address.

    One with a name and a password is none: settings are stored as they stand.
    """
    if re.match(r"[^/]*//[^/?#]*@", text):
        raise SettingError(
            "The address of a model holds a user name or a password.",
            "Give it without; a key is kept in the system's keyring, or set as BATCHCAST_WRITER_KEY.",
        )
    if text != BUILTIN_WRITER and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text):
        raise SettingError(
            f"“{text}” is neither “{BUILTIN_WRITER}” nor the address of a model.",
            "Give its address up to the version, such as http://localhost:11434/v1.",
        )


def writer_prices(text: str) -> tuple[float, float] | None:
    """Dollars for a million tokens, asked and answered; None where nothing is given. Raises `SettingError`."""
    if not text.strip():
        return None
    parts = [part.strip().lstrip("$") for part in text.split("/")]
    if len(parts) != 2 or not all(re.fullmatch(r"\d{1,6}(\.\d{1,6})?", part) for part in parts):
        raise SettingError(f"“{text}” are no prices.", "Write dollars for a million tokens, in and out: 0.15 / 0.60.")
    return float(parts[0]), float(parts[1])


def writing_is_paid(writer: str, prices: str) -> bool:
    """Whether a writer costs anything, by these prices. Raises `SettingError` where they are none."""
    return writer != BUILTIN_WRITER and any(writer_prices(prices) or ())


def listed(text: str) -> tuple[str, ...]:
    """The entries of a list that a person typed, one to a line or separated by semicolons."""
    return tuple(part.strip() for part in re.split(r"[;\n]", text) if part.strip())


def dictionaries(text: str) -> None:
    """Raise `SettingError` for what is no list of a vendor's dictionaries."""
    named = [part.strip() for part in text.split(",") if part.strip()]
    wrong = next((part for part in named if not re.fullmatch(r"[\w-]+(:[\w-]+)?", part, re.ASCII)), None)
    if wrong is not None:
        raise SettingError(f"“{wrong}” is not the ID of a dictionary.", "Write ID or ID:VERSION, separated by commas.")
    if len(named) > MOST_DICTIONARIES:
        raise SettingError(f"{len(named)} dictionaries are too many.", f"Name at most {MOST_DICTIONARIES}.")
