"""Answers of the service that are no audio: JSON, and errors in the shapes that it really uses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ErrorStyle: TypeAlias = Literal["both", "status", "code"]

_TYPES = {
    400: "validation_error",
    401: "authentication_error",
    402: "payment_required",
    403: "authorization_error",
    404: "not_found",
    422: "validation_error",
    429: "rate_limit_error",
}
_MESSAGES = {
    "invalid_api_key": "Invalid API key",
    "too_many_concurrent_requests": (
        "Too many concurrent requests. Your current subscription is associated with a maximum of {width} concurrent "
        "requests (running in parallel)."
    ),
    "concurrent_limit_exceeded": "You have exceeded the concurrency limit of {width} of your subscription.",
    "rate_limit_exceeded": "You have sent too many requests in a short time. Slow down.",
    "system_busy": "We are experiencing heavy traffic! Please try again later.",
    "quota_exceeded": (
        "This request exceeds your quota of {limit}. You have {remaining} credits remaining, "
        "while {needed} credits are required for this request."
    ),
    "detected_unusual_activity": (
        "Unusual activity detected. Free Tier usage disabled. If you are using a proxy or VPN you might need to "
        "purchase a Paid Plan to not trigger our abuse detectors."
    ),
    "paid_plan_required": "This output format requires a higher plan than yours.",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class RefusedError(Exception):
    """The request is refused with an error answer; refusing is free.

    Args:
        status: HTTP.
        code: In the body; goes into `code`, `status` or both.
        message: For people; the usual one for the code where it is empty, with `facts` filled in.
        param: Which parameter is wrong.
        retry_after_s: Goes into the header, where given.
        facts: For the message.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str = "",
        *,
        param: str | None = None,
        retry_after_s: float | None = None,
        **facts: object,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.param, self.retry_after_s = status, code, param, retry_after_s
        self.message = message or _MESSAGES.get(code, code).format_map(_Facts(facts))

    def reply(self, request_id: str, style: ErrorStyle) -> Reply:
        """As it goes over the wire."""
        detail: dict[str, object] = {"message": self.message}
        if style != "code":
            detail["status"] = self.code
        if style != "status":  # the older shape has these two only
            detail.update(type=_TYPES.get(self.status, "internal_error"), code=self.code, request_id=request_id)
            detail["param"] = self.param
        return Reply(self.status, dump({"detail": detail}), headers=retry_after(self.retry_after_s))


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "0"


def dump(value: object) -> bytes:
    """JSON, as bytes."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def ok(value: object) -> Reply:
    """200 with JSON."""
    return Reply(200, dump(value))


def breakdown(status: int, *, html: bool, retry_after_s: float | None = None) -> Reply:
    """A 5xx: of the service itself as JSON, of what stands before it as HTML."""
    names = {500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}
    headers = retry_after(retry_after_s)
    if html:
        page = (
            f"<html><head><title>{status} {names[status]}</title></head><body><center><h1>{status} {names[status]}</h1>"
            "</center></body></html>"
        )
        return Reply(status, page.encode(), "text/html; charset=UTF-8", headers)
    return Reply(status, dump({"detail": {"status": "internal_error", "message": names[status]}}), headers=headers)


def retry_after(seconds: float | None) -> dict[str, str]:
    """The header, where there is something to say."""
    return {} if seconds is None else {"retry-after": f"{seconds:g}"}
