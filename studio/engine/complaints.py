"""What a vendor's server says when it does not do what it was asked: read from its body and headers, and looked up.

What the codes of a vendor mean stands in a table of its own, in the room that talks to it. Everything here comes from
outside: any part may be missing, wrong or hostile.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, TypeAlias

from studio.domain.purchase import Trouble

Meaning: TypeAlias = tuple[Trouble, str, str]
"""What it means for the purchase, what happened, and what can be done."""

_LONGEST_QUOTE: Final = 300  # characters
_LONGEST_WAIT_S: Final = 86_400.0
_PAGE: Final = re.compile(r"<(!doctype|html|head|body|title)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the body of an error says. Empty where it does not: `code`, `message`, and `param`, the part it is about."""

    code: str = ""
    message: str = ""
    param: str = ""

    def too_many_at_once(self, status: int) -> bool:
        """Whether it is the number of requests at the same time, and not their pace, that is refused."""
        return status == 429 and "concurren" in self.message.lower()


@dataclass(frozen=True, slots=True)
class ErrorTable:
    """What the errors of a vendor mean.

    Args:
        by_code: By the code in the body, which is the most telling.
        by_status: By HTTP's status, where the code is unknown.
        otherwise: Of a status (0 for none) and a code, where neither is known.
        within: Where the error stands in the body, in the order in which it is looked for.
        codes: What its codes are called there; a general one may stand beside the telling one.
    """

    by_code: Mapping[str, Meaning]
    by_status: Mapping[int, Meaning]
    otherwise: Callable[[int, str], Meaning]
    within: Sequence[str] = ("detail", "error")
    codes: Sequence[str] = ("code", "status")

    def read(self, body: object) -> Complaint:
        """What a parsed body, or one that is text, says, in any of the shapes that occur."""
        if isinstance(body, str):
            return Complaint(message="" if body.lstrip().startswith("{") else body)  # JSON that was cut off
        if not isinstance(body, dict):
            return Complaint()
        detail: Any = next((body[name] for name in self.within if name in body), body)
        if isinstance(detail, list):  # the validation errors of a framework: [{"loc": ["body", "seed"], "msg": "..."}]
            first = detail[0] if detail and isinstance(detail[0], dict) else {}
            place = first.get("loc")
            param = _text(place[-1]) if isinstance(place, list) and place else ""
            return Complaint("", _text(first.get("msg")), param)
        if not isinstance(detail, dict):
            return Complaint(message=_text(detail))
        codes = [code for name in self.codes if (code := _text(detail.get(name)))]
        code = next((code for code in codes if code in self.by_code), codes[0] if codes else "")
        return Complaint(code, _text(detail.get("message")), _text(detail.get("param")))

    def meaning(self, status: int, code: str) -> Meaning:
        """What an error with this status and code means."""
        return self.by_code.get(code) or self.by_status.get(status) or self.otherwise(status, code)


def quoted(text: str, secret: str, keys: re.Pattern[str]) -> str:
    """A server's words as they may be shown: one line, not too long, no key, no page of HTML.

    `secret` is the key that was sent, empty for none; `keys` what looks like any of the vendor's.
    """
    if _PAGE.search(text):
        return ""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    line = keys.sub("[key]", line.replace(secret, "[key]") if secret else line)
    return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1]}…"


def sentence(text: str) -> str:
    """With a full stop, where it has no end of its own."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the headers of an answer (names in small letters), a day at most; None where they do not say.

    RFC 9110 has seconds, or a date, which counts from the server's own clock; some say thousandths of seconds.
    """
    thousandths, seconds = number(headers, "retry-after-ms"), number(headers, "retry-after")
    if thousandths is not None:
        seconds = thousandths / 1000
    if seconds is None:
        at = _date(headers.get("retry-after", "").strip())
        if at is None:
            return None
        seconds = max(0.0, (at - (_date(headers.get("date", "")) or datetime.now(UTC))).total_seconds())
    return min(seconds, _LONGEST_WAIT_S)


def number(headers: Mapping[str, str], name: str) -> float | None:
    """A header that should be an amount; None where it is none, or beyond all reason."""
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


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
