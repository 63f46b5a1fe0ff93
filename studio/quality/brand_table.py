"""A table of a brand file, read strictly: every key is known, every value of its type, every failure has its place."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from studio.domain.brand import Range
from studio.domain.errors import InputError

_LONGEST: Final = 300  # characters of a phrase: it is a phrase, and no page
_MOST: Final = 2_000  # phrases of a list
_KINDS: Final = {bool: "true or false", int: "a whole number", float: "a number", str: "text in quotation marks"}


class Table:
    """One table: `place` is its name within the file `file`, empty for what stands before the first."""

    def __init__(self, file: str, place: str, values: Mapping[str, Any], known: Sequence[str]) -> None:
        self._file = file
        self._place = place
        self._values = values
        for key in values:
            if key not in known:
                near = get_close_matches(key, known, 1)
                meant = f"Did you mean “{near[0]}”?" if near else "There is no such key: take it out."
                raise self.wrong(f"has “{key}”, which means nothing here", f"{meant} Known are {', '.join(known)}.")

    def wrong(self, what: str, cure: str) -> InputError:
        """An error that names the file and the table."""
        where = f"in [{self._place}]" if self._place else "before its first table"
        return InputError(f"The brand file “{self._file}” {what} ({where}).", cure)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._values

    def table(self, key: str, known: Sequence[str]) -> "Table":
        """The table `key` within this one, empty where it is not there."""
        return Table(self._file, self._under(key), self._a_table(key, self._values.get(key, {})), known)

    def tables(self, key: str, known: Sequence[str]) -> list["Table"]:
        """The tables written `[[key]]`; one written `[key]` counts as well."""
        value = self._values.get(key, [])
        parts = value if isinstance(value, list) else [value]
        return [Table(self._file, self._under(key), self._a_table(key, part), known) for part in parts]

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value: str = self._value(key, str, default)
        return value

    def texts(self, key: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts, or a single one; none of them empty, none too long."""
        value = self._values.get(key, list(default))
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise self.wrong(f"has no list of texts as “{key}”", f'Write it as {key} = ["one", "another"].')
        if len(values) > _MOST:
            raise self.wrong(f"has {len(values):,} texts as “{key}”", f"At most {_MOST:,} can be looked for.")
        for each in values:
            self._check(key, each)
        return tuple(values)

    def pairs(self, key: str, shape: str, *, empty: bool = False) -> dict[str, str]:
        """A table of texts by texts; `shape` shows how one is written. Empty values only where `empty` allows them."""
        values = self._a_table(key, self._values.get(key, {}))
        if len(values) > _MOST:
            raise self.wrong(f"has {len(values):,} entries as “{key}”", f"At most {_MOST:,} can be looked for.")
        for phrase, value in values.items():
            self._check(key, phrase)
            if not isinstance(value, str) or (not value.strip() and not empty):
                raise self.wrong(f"has no text for “{phrase}” in [{key}]", f"Write it as {shape}.")
            if value.strip():
                self._check(key, value)
        return dict(values)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value: bool = self._value(key, bool, default)
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value: int = self._value(key, int, default)
        if not low <= value <= high:
            raise self.wrong(f"has {value} as “{key}”", f"Give a number from {low} to {high}.")
        return value

    def range(self, key: str, low: float, high: float) -> Range | None:
        """Two numbers in a list, from and to, within `low` and `high`; None where the key is not there."""
        if key not in self._values:
            return None
        first, last = self._two(key, low, high)
        if first > last:
            raise self.wrong(f"has {first:g} to {last:g} as “{key}”", "Write the lower number first.")
        return Range(first, last)

    def points(self, key: str, each: float, most: float) -> tuple[float, float]:
        """Points each time and at most, as two numbers; as one, at most that and as many each time as before."""
        value = self._values.get(key)
        if value is None:
            return each, most
        if _is_number(value):
            value = [min(each, value), value]
            return self._numbers(key, value, 0, 100)
        return self._two(key, 0, 100)

    def _two(self, key: str, low: float, high: float) -> tuple[float, float]:
        value = self._values[key]
        if not isinstance(value, list) or len(value) != 2 or not all(map(_is_number, value)):
            raise self.wrong(f"has no pair of numbers as “{key}”", f"Write it as {key} = [{low:g}, {high:g}].")
        return self._numbers(key, value, low, high)

    def _numbers(self, key: str, value: list[float], low: float, high: float) -> tuple[float, float]:
        for number in value:
            # `not <=`, so that NaN is refused.
            if not low <= number <= high:
                raise self.wrong(f"has {number:g} as “{key}”", f"Give numbers from {low:g} to {high:g}.")
        return float(value[0]), float(value[1])

    def _value(self, key: str, kind: type, default: Any) -> Any:
        value = self._values.get(key, default)
        # A bool is an int to Python, but not to a person.
        if not isinstance(value, kind) or isinstance(value, bool) is not (kind is bool):
            raise self.wrong(f"has “{value}” as “{key}”", f"It should be {_KINDS[kind]}.")
        return value

    def _a_table(self, key: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.wrong(f"has “{key}” as a value", f"It is a table: begin a line with [{self._under(key)}].")
        return value

    def _check(self, key: str, phrase: str) -> None:
        if not any(map(str.isalnum, phrase.replace("*", ""))):
            raise self.wrong(f"has “{phrase}” in “{key}”, which has no word in it", "Write at least one whole word.")
        if len(phrase) > _LONGEST:
            raise self.wrong(
                f"has a text of {len(phrase):,} characters in “{key}”", f"A phrase has at most {_LONGEST} of them."
            )

    def _under(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
