"""How a person has arranged the columns of the batch table, and what the table makes of it at a given width."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from studio.ui.columns import COLUMNS, NUMBERS

ALWAYS: Final = "title"  # without it nobody could tell the rows apart
NEEDED = 2  # the highest `spare` of columns that are shown as soon as they have room at all
EASE = 140  # pixels of room for words that the others leave


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns by their keys. What is not named here is as the table arranges it by itself.

    `order` names all columns, or none. `chosen` says of a column that a person showed it (True) or hid it. `widths` are
    in logical pixels. `sort` is empty for the order of the episodes' numbers.
    """

    order: tuple[str, ...] = ()
    chosen: Mapping[str, bool] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Out of what `to_json` made; what another version wrote and this one does not know is left out."""
        order = [key for key in _texts(value.get("order")) if key in NUMBERS]
        chosen, widths = value.get("chosen"), value.get("widths")
        sort = value.get("sort")
        return cls(
            order=_completed(tuple(dict.fromkeys(order))) if order else (),
            chosen={key: shown for key, shown in _items(chosen, bool) if key != ALWAYS},
            widths={key: max(COLUMNS[NUMBERS[key]].least // 2, wide) for key, wide in _items(widths, int)},
            sort=sort if isinstance(sort, str) and sort in NUMBERS else "",
            descending=value.get("descending") is True,
        )

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "order": list(self.order),
            "chosen": dict(self.chosen),
            "widths": dict(self.widths),
            "sort": self.sort,
            "descending": self.descending,
        }

    @property
    def keys(self) -> tuple[str, ...]:
        """All columns from left to right, also those that are not shown."""
        return self.order or tuple(NUMBERS)

    def showing(self, key: str, *, shown: bool) -> Self:
        """The same with a column shown or hidden by a person."""
        return replace(self, chosen={**self.chosen, key: shown}) if key != ALWAYS else self

    def moved(self, key: str, by: int, among: Collection[str]) -> Self:
        """The same with a column so many places further to the right, counting only those in `among`."""
        seen = [each for each in self.keys if each in among]
        place = seen.index(key)
        wanted = min(max(0, place + by), len(seen) - 1)
        neighbour = seen[wanted]
        rest = [each for each in self.keys if each != key]
        if wanted != place:
            rest.insert(rest.index(neighbour) + (wanted > place), key)
            return replace(self, order=tuple(rest))
        return self

    def visible(self, width: int, filled: Collection[str]) -> frozenset[str]:
        """The columns that are shown in `width` logical pixels; `filled` are those with something in them.

        What a person chose is so at any width, and what the rows are sorted by is seen. Of the others the least needed
        make room for the rest; those that can well be missed also so that titles and sentences are not cut short.
        """
        shown = {column.key for column in COLUMNS if self._wanted(column.key, filled)}
        free = [
            column
            for column in COLUMNS
            if column.spare and column.key in shown and column.key not in {*self.chosen, self.sort}
        ]
        for column in sorted(free, key=lambda each: -each.spare):
            ease = EASE if column.spare > NEEDED else 0
            if sum(self._least(key) for key in shown) + ease <= width:
                break
            shown.discard(column.key)
        return frozenset(shown)

    def fitted(self, width: int, shown: Collection[str]) -> dict[str, int]:
        """Widths of the `shown` columns that fill `width` where that is possible.

        Those set by hand are kept; the others get their least widths, then their ideal ones, then of what is left.
        """
        free = [column for column in COLUMNS if column.key in shown and column.key not in self.widths]
        own = {key: wide for key, wide in self.widths.items() if key in shown}
        width -= sum(own.values())
        least, ideal = sum(column.least for column in free), sum(column.ideal for column in free)
        if width <= least:
            return own | {column.key: column.least for column in free}
        if width < ideal:
            share = (width - least) / (ideal - least)
            widths = {column.key: column.least + int((column.ideal - column.least) * share) for column in free}
        else:
            spare, weight = width - ideal, sum(column.stretch for column in free)
            widths = {column.key: column.ideal + (spare * column.stretch // weight if weight else 0) for column in free}
        if free:
            taker = ALWAYS if ALWAYS in widths else free[-1].key
            widths[taker] += width - sum(widths.values())  # what rounding left
        return own | widths

    def _wanted(self, key: str, filled: Collection[str]) -> bool:
        column = COLUMNS[NUMBERS[key]]
        by_itself = key == self.sort or (not column.extra and (column.there is None or key in filled))
        return self.chosen.get(key, by_itself)

    def _least(self, key: str) -> int:
        return self.widths.get(key, COLUMNS[NUMBERS[key]].least)


def _completed(order: tuple[str, ...]) -> tuple[str, ...]:
    """With the columns that came later, each behind the one that it stands behind by itself."""
    made = list(order)
    for place, key in enumerate(NUMBERS):
        if key not in made:
            before = tuple(NUMBERS)[place - 1] if place else ""
            made.insert(made.index(before) + 1 if before in made else 0, key)
    return tuple(made)


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _items(value: object, kind: type) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return []
    # `bool` is a kind of `int` in Python, but no width.
    return [(key, each) for key, each in value.items() if key in NUMBERS and type(each) is kind]
