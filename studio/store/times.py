"""Times as the library keeps them: UTC, ISO 8601, to the millisecond, so that they sort as text."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time of the machine."""
    return datetime.now(UTC)


def stamp(time: datetime) -> str:
    """A time as it is kept."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"


def read(text: str) -> str:
    """Any ISO 8601 time, or a date, as it is kept; without a zone it is taken as UTC. Empty stays empty: always."""
    if not text:
        return ""
    time = datetime.fromisoformat(text)
    return stamp(time if time.tzinfo else time.replace(tzinfo=UTC))
