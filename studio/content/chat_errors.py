"""What goes wrong between us and a chat model, as one of our errors: what happened, what it means, what can be done.

The one place where that is decided. What is made here is raised without a cause or context: the errors of httpx hold
the request, and with it the key.
"""

import json
import re
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from studio.domain.purchase import CallError, Trouble
from studio.engine.complaints import ErrorTable, Meaning, quoted, retry_after_s, sentence

_KEYS: Final = re.compile(r"\b(?:sk|pk|gsk|xai|key)[-_][A-Za-z0-9_-]{12,}|\b[A-Za-z0-9_-]{40,}\b|[Bb]earer\s+\S+")
_WAIT = "Batchcast waits and tries again by itself."
_LATER = "Look at the server, or try again later."
_NEW_KEY = "Enter a valid key for the writer in the settings, under API keys, or set BATCHCAST_WRITER_KEY."
_MONEY = "Add credit to the account there, then start again."
_MODEL = "Choose another model of the writer in the settings."
_SHORTER = "Choose a model that takes longer texts, or ask for fewer minutes."
_REWORD = "Reword the topic or its brief, or choose another model of the writer."

# The code in the body -> what it means, what happened, what to do.
_BY_CODE: Final[dict[str, Meaning]] = {
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
_BY_STATUS: Final[dict[int, Meaning]] = {
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


def _unknown(status: int, _code: str) -> Meaning:
    if status >= 500 or not status:
        return Trouble.BROKEN, f"it failed (HTTP {status})" if status else "it failed", _LATER
    if 300 <= status < 400:
        return Trouble.REFUSED, "it points to another address, which is not followed", "Correct the writer's address."
    return Trouble.REFUSED, f"it refuses the request (HTTP {status})", "Look at the settings of the writer."


_TABLE: Final = ErrorTable(_BY_CODE, _BY_STATUS, _unknown, ("error", "detail"), ("code", "type", "status"))


class AnswerError(CallError):
    """An answer that is an error. `blamed` is the optional part of the request that it is about; `vague` says nothing.

    `status` is HTTP's, 0 for an error within a stream.
    """

    def __init__(self, host: str, status: int, body: object, headers: Mapping[str, str], secret: str) -> None:
        complaint = _TABLE.read(body)
        trouble, happened, cure = _TABLE.meaning(status, complaint.code)
        if complaint.too_many_at_once(status):
            trouble, happened, cure = Trouble.SLOTS, "it has too many requests at once", _WAIT
        said = clean(complaint.message, secret)
        message = f"The model at {host}: {happened}." + (f" It says: {said}" if said else "")
        super().__init__(trouble, sentence(message), cure, retry_after_s=retry_after_s(headers))
        self.status, self.code = status, complaint.code
        told = f"{complaint.param} {said}".lower()
        self.blamed = next((name for name in _OPTIONAL if name in told), "")
        self.wants_completion_tokens = "max_completion_tokens" in told and "context" not in told
        self.vague = complaint.code not in _BY_CODE


def transport_error(error: Exception, host: str, secret: str) -> CallError:
    """One of httpx's errors, or a timeout, as ours; to be raised after the `except` block: nothing hangs on it then."""
    import httpx

    if isinstance(error, httpx.ConnectError) and (secure := _tls_error(error)) is not None:
        return _unsafe(secure, host)
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


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    """What broke the encryption, where that is what happened."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _unsafe(error: ssl.SSLError, host: str) -> CallError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return CallError(
            Trouble.OFFLINE,
            f"The certificate of {host} cannot be trusted ({error.verify_message.rstrip('.')}).",
            "Give the address that it was made for, or have this computer trust it.",
        )
    why = f" ({error.reason.replace('_', ' ').lower()})" if error.reason else ""
    return CallError(
        Trouble.OFFLINE,
        f"The server at {host} does not speak TLS as it should{why}.",
        "Give the writer's address with http:// where the model is your own; else look at its port.",
    )


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
    return quoted(text, secret, _KEYS)


def parsed(body: bytes) -> object:
    """The body of an error: JSON where it is some, else text."""
    text = body.decode("utf-8", "replace")
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return text
