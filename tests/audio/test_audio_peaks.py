"""The peaks file: what is written comes back, and what is damaged is told."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.audio import peaks
from studio.domain.errors import AudioError
from studio.domain.sound import PeakLevel, Peaks

LEVELS = st.builds(
    lambda bin_s, columns: PeakLevel(bin_s, bytes(low for low, _ in columns), bytes(high for _, high in columns)),
    st.floats(0.001, 100),
    st.lists(st.tuples(st.integers(0, 255), st.integers(0, 255)), max_size=50),
)
PEAKS = st.builds(Peaks, st.floats(0, 1e6), st.lists(LEVELS, max_size=6).map(tuple), st.binary(max_size=80))
SAMPLE = Peaks(1.5, (PeakLevel(0.01, b"\x81" * 150, b"\x7f" * 150), PeakLevel(0.04, b"\x81" * 38, b"\x7f" * 38)), b"..")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(written=PEAKS)
def test_what_is_written_is_read(written: Peaks, tmp_path: Path) -> None:
    peaks.write(tmp_path / "wave.peaks", written)
    assert peaks.read(tmp_path / "wave.peaks") == written


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 1 << 16), value=st.integers(1, 255), length=st.integers(0, 1 << 16))
def test_any_changed_or_missing_byte_is_noticed(place: int, value: int, length: int, tmp_path: Path) -> None:
    path = tmp_path / "wave.peaks"
    peaks.write(path, SAMPLE)
    content = bytearray(path.read_bytes())
    whole = bytes(content)
    content[place % len(content)] ^= value
    for damaged in (bytes(content), whole[: length % len(whole)], whole + b"\0"):
        path.write_bytes(damaged)
        with pytest.raises(AudioError, match=r"wave\.peaks"):
            peaks.read(path)


def test_a_missing_file_and_one_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="cannot be read: No such file"):
        peaks.read(tmp_path / "none.peaks")
    with pytest.raises(AudioError, match="cannot be written"):
        peaks.write(tmp_path / "no folder" / "wave.peaks", SAMPLE)


def test_reading_needs_the_standard_library_only() -> None:
    code = "import studio.audio.peaks, sys; print({'numpy', 'scipy', 'av'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
