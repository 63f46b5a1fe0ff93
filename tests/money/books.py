"""The audit: what the server charged against what the library knows, holds and has."""

import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import av

from studio.domain.settings import Settings
from studio.domain.speech_plan import Chunk, Terms, plan_speech
from studio.domain.spoken import SpokenForm
from studio.store import serial
from tests.fakes.catalogue import FORMATS
from tests.fakes.ledger import Charge
from tests.fakes.sound import synthetic
from tests.money.case import MICRO_PER_CREDIT, Case


@dataclass(frozen=True)
class Figures:
    """Money in credits."""

    charged: int
    settled: int
    held: int
    lost: int
    charges: int
    speeches: int
    found: int  # calls that were unclear, and whose sound came from the history


def audit(case: Case, *, finished: bool = False, budget_micro: int = 0) -> Figures:
    """Compare the books of both sides; raises AssertionError where they differ.

    Between two lives some calls may be held that were never charged. With `finished` nothing is held or under way, and
    every episode has its sound.
    """
    chunks = _plan(case)
    bought = case.rows("SELECT * FROM attempts WHERE kind = 'purchase' ORDER BY id")
    charges = case.server.ledger.charges
    assert not case.server.ledger.paid_twice()
    _check_charges(chunks, bought, charges)
    figures = Figures(
        charged=sum(charge.credits for charge in charges),
        settled=sum(row["charged_credits"] for row in bought),
        held=sum(row["held_credits"] for row in bought),
        lost=sum(row["charged_credits"] for row in bought if row["state"] == "failed"),
        charges=len(charges),
        speeches=_check_speeches(case, chunks, charges, decode=finished),
        found=case.rows(
            "SELECT count(DISTINCT attempt) FROM watch WHERE state = 'stored' "
            "AND attempt IN (SELECT attempt FROM watch WHERE state = 'unknown')"
        )[0][0],
    )
    assert figures.settled <= figures.charged <= figures.settled + figures.held, figures
    for row in bought:
        assert row["settled_micro"] == MICRO_PER_CREDIT * row["charged_credits"], dict(row)
    _check_watch(case, budget_micro)
    if finished:
        assert figures.charged == figures.settled, figures
        assert not figures.held, figures
        _check_finished(case, chunks, charges)
    return figures


def _plan(case: Case) -> Mapping[str, Chunk]:
    """Every call that the library may make, by its key."""
    found: dict[str, Chunk] = {}
    rows = case.rows(
        "SELECT spoken.packed, terms.terms, terms.number, projects.settings FROM terms "
        "JOIN spoken USING (episode_id) JOIN episodes ON episodes.id = terms.episode_id "
        "JOIN projects ON projects.id = project_id"
    )
    for row in rows:
        settings = Settings.from_json(row["settings"])
        how = settings.speech(settings.model or "eleven_flash_v2_5", row["number"])
        spoken, terms = serial.unpack(SpokenForm, row["packed"]), serial.from_json(Terms, row["terms"])
        found |= {chunk.key: chunk for chunk in plan_speech(spoken, how, terms)}
    return found


def _check_charges(chunks: Mapping[str, Chunk], bought: list[Any], charges: list[Charge]) -> None:
    """Of each text, no more was charged than is accounted for or held, and no less than is accounted for."""
    texts = {chunk.text: key for key, chunk in chunks.items()}
    charged = Counter(texts[charge.order.text] for charge in charges)
    paid = Counter(row["key"] for row in bought if row["charged_credits"])
    held = Counter(row["key"] for row in bought if row["held_credits"])
    for key in {*charged, *paid, *held}:
        assert paid[key] <= charged[key] <= paid[key] + held[key], (key, charged[key], paid[key], held[key])
        assert held[key] <= 1, key
    # Where the vendor gave a name, it is the same call on both sides.
    names = {charge.request_id for charge in charges}
    told = [row["request_id"] for row in bought if row["request_id"] and row["charged_credits"]]
    assert set(told) <= names
    assert len(set(told)) == len(told)


