"""Addresses on the network: how they are written down, and which of them lie in the internet."""

import hashlib
import ipaddress
import re
from typing import Final, TypeAlias
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from studio.domain.errors import InputError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_IS_LINK: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Where clouds tell the machines in them their secrets. Nobody's sources lie there.
_METADATA: Final = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")))
_SECRET: Final = re.compile(
    r"key|token|secret|sig|pass|pwd|auth|session|sid\b|credential|jwt|otp|^code$|^x-amz-|^x-goog-", re.IGNORECASE
)
_TRACKING: Final = re.compile(r"utm_\w+|fbclid|gclid|msclkid|mc_[ce]id", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}


def is_link(text: str) -> bool:
    """Whether a text is meant as an address on the network, and not as a file."""
    return bool(_IS_LINK.match(text))


def split(url: str) -> SplitResult:
    """The parts of an address that has a host. Raises `InputError`."""
    if not _can_be_split(url) or not urlsplit(url).hostname:
        raise no_address(url)
    return urlsplit(url)


def port_of(parts: SplitResult) -> int:
    """The port that is asked."""
    return parts.port or _PORTS.get(parts.scheme, 443)


def joined(base: str, location: str) -> str:
    """Where a reference on a page leads. Raises `InputError` where it can lead nowhere."""
    try:
        return urljoin(base, location.strip())
    except ValueError:
        raise no_address(location) from None


def shown(url: str) -> str:
    """An address as it stands in sentences: host and path, without what may be secret in it."""
    parts = urlsplit(url) if _can_be_split(url) else None
    if parts is None or not parts.hostname:
        return url[:120]
    return f"{parts.hostname}{parts.path}".rstrip("/")[:120]


def kept(url: str) -> str:
    """An address as it is stored and cited: one for each page, without user, fragment and what follows visitors.

    What may be a secret in its query is replaced by a few characters that tell two of them apart. Raises `InputError`.
    """
    parts = split(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    port = "" if port_of(parts) == _PORTS.get(parts.scheme) else f":{port_of(parts)}"
    query = parts.query
    named = parse_qsl(query, keep_blank_values=True)
    if any(_SECRET.search(name) or _TRACKING.fullmatch(name) for name, _ in named):
        query = urlencode([(name, _kept(name, value)) for name, value in named if not _TRACKING.fullmatch(name)])
    return urlunsplit((parts.scheme, host + port, quote(parts.path or "/", safe="/%:@!$&'()*+,;=~"), query, ""))


def is_public(address: Address) -> bool:
    """Whether it is somewhere in the internet; what an address of IPv6 wraps counts."""
    wrapped = _wrapped(address)
    if wrapped is not None:
        return is_public(wrapped)
    if isinstance(address, ipaddress.IPv6Address) and address.teredo is not None:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def is_forbidden(address: Address) -> bool:
    """Whether it is asked for no one: what no source can lie behind."""
    wrapped = _wrapped(address)
    if wrapped is not None:
        return is_forbidden(wrapped)
    return address in _METADATA or address.is_multicast or address.is_unspecified or str(address) == "255.255.255.255"


def no_address(url: str) -> InputError:
    """What is no address at all."""
    return InputError(f"“{url[:120]}” is no address that can be read.", "Check it, or save the text as a file.")


def _wrapped(address: Address) -> ipaddress.IPv4Address | None:
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _can_be_split(url: str) -> bool:
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def _kept(name: str, value: str) -> str:
    if not _SECRET.search(name):
        return value
    return f"~{hashlib.sha256(value.encode('utf-8', 'replace')).hexdigest()[:6]}"
