import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.domain.episode import Stage, StripFault
from studio.domain.findings import Finding, QaReport
from studio.domain.script import Script
from studio.domain.sound import Mark, PeakLevel, Peaks, SoundReport
from studio.domain.spoken import SpokenForm
from studio.domain.take import Master, Speech, Take
from studio.store import serial
from tests.store import store_samples

st.register_type_strategy(float, st.floats(allow_nan=False))
FORMS: list[Any] = [
    Script,
    SpokenForm,
    SoundReport,
    QaReport,
    Take,
    Master,
    Speech,
    Peaks,
    Finding,
    tuple[Mark, ...],
    tuple[StripFault, ...],
    tuple[PeakLevel, ...],
    tuple[tuple[Stage, float], ...],
    tuple[int, str | None],
    bytes | None,
]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_goes_in_comes_out(form: Any) -> None:
    @given(st.from_type(form))
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def round_trip(value: Any) -> None:
        assert serial.from_json(form, serial.to_json(form, value)) == value
        assert serial.unpack(form, serial.pack(form, value)) == value

    round_trip()


def test_halves_of_surrogate_pairs_survive() -> None:
    odd = store_samples.script()
    odd = Script("\ud800 \x00", "caf\udce9.md", "a\udfffb", odd.blocks)
    assert serial.unpack(Script, serial.pack(Script, odd)) == odd


def test_a_field_of_a_newer_version_is_left_out_and_a_missing_one_gets_its_default() -> None:
    @dataclass(frozen=True)
    class Old:
        name: str
        gone: int

    @dataclass(frozen=True)
    class New:
        name: str
        added: int = 7

    assert serial.from_json(New, serial.to_json(Old, Old("a", 1))) == New("a")
    several = (Old("a", 1), Old("b", 2))
    assert serial.from_json(tuple[New, ...], serial.to_json(tuple[Old, ...], several)) == (New("a"), New("b"))


def test_a_missing_field_without_a_default_is_refused() -> None:
    @dataclass(frozen=True)
    class Old:
        name: str

    @dataclass(frozen=True)
    class New:
        name: str
        needed: int

    with pytest.raises(TypeError, match="needed"):
        serial.from_json(New, serial.to_json(Old, Old("a")))
    with pytest.raises(TypeError, match="needed"):
        serial.from_json(tuple[New, ...], serial.to_json(tuple[Old, ...], (Old("a"),)))


@pytest.mark.parametrize("form", [dict[str, int], int | str, set[int], object], ids=str)
def test_a_type_without_a_stored_form_says_so(form: Any) -> None:
    with pytest.raises(TypeError, match="stored form"):
        serial.to_json(form, None)


def test_a_long_report_is_compact() -> None:
    report = store_samples.report(words=25_000)
    packed = serial.pack(QaReport, report)
    assert serial.unpack(QaReport, packed) == report
    assert len(packed) < 600_000
    assert len(json.loads(serial.to_json(QaReport, report))["alignment"]["words"]) == 6
