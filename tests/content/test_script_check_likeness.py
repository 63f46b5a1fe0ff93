"""Near-duplicates are found by parts of their MinHash, the same everywhere and for ever."""

import hashlib
import random

from datasketch import MinHash

from studio.content import fingerprint as own
from studio.content.fingerprint import NOTHING, SHORTEST, fingerprint
from studio.domain.findings import Severity
from studio.domain.likeness import likeness, likeness_findings
from studio.domain.script_report import Neighbour
from tests.content.examined import examined, job

WORDS = [f"word{number}" for number in range(4_000)]


def text(seed: int, length: int = 400) -> list[str]:
    return random.Random(seed).choices(WORDS, k=length)


def changed(words: list[str], share: float, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [dice.choice(WORDS) if dice.random() < share else word for word in words]


def in_common(one: list[str], other: list[str]) -> float:
    first, second = ({tuple(words[at : at + 5]) for at in range(len(words) - 4)} for words in (one, other))
    return len(first & second) / len(first | second)


def test_it_is_the_minhash_that_another_library_reckons() -> None:
    words = text(1, 6_000)
    theirs = MinHash(128, hashfunc=own._hash32, permutations=own._permutations(), scheme="affine32")
    theirs.update_batch({"\0".join(words[at : at + 5]) for at in range(len(words) - 4)})
    assert theirs.hashvalues.astype(">u4").tobytes() == fingerprint(words).signature


def test_it_never_changes() -> None:
    made = fingerprint(text(2))
    assert hashlib.sha256(made.signature).hexdigest() == SIGNATURE
    assert made.bands[:2] == BANDS


SIGNATURE = "c14d51b194dfc350292c14120cf08555e7cf905f6d0ebe7ba0e3283938c6a958"
BANDS = (2_403_439_876_897_918_970, 7_574_779_986_584_485_703)


def test_half_alike_is_found_and_nothing_else() -> None:
    missed = near = 0
    for seed in range(150):
        one = text(seed)
        other = changed(one, random.Random(seed).uniform(0, 0.12), seed + 1_000)
        first, second = fingerprint(one), fingerprint(other)
        share = in_common(one, other)
        assert abs(likeness(first.signature, second.signature) - share) < 0.2
        if share >= 0.5:
            near += 1
            missed += not set(first.bands) & set(second.bands)
        assert not set(first.bands) & set(fingerprint(text(seed + 5_000)).bands)
    assert near > 75
    assert missed <= 0.05 * near


def test_bands_are_numbers_that_a_database_keeps_and_differ_by_their_place() -> None:
    made = fingerprint(text(3))
    assert len(set(made.bands)) == len(made.bands) == 42
    assert all(0 <= band < 2**63 for band in made.bands)
    same = fingerprint(["lamp"] * 100)  # one phrase: every part of the signature stands for it
    assert len(set(same.bands)) == 42


def test_a_text_that_is_too_short_is_like_no_other() -> None:
    assert fingerprint(text(4, SHORTEST - 1)) == NOTHING
    assert fingerprint(text(4, SHORTEST)).bands
    assert likeness_findings(NOTHING, [Neighbour(1, "A", "B", b"")]) == ()


def test_a_script_once_more_is_a_fault_and_a_like_one_for_a_person() -> None:
    story = " ".join(f"On day {number} the lamp of tower {number} was lit." for number in range(40))
    half = " ".join(f"On day {number} the lamp of tower {number} was lit." for number in range(30))
    one = examined(job(f"# The lamp\n\n{story}")).fingerprint
    again = examined(job(f"# The lamp, again\n\n**{story}**")).fingerprint
    like = examined(job(f"# The lamp\n\n{half} And then it was dark for ever, and nobody lit it.")).fingerprint
    others = [Neighbour(1, "Like", "P", like.signature), Neighbour(2, "Again", "P", again.signature)]
    others.append(Neighbour(3, "Other", "P", fingerprint(text(5)).signature))
    found = likeness_findings(one, others)
    assert [each.severity for each in found] == [Severity.FAULT, Severity.REVIEW]
    assert "“Again” of the project “P”" in found[0].detail
    assert "of the project" not in likeness_findings(one, [Neighbour(1, "Again", "", again.signature)])[0].detail