def _check_speeches(case: Case, chunks: Mapping[str, Chunk], charges: list[Charge], *, decode: bool) -> int:
    """Every sound that is remembered lies in its place and is, byte for byte, what the server made for its text."""
    speeches = case.rows(
        "SELECT key, sha256, suffix, size, duration_s FROM speeches JOIN artifacts ON artifacts.id = speeches.audio"
    )
    orders = {charge.order.text: charge.order for charge in charges}
    for row in speeches:
        data = artifact(case.root, row).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
        order = orders[chunks[row["key"]].text]
        sha256, seconds = _made(order.text, order.voice_id, order.output_format, order.seed, order.settings["speed"])
        of_it = [(charge.fault, charge.request_id) for charge in charges if charge.order.text == order.text]
        assert row["sha256"] == sha256, (order.text, row["duration_s"], seconds, of_it)
        if decode:
            assert abs(_decoded_s(data) - seconds) < 0.1
            assert abs(row["duration_s"] - seconds) < 0.1
    return len(speeches)


def _check_watch(case: Case, budget_micro: int) -> None:
    """At no committed moment more than a budget, and each key brought its sound once."""
    if budget_micro:
        (most,) = case.rows("SELECT max(batch) FROM watch")[0]
        assert (most or 0) <= budget_micro
    twice = case.rows(
        "SELECT key, count(DISTINCT attempt) FROM watch WHERE state IN ('stored', 'settled') "
        "GROUP BY key HAVING count(DISTINCT attempt) > 1"
    )
    assert not [tuple(row) for row in twice]


def _check_finished(case: Case, chunks: Mapping[str, Chunk], charges: list[Charge]) -> None:
    keys = {row["key"] for row in case.rows("SELECT key FROM speeches")}
    assert keys == set(chunks)
    # What was delivered, or is to be found, is there, once.
    good = Counter(charge.order.text for charge in charges if charge.usable and charge.history_item_id)
    assert set(good) <= {chunks[key].text for key in keys}
    assert not case.rows("SELECT id FROM episodes WHERE id NOT IN (SELECT episode_id FROM takes)")
    for row in case.rows("SELECT sha256, suffix, size FROM takes JOIN artifacts ON artifacts.id = takes.audio"):
        assert artifact(case.root, row).stat().st_size == row["size"]
    tidy(case)


def tidy(case: Case) -> None:
    """After a life that ended by itself: what came in and is over lies about no more."""
    left = {int(path.stem) for path in (case.root / "incoming").iterdir()}
    assert left <= {row["id"] for row in case.rows("SELECT id FROM attempts WHERE ended_at IS NULL")}


def paid_once(case: Case) -> None:
    """Where every charged call is to be found, no text is charged a second time at all."""
    charged = Counter(charge.order.identity for charge in case.server.ledger.charges)
    assert not [identity for identity, times in charged.items() if times > 1]


def artifact(root: Path, row: Any) -> Path:
    """The file of a row with `sha256` and `suffix`."""
    sha256: str = row["sha256"]
    return root / "artifacts" / sha256[:2] / f"{sha256[2:]}{row['suffix']}"


@lru_cache(maxsize=4096)
def _made(text: str, voice_id: str, output_format: str, seed: int | None, speed: float) -> tuple[str, float]:
    """What the server makes of an order when nothing goes wrong: the hash of the file, and its seconds."""
    sound = synthetic(text, voice_id, FORMATS[output_format], seed=seed or 0, speed=speed)
    return hashlib.sha256(sound.data()).hexdigest(), sound.seconds


def _decoded_s(data: bytes) -> float:
    """Length of a file, every frame decoded."""
    with av.open(io.BytesIO(data), "r") as container:
        rate_hz = container.streams.audio[0].rate
        return sum(frame.samples for frame in container.decode(audio=0)) / rate_hz
