"""What goes wrong between us and a chat model, as one of our errors: what happened, what it means, what can be done.

The one place where that is decided. What is made here is raised without a cause or context: the errors of httpx hold
the request, and with it the key.
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any, Final

from studio.domain.purchase import CallError, Trouble

_LONGEST_QUOTE: Final = 300
_KEYS: Final = re.compile(r"\b(?:sk|pk|gsk|xai|key)[-_][A-Za-z0-9_-]{12,}|\b[A-Za-z0-9_-]{40,}\b|[Bb]earer\s+\S+")
_WAIT = "Batchcast waits and tries again by itself."
_LATER = "Look at the server, or try again later."
_NEW_KEY = "Enter a valid key for the writer in the settings, under API keys, or set BATCHCAST_WRITER_KEY."
_MONEY = "Add credit to the account there, then start again."
_MODEL = "Choose another model of the writer in the settings."
_SHORTER = "Choose a model that takes longer texts, or ask for fewer minutes."
_REWORD = "Reword the topic or its brief, or choose another model of the writer."

# The code in the body -> what it means, what happened, what to do.
_BY_CODE: Final[dict[str, tuple[Trouble, str, str]]] = {
    "insufficient_quota": (Trouble.QUOTA, "the account has no credit left", _MONEY),
    "billing_hard_limit_reached": (Trouble.QUOTA, "the account has reached its limit", _MONEY),
    "billing_not_active": (Trouble.QUOTA, "the account is not active", _MONEY),
    "insufficient_balance": (Trouble.QUOTA, "the account has no credit left", _MONEY),
    "rate_limit_exceeded": (Trouble.RATE, "it was asked too often", _WAIT),
    "rate_limit_error": (Trouble.RATE, "it was asked too often", _WAIT),
    "tokens_per_minute_exceeded": (Trouble.RATE, "it was asked too often", _WAIT),
    "overloaded_error": (Trouble.BUSY, "it is overloaded at the moment", _WAIT),
    "server_overloaded": (Trouble.BUSY, "it is overloaded at the moment", _WAIT),
    "invalid_api_key": (Trouble.KEY, "it does not accept the API key", _NEW_KEY),
    "authentication_error": (Trouble.KEY, "it does not accept the API key", _NEW_KEY),
    "permission_error": (Trouble.KEY, "the API key may not do this", _NEW_KEY),
    "model_not_found": (Trouble.REFUSED, "it has no such model", _MODEL),
    "context_length_exceeded": (Trouble.REFUSED, "the question is too long for the model", _SHORTER),
    "content_policy_violation": (Trouble.REFUSED, "its filter does not let the question through", _REWORD),
    "content_filter": (Trouble.REFUSED, "its filter does not let the question through", _REWORD),
}
# Where the code is unknown: by HTTP status.
_BY_STATUS: Final[dict[int, tuple[Trouble, str, str]]] = {
    401: (Trouble.KEY, "it does not accept the API key, or there is none", _NEW_KEY),
    402: _BY_CODE["insufficient_quota"],
    403: (Trouble.KEY, "it does not let this key, or this network, in", _NEW_KEY),
    404: (Trouble.REFUSED, "it knows neither the path nor the model", "Look at the writer's address and model."),
    408: (Trouble.CUT, "it did not get the request in time", _WAIT),
    409: (Trouble.BUSY, "it is still at work on something else", _WAIT),
    413: _BY_CODE["context_length_exceeded"],
    425: (Trouble.BUSY, "it wants the request later", _WAIT),
    429: _BY_CODE["rate_limit_exceeded"],
    503: (Trouble.BUSY, "it is overloaded, or still loading its model", _WAIT),
    529: _BY_CODE["overloaded_error"],
}
_OPTIONAL: Final = ("stream_options", "response_format", "temperature", "seed", "max_completion_tokens", "max_tokens")


class AnswerError(CallError):
    """An answer that is an error. `blamed` is the optional part of the request that it is about; `vague` says nothing.

    `status` is HTTP's, 0 for an error within a stream.
    """

    def __init__(self, host: str, status: int, body: object, headers: Mapping[str, str], secret: str) -> None:
        codes, said, param = _read(body)
        code = next((code for code in codes if code in _BY_CODE), codes[0] if codes else "")
        known = _BY_CODE.get(code)
        trouble, happened, cure = known or _BY_STATUS.get(status) or _unknown(status)
        if status == 429 and "concurren" in said.lower():
            trouble, happened, cure = Trouble.SLOTS, "it has too many requests at once", _WAIT
        said = clean(said, secret)
        message = f"The model at {host}: {happened}." + (f" It says: {said}" if said else "")
        message = message if message.endswith((".", "!", "?", "…")) else f"{message}."
        super().__init__(trouble, message, cure, retry_after_s=retry_after_s(headers))
        self.status = status
        told = f"{param} {said}".lower()
        self.blamed = next((name for name in _OPTIONAL if name in told), "")
        self.wants_completion_tokens = "max_completion_tokens" in told and "context" not in told
        self.vague = not known


def transport_error(error: Exception, host: str, secret: str) -> CallError:
    """One of httpx's errors, or a timeout, as ours; to be raised after the `except` block: nothing hangs on it then."""
    import httpx

    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        why = f" ({words})" if (words := clean(str(error), secret).rstrip(".")) else ""
        return CallError(
            Trouble.OFFLINE,
            f"The model at {host} cannot be reached{why}.",
            "Start its server, or look at the network; Batchcast goes on by itself when it is back.",
        )
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return CallError(Trouble.REFUSED, f"“{host}” is no address of a server.", "Correct the writer's address.")
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return cut(host, "took too long to answer")
    if isinstance(error, httpx.DecodingError):
        return unreadable(host)
    return cut(host, "broke off its answer")


