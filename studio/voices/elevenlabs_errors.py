"""What goes wrong between us and ElevenLabs, as one of our errors: what happened, what it means, what can be done.

The one place where that is decided. What is made here is raised without a cause or context: the errors of httpx and of
the SDK hold the request, and with it the key.
"""

import re
from collections.abc import Mapping
from typing import Final

from studio.domain.purchase import CallError, Receipt, Trouble
from studio.engine.complaints import ErrorTable, Meaning, quoted, retry_after_s, sentence
from studio.voices.elevenlabs_headers import receipt_of

_KEYS: Final = re.compile(r"\bsk_[A-Za-z0-9]{8,}|\b[0-9a-f]{32}\b")  # both kinds of ElevenLabs keys
_WAIT = "Batchcast waits and tries again by itself."
_LATER = "Try again later; status.elevenlabs.io tells of disturbances."
_NEW_KEY = "Enter a valid key in the settings or in ELEVENLABS_API_KEY; keys are made at elevenlabs.io, under API keys."
_UPGRADE = "Choose another format, model or voice in the settings, or a higher plan at elevenlabs.io."
_CHANGE = "Change the settings of the voice, then start again."
_SHORTER = "Choose a model that takes longer texts, or a shorter script."

# The code in the body -> what it means, what happened, what to do. Documented, or seen in answers, in November 2026.
_BY_CODE: Final[dict[str, Meaning]] = {
    "too_many_concurrent_requests": (Trouble.SLOTS, "ElevenLabs has too many requests of this account at once.", _WAIT),
    "concurrent_limit_exceeded": (Trouble.SLOTS, "ElevenLabs has too many requests of this account at once.", _WAIT),
    "rate_limit_exceeded": (Trouble.RATE, "ElevenLabs had too many requests in a short time.", _WAIT),
    "too_many_requests": (Trouble.RATE, "ElevenLabs had too many requests in a short time.", _WAIT),
    "system_busy": (Trouble.BUSY, "ElevenLabs is overloaded at the moment.", _WAIT),
    "quota_exceeded": (
        Trouble.QUOTA,
        "The credits of the ElevenLabs account are used up.",
        "Wait for the next billing period or buy credits at elevenlabs.io, then start again.",
    ),
    "invalid_api_key": (Trouble.KEY, "ElevenLabs does not know the API key.", _NEW_KEY),
    "missing_permissions": (
        Trouble.KEY,
        "The API key may not do this.",
        "Give the key the permission at elevenlabs.io, under API keys, or use another key.",
    ),
    "detected_unusual_activity": (
        Trouble.KEY,
        "ElevenLabs has blocked the account because of unusual activity.",
        "Turn off a VPN or proxy, or take a paid plan; ElevenLabs' support can tell more.",
    ),
    "paid_plan_required": (Trouble.PLAN, "The plan of the ElevenLabs account does not include this.", _UPGRADE),
    "payment_required": (Trouble.PLAN, "ElevenLabs waits for a payment for the account.", _UPGRADE),
    "output_format_not_allowed": (Trouble.PLAN, "The plan of the ElevenLabs account lacks this format.", _UPGRADE),
    "voice_not_found": (
        Trouble.REFUSED,
        "ElevenLabs has no such voice in this account.",
        "Choose another voice, or add this one to the account at elevenlabs.io.",
    ),
    "model_not_found": (Trouble.REFUSED, "ElevenLabs has no such model.", "Choose another model in the settings."),
    "unsupported_model": (Trouble.REFUSED, "The model does not take what it was asked for.", _CHANGE),
    "max_character_limit_exceeded": (Trouble.REFUSED, "The text is too long for the model.", _SHORTER),
    "input_text_empty": (Trouble.REFUSED, "The text has nothing to say.", "Write something into the script."),
    "invalid_voice_settings": (Trouble.REFUSED, "ElevenLabs does not take these settings of the voice.", _CHANGE),
    "pronunciation_dictionary_not_found": (
        Trouble.REFUSED,
        "ElevenLabs has no such pronunciation dictionary in this account.",
        "Correct the setting “Pronunciation dictionaries”.",
    ),
}
# Where the code is unknown: by HTTP status.
_BY_STATUS: Final[dict[int, Meaning]] = {
    401: (Trouble.KEY, "ElevenLabs does not accept the API key.", _NEW_KEY),
    402: _BY_CODE["paid_plan_required"],
    403: (Trouble.KEY, "ElevenLabs does not let this key, or this network, in.", _NEW_KEY),
    408: (Trouble.CUT, "ElevenLabs did not get the request in time.", _WAIT),
    409: (Trouble.BUSY, "ElevenLabs is still at work on something else of this account.", _WAIT),
    413: _BY_CODE["max_character_limit_exceeded"],
    425: (Trouble.BUSY, "ElevenLabs wants the request later.", _WAIT),
    429: _BY_CODE["rate_limit_exceeded"],
}


def _unknown(status: int, code: str) -> Meaning:
    if status >= 500:
        return Trouble.BROKEN, f"ElevenLabs failed (HTTP {status}).", _LATER
    if 300 <= status < 400:
        return (
            Trouble.REFUSED,
            f"The server points to another address (HTTP {status}), where the key is not sent.",
            "Correct ELEVENLABS_BASE_URL.",
        )
    detail = f"HTTP {status}, {code}" if code.isidentifier() and len(code) < 60 else f"HTTP {status}"
    return Trouble.REFUSED, f"ElevenLabs refuses the request ({detail}).", _CHANGE


