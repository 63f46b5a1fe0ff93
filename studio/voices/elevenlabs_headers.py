"""What the headers of an answer say: the receipt of a call, and when to come again. All optional, all from outside."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from studio.domain.purchase import Receipt

_LONGEST_NAME: Final = 128  # of an identifier; the real ones have some 20 characters
_LONGEST_WAIT_S: Final = 86_400.0


def receipt_of(headers: Mapping[str, str]) -> Receipt:
    """The receipt in the headers of an answer (lower-case names); what is missing or no number is left out."""
    charged, slots = _number(headers, "character-cost"), _number(headers, "maximum-concurrent-requests")
    return Receipt(
        request_id=identifier(headers.get("request-id")),
        history_id=identifier(headers.get("history-item-id")),
        credits=None if charged is None else math.ceil(charged),
        slots=int(slots) if slots is not None and slots >= 1 else None,
    )


def identifier(value: object) -> str:
    """A vendor's identifier as it may stand in an address; empty for anything else."""
    text = value if isinstance(value, str) else ""
    plain = text.isascii() and text.replace("-", "").replace("_", "").isalnum() and len(text) <= _LONGEST_NAME
    return text if plain else ""


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait. The header has seconds or a date (RFC 9110), which counts from the vendor's own clock."""
    value = headers.get("retry-after", "").strip()
    seconds = _number(headers, "retry-after")
    if seconds is None:
        at = _date(value)
        if at is None:
            return None
        seconds = max(0.0, (at - (_date(headers.get("date", "")) or datetime.now(UTC))).total_seconds())
    return min(seconds, _LONGEST_WAIT_S)


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        value = float(headers.get(name, ""))
    except ValueError:
        return None
    return value if 0 <= value < 1e12 else None  # NaN is neither


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