def cut(host: str, what: str) -> CallError:
    """For an answer that did not come to its end."""
    return CallError(Trouble.CUT, f"The model at {host} {what}.", _WAIT)


def unreadable(host: str) -> CallError:
    """For an answer that is none of this protocol."""
    return CallError(
        Trouble.BROKEN,
        f"The model at {host} answered with something that cannot be read.",
        "Look at the writer's address: it ends with the version, such as /v1.",
    )


def stream_error(host: str, error: object, secret: str, *, begun: bool) -> CallError:
    """For an error within a stream. Once anything of the answer has come, it may have been charged."""
    failure = AnswerError(host, 0, {"error": error}, {}, secret)
    if begun and not failure.maybe_charged:
        return CallError(Trouble.BROKEN, failure.message, _LATER)
    return failure


def clean(text: str, secret: str) -> str:
    """A server's words as they may be shown: one line, not too long, no key, no page of HTML."""
    if re.search(r"<(!doctype|html|head|body|title)\b", text, re.IGNORECASE):
        return ""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    line = _KEYS.sub("[key]", line.replace(secret, "[key]") if secret else line)
    return line if len(line) <= _LONGEST_QUOTE else f"{line[: _LONGEST_QUOTE - 1]}…"


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """How long to wait by the headers: seconds, thousandths of them, or a date."""
    with suppress(ValueError):
        thousandths = float(headers.get("retry-after-ms", ""))
        if isfinite(thousandths) and thousandths >= 0:
            return thousandths / 1000
    said = headers.get("retry-after", "").strip()
    with suppress(ValueError):
        seconds = float(said)
        return seconds if isfinite(seconds) and seconds >= 0 else None
    with suppress(ValueError):
        at = parsedate_to_datetime(said)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0.0, (at - datetime.now(UTC)).total_seconds())
    return None


def parsed(body: bytes) -> object:
    """The body of an error: JSON where it is some, else text."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError):
        return json.loads(text)
    return text


def _unknown(status: int) -> tuple[Trouble, str, str]:
    if status >= 500 or not status:
        return Trouble.BROKEN, f"it failed (HTTP {status})" if status else "it failed", _LATER
    if 300 <= status < 400:
        return Trouble.REFUSED, "it points to another address, which is not followed", "Correct the writer's address."
    return Trouble.REFUSED, f"it refuses the request (HTTP {status})", "Look at the settings of the writer."


def _read(body: object) -> tuple[list[str], str, str]:
    """Codes, message and parameter of an error body, in any of the shapes that occur."""
    if isinstance(body, str):
        return [], body, ""
    if not isinstance(body, dict):
        return [], "", ""
    detail: Any = body.get("error", body.get("detail", body))
    if isinstance(detail, list):  # the validation errors of a framework: [{"loc": ["body", "seed"], "msg": "..."}]
        first = detail[0] if detail and isinstance(detail[0], dict) else {}
        place = first.get("loc")
        return [], _text(first.get("msg")), _text(place[-1]) if isinstance(place, list) and place else ""
    if not isinstance(detail, dict):
        return [], _text(detail), ""
    codes = [code for name in ("code", "type", "status") if (code := _text(detail.get(name)))]
    return codes, _text(detail.get("message")), _text(detail.get("param"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
