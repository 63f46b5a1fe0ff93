"""A few sentences land at their loudness although the meter's gates make it jump."""

from hypothesis import given
from hypothesis import strategies as st

from studio.audio.mastering import _ROUNDS, _next_aim

TOLERANCE_LU = 0.1
jumps = st.floats(-0.3, 0.3)


def landing(aim: float, jump: float, at: float, shift: float) -> float:
    """How far off an encoding comes out: the encoder shifts it, and a block that is gated out makes it jump."""
    return aim + shift + (jump if aim > at else 0.0)


@given(jumps, st.floats(-0.3, 0.3), st.floats(-0.4, 0.4))
def test_it_lands_wherever_that_can_be(jump: float, at: float, shift: float) -> None:
    aim, landings = 0.0, list[tuple[float, float]]()
    for _ in range(_ROUNDS):
        off = landing(aim, jump, at, shift)
        landings.append((aim, off))
        if abs(off) <= TOLERANCE_LU:
            return
        aim = _next_aim(landings, TOLERANCE_LU)
    below, above = landing(at, jump, at, shift), landing(at + 1e-9, jump, at, shift)
    assert below < -TOLERANCE_LU < TOLERANCE_LU < above  # the jump leaves nothing between
