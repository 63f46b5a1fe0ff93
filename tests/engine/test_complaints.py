"""What servers say when they refuse, in any shape: what it means, what may be shown of it, when to come again."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.purchase import Trouble
from studio.engine.complaints import Complaint, ErrorTable, quoted, retry_after_s, sentence

TABLE = ErrorTable(
    by_code={"no_money": (Trouble.QUOTA, "spent", "pay")},
    by_status={401: (Trouble.KEY, "no key", "give one")},
    otherwise=lambda status, code: (Trouble.BROKEN, f"{status} {code}", "wait"),
)
KEYS = re.compile(r"\bsk_[a-z0-9]{8,}")
NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ({"detail": {"status": "no_money", "message": "Gone."}}, Complaint("no_money", "Gone.")),
        ({"error": {"code": "odd", "status": "no_money"}}, Complaint("no_money")),  # the telling one of two
        ({"error": {"code": "odd", "param": "seed"}}, Complaint("odd", "", "seed")),
        ({"message": "Not here."}, Complaint("", "Not here.")),
        ({"error": "Plain words."}, Complaint("", "Plain words.")),
        ({"detail": [{"loc": ["body", "seed"], "msg": "too large"}]}, Complaint("", "too large", "seed")),
        ({"detail": []}, Complaint()),
        ({"detail": [7]}, Complaint()),
        ({"detail": None, "error": {"code": "no_money"}}, Complaint()),
        ("Bad gateway", Complaint("", "Bad gateway")),
        ('{"error": {"mess', Complaint()),
        (None, Complaint()),
        ([], Complaint()),
        ({"error": {"code": 5, "message": ["no"]}}, Complaint()),
    ],
)
def test_bodies_of_every_shape_are_read(body: object, read: Complaint) -> None:
    assert TABLE.read(body) == read


def test_the_code_says_more_than_the_status_and_what_is_unknown_is_still_something() -> None:
    assert TABLE.meaning(401, "no_money")[0] is Trouble.QUOTA
    assert TABLE.meaning(401, "odd")[0] is Trouble.KEY
    assert TABLE.meaning(502, "odd") == (Trouble.BROKEN, "502 odd", "wait")
    assert Complaint(message="Too many CONCURRENT requests").too_many_at_once(429)
    assert not Complaint(message="Too many concurrent requests").too_many_at_once(400)
    assert not Complaint(message="Slow down").too_many_at_once(429)


def test_what_is_shown_holds_no_key_and_no_page() -> None:
    assert quoted("Wrong key sk_abcdefgh99 or mine-1", "mine-1", KEYS) == "Wrong key [key] or [key]"
    assert quoted("<!DOCTYPE html><body>Sorry", "", KEYS) == ""
    assert quoted("two\r\n lines\x00", "", KEYS) == "two lines"
    assert quoted("long " * 200, "", KEYS).endswith("…")
    assert len(quoted("x" * 1_000, "", KEYS)) == 300
    assert [sentence(each) for each in ("So", "So.", "So?", "So…")] == ["So.", "So.", "So?", "So…"]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12),
        ({"retry-after-ms": "2500"}, 2.5),
        ({"retry-after-ms": "2500", "retry-after": "9"}, 2.5),  # the finer one
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "9e9"}, 86_400),
        ({"retry-after": format_datetime(NOW - timedelta(hours=1), usegmt=True)}, 0),
        (
            {  # by the server's own clock, which is wrong
                "retry-after": format_datetime(NOW + timedelta(days=9, seconds=40), usegmt=True),
                "date": format_datetime(NOW + timedelta(days=9), usegmt=True),
            },
            40,
        ),
    ],
)
def test_when_to_come_again(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["error", "detail", "code", "status", "message", "loc", "msg"]), inner)
        ),
    ),
    st.text(),
)
def test_nothing_that_a_server_says_raises(body: Any, header: str) -> None:
    read = TABLE.read(body)
    TABLE.meaning(500, read.code)
    assert "\n" not in quoted(read.message, "", KEYS)
    wait = retry_after_s({"retry-after": header, "retry-after-ms": header, "date": header})
    assert wait is None or 0 <= wait <= 86_400
