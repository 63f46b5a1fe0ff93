"""What the headers of an answer say: the receipt of a call. All optional, all from outside."""

import math
from collections.abc import Mapping
from typing import Final

from studio.domain.purchase import Receipt
from studio.engine.complaints import number

_LONGEST_NAME: Final = 128  # of an identifier; the real ones have some 20 characters


def receipt_of(headers: Mapping[str, str]) -> Receipt:
    """The receipt in the headers of an answer (lower-case names); what is missing or no number is left out."""
    charged, slots = number(headers, "character-cost"), number(headers, "maximum-concurrent-requests")
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
