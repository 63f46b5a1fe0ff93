"""What a host asks of those who read it by themselves: which pages not, and how fast (robots.txt, RFC 9309)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from studio.content.addresses import port_of, shown, split
from studio.content.shared_work import SharedWork
from studio.domain.errors import InputError
from studio.engine.ports import Clock

if TYPE_CHECKING:
    from protego import Protego

NAME: Final = "Batchcast"
"""What rules for this reader are written for."""
LARGEST_RULES: Final = 512 * 1024
"""Bytes of rules that are heeded; RFC 9309 asks for 500 KiB at least."""

_KEPT_S: Final = 24 * 3600.0
_UNREACHABLE_S: Final = 300.0
_LONGEST_DELAY_S: Final = 60.0
_LONGEST_WAIT_S: Final = 600.0
_ASK_OWNER: Final = "Save the page as a file and give that, or ask whoever runs the site."

ReadRules: TypeAlias = Callable[[str, bool], Awaitable[str | None]]
"""Reads the rules at an address that may be private or not: their text, empty for none, None while none can be had."""


@dataclass(slots=True)
class _Rules:
    until: float
    parsed: "Protego | None"  # None: they cannot be had


class Courtesy:
    """Says when, and whether, a host may be asked.

    Args:
        read: Reads the rules of a host.
        clock: Time.
        pace_s: Seconds from one request to the next at the same host, unless it asks for more.
    """

    def __init__(self, read: ReadRules, clock: Clock, pace_s: float) -> None:
        self._read = read
        self._clock = clock
        self._pace_s = pace_s
        self._rules: dict[tuple[str, bool], _Rules] = {}
        self._next: dict[str, float] = {}
        self._reading: SharedWork[_Rules] = SharedWork()

    async def allows(self, url: str, *, private: bool) -> None:
        """Raise `InputError` where the rules of its host forbid an address, or cannot be had now."""
        host = _host(url)
        rules = self._rules.get((host, private))
        if rules is None or rules.until < self._clock.monotonic():
            rules = await self._reading.done((host, private), lambda: self._fresh(host, private=private))
            self._rules[host, private] = rules
        if rules.parsed is None:
            raise InputError(
                f"“{shown(url)}” is not read now: its server does not say what may be read (robots.txt).",
                "Try again later, or save the page as a file and give that.",
            )
        if not rules.parsed.can_fetch(url, NAME):
            raise InputError(f"“{shown(url)}” may not be read by programs, says its site (robots.txt).", _ASK_OWNER)

    def wait_s(self, url: str, *, private: bool) -> float:
        """Seconds until its turn, which is hereby taken. Raises `InputError` where that is too long."""
        host = _host(url)
        rules = self._rules.get((host, private))
        asked = rules.parsed.crawl_delay(NAME) if rules is not None and rules.parsed is not None else None
        if asked is not None and asked > _LONGEST_DELAY_S:
            raise InputError(f"“{shown(url)}” asks for {asked:,.0f} s between two pages.", _ASK_OWNER)
        now = self._clock.monotonic()
        turn = max(now, self._next.get(host, now))
        if turn - now > _LONGEST_WAIT_S:
            raise InputError(f"“{shown(url)}” would be read in {(turn - now) / 60:.0f} minutes only.", _ASK_OWNER)
        # What lies at home is nobody else's to be spared.
        self._next[host] = turn + max(0.0 if private else self._pace_s, asked or 0.0)
        return turn - now

    def hold_off(self, url: str, seconds: float) -> None:
        """Ask a host no more for so long."""
        host = _host(url)
        self._next[host] = max(self._next.get(host, 0.0), self._clock.monotonic() + seconds)

    async def _fresh(self, host: str, *, private: bool) -> _Rules:
        text = await self._read(f"{host}/robots.txt", private)
        now = self._clock.monotonic()
        if text is None:
            return _Rules(now + _UNREACHABLE_S, None)
        return _Rules(now + _KEPT_S, await asyncio.to_thread(_parsed, text))


def _parsed(text: str) -> "Protego":
    from protego import Protego

    return Protego.parse(text)


def _host(url: str) -> str:
    parts = split(url)
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port_of(parts)}"
