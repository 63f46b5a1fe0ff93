"""Who waits where, and what it takes to put some of them somewhere else."""

from hypothesis import given
from hypothesis import strategies as st

from studio.domain.queueing import STEP, Waiting, moved, shifted, turn

LINES = st.lists(st.tuples(st.integers(-3, 3), st.integers(1, 4)), min_size=1, max_size=12).map(
    lambda rows: [Waiting(at, at, priority, characters) for at, (priority, characters) in enumerate(rows, start=1)]
)


def line(waiting: list[Waiting], priorities: dict[int, int]) -> list[int]:
    """Their ids in the order of their turns, with these priorities."""
    fresh = [Waiting(one.id, one.number, priorities.get(one.id, one.priority), one.characters) for one in waiting]
    return [one.id for one in sorted(fresh, key=turn)]


@given(LINES, st.data())
def test_the_moved_stand_where_they_were_put_and_nobody_else_changes_places(
    waiting: list[Waiting], data: st.DataObject
) -> None:
    now = line(waiting, {})
    ids = data.draw(st.sets(st.sampled_from([*now, 99])))
    rest = [one for one in now if one not in ids]
    before = data.draw(st.sampled_from([*rest, None]))
    given = moved(waiting, ids, before)
    place = len(rest) if before is None else rest.index(before)
    block = [one for one in now if one in ids]
    assert line(waiting, given) == rest[:place] + block + rest[place:]
    # Texts become longer or shorter when they are prepared: the moved ones stay behind who was before them.
    if rest and block:
        known = {one.id: given.get(one.id, one.priority) for one in waiting}
        assert all(known[one] > known[block[0]] for one in rest[:place])
        assert all(known[one] < known[block[-1]] for one in rest[place:])


@given(LINES, st.data())
def test_a_step_earlier_and_a_step_later(waiting: list[Waiting], data: st.DataObject) -> None:
    now = line(waiting, {})
    one = data.draw(st.sampled_from(now))
    by = data.draw(st.sampled_from([-1, 1, -1000, 1000]))
    wanted = [other for other in now if other != one]
    wanted.insert(min(max(0, now.index(one) + by), len(wanted)), one)
    assert line(waiting, shifted(waiting, {one}, by)) == wanted


def test_several_that_stand_apart_come_together() -> None:
    waiting = [Waiting(at, at, 0, 10) for at in range(1, 7)]
    assert line(waiting, shifted(waiting, {3, 5}, -1)) == [1, 3, 5, 2, 4, 6]
    assert line(waiting, shifted(waiting, {1, 3}, -1)) == [1, 3, 2, 4, 5, 6]
    assert shifted(waiting, {1, 2}, -1) == {}
    assert shifted(waiting, {99}, 1) == {}


def test_to_the_top_or_the_end_moves_nobody_else_and_the_middle_the_shorter_side() -> None:
    waiting = [Waiting(at, at, 0, 10) for at in range(1, 1001)]
    assert moved(waiting, {700}, 1) == {700: STEP}
    assert moved(waiting, {7}, None) == {7: -STEP}
    assert moved(waiting, {500}, 4) == {1: 2 * STEP, 2: 2 * STEP, 3: 2 * STEP, 500: STEP}
    assert set(moved(waiting, {500}, 999)) == {500, 999, 1000}
    assert moved(waiting, {3}, 3) == {}
    assert moved(waiting, set(range(1, 1001)), None) == {}


def test_there_is_room_for_what_is_put_between_later() -> None:
    waiting = [Waiting(1, 1, STEP, 10), Waiting(2, 2, 0, 10), Waiting(3, 3, 0, 9)]
    assert moved(waiting, {3}, 2) == {3: STEP // 2}