_TABLE: Final = ErrorTable(_BY_CODE, _BY_STATUS, _unknown)


class AnswerError(CallError):
    """An answer that is an error. `code` and `param` are empty where the vendor gave none; `status` is HTTP's."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str], secret: str) -> None:
        told = _TABLE.read(body)
        concurrent = told.too_many_at_once(status) and told.code not in _BY_CODE
        trouble, happened, cure = _TABLE.meaning(status, "concurrent_limit_exceeded" if concurrent else told.code)
        if told.message:
            happened += f" It says: {clean(told.message, secret)}"
        if told.param:
            happened += f" (parameter {clean(told.param, secret)})"
        super().__init__(
            trouble, sentence(happened), cure, retry_after_s=retry_after_s(headers), receipt=receipt_of(headers)
        )
        self.status, self.code, self.param = status, told.code, told.param

    @property
    def forbids(self) -> bool:
        """Whether the key lacks the permission, so that asking again is of no use."""
        return self.code == "missing_permissions" or (self.status == 403 and self.trouble is Trouble.KEY)

    @property
    def lacks_timestamps(self) -> bool:
        """Whether the model, or a server in between, knows sound only without timestamps. Such a refusal is free."""
        nowhere = self.status in {404, 405} and self.code in {"", "not_found"}
        return nowhere or (self.code == "unsupported_model" and "timestamp" in self.message.lower())

    @property
    def rejects_request_ids(self) -> bool:
        """Whether the earlier requests that were named are unknown, or too old (two hours)."""
        return self.trouble is Trouble.REFUSED and "request_ids" in f"{self.code} {self.param}"


def vendor_errors(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What the SDK and httpx raise, and `more`; for an `except`, which asks only when something was raised."""
    import httpx
    from elevenlabs.core.api_error import ApiError
    from elevenlabs.core.parse_error import ParsingError

    # ValueError is JSON or Unicode that is none: the SDK lets some of it through.
    return (httpx.HTTPError, httpx.InvalidURL, ApiError, ParsingError, TimeoutError, ValueError, *more)


def call_error(error: Exception, secret: str, receipt: Receipt | None = None) -> CallError:
    """One of `vendor_errors` as ours; to be raised after the `except` block, so that nothing hangs on it.

    Args:
        error: What was raised.
        secret: The key, in case that somebody repeats it to us.
        receipt: Of the answer that had begun, if one had.
    """
    import httpx
    from elevenlabs.core.api_error import ApiError

    if isinstance(error, ApiError) and not 200 <= (error.status_code or 0) < 300:
        return AnswerError(error.status_code or 0, error.body, error.headers or {}, secret)
    if isinstance(error, UnicodeEncodeError):
        return CallError(
            Trouble.REFUSED, "The text has characters that cannot be sent.", "Remove broken characters from the script."
        )
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return wrong_address()
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.ProxyError):
        why = f" ({words})" if (words := clean(str(error), secret).rstrip(".")) else ""
        return CallError(
            Trouble.OFFLINE,
            f"ElevenLabs cannot be reached{why}.",
            "Look at the network connection; Batchcast goes on by itself when it is back.",
        )
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return CallError(Trouble.CUT, "ElevenLabs took too long to answer.", _WAIT, receipt=receipt)
    if isinstance(error, httpx.TransportError):
        return CallError(Trouble.CUT, "The connection to ElevenLabs was lost.", _WAIT, receipt=receipt)
    if receipt is not None or isinstance(error, httpx.DecodingError):
        return spoilt("what cannot be read", receipt)
    return unreadable()


def spoilt(what: str, receipt: Receipt | None) -> CallError:
    """An answer that says it is fine, and is not the sound."""
    return CallError(
        Trouble.SPOILT,
        f"ElevenLabs sent {what} instead of sound.",
        "Batchcast looks into the account's history for the sound, and tries again.",
        receipt=receipt,
    )


def unreadable() -> CallError:
    """For an answer to a question that is not of the shape it should have."""
    return CallError(Trouble.BROKEN, "ElevenLabs answered with something that cannot be read.", _LATER)


def no_dictionary(name: str) -> CallError:
    """What was given as the ID of a pronunciation dictionary cannot be one."""
    return CallError(
        Trouble.REFUSED,
        f"“{name}” is not the ID of a pronunciation dictionary.",
        "Correct the setting “Pronunciation dictionaries”.",
    )


def wrong_address() -> CallError:
    """For a base address that is none."""
    return CallError(
        Trouble.REFUSED,
        "ELEVENLABS_BASE_URL is not the address of a server.",
        "Give one that begins with https://, or unset it.",
    )


def message_of(body: object) -> str:
    """What an error object in JSON says, for people; empty where it is none."""
    return _TABLE.read(body).message


def clean(text: str, secret: str) -> str:
    """A vendor's words as they may be shown: one line, not too long, no key, no page of HTML."""
    return quoted(text, secret, _KEYS)
