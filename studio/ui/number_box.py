"""A field for a number that takes whatever is typed, so that what cannot be is said instead of swallowed."""

import math
import re

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

_FINEST = 6  # decimals that are kept
_FARTHEST = 1e15  # beyond any range, so that Qt never cuts a typed number down
_ONE_COMMA = re.compile(r"[-+]?\d*,\d+")


class NumberBox(QDoubleSpinBox):
    """A number with its unit. `low` and `high` bound what the arrows and the wheel reach, not what may be typed.

    Args:
        low: Lowest sensible number, or None.
        high: Highest sensible number, or None.
        unit: Stands behind the number.
        whole: Whether it is a whole number.
    """

    edited = Signal()  # what stands there is another text, or another number

    def __init__(
        self, low: float | None, high: float | None, unit: str, *, whole: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._low = -_FARTHEST if low is None else low
        self._high = _FARTHEST if high is None else high
        self._whole = whole
        self._least_decimals = 2 if unit == "USD" else 0
        self.setDecimals(_FINEST)
        self.setRange(-_FARTHEST, _FARTHEST)
        self.setSingleStep(1 if whole else 0.01 if self._high <= 1 else 0.1)
        self.setSuffix(f" {unit}" if unit else "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(10, 0, 10, 0)
        self.valueChanged.connect(self.edited)
        self.lineEdit().textChanged.connect(self.edited)  # of what is no number; Qt keeps silent about its own changes

    def typed(self) -> float | int | str:
        """The number as it stands there; the text where it is none."""
        text = self.lineEdit().text()
        number = self._number(text)
        if number is None:
            return self._bare(text)
        return int(number) if self._whole and number == int(number) else number

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Qt: anything may be typed."""
        fine = self._number(text) is not None
        return (QValidator.State.Acceptable if fine else QValidator.State.Intermediate, text, place)

    def valueFromText(self, text: str) -> float:
        """Qt: in the writing of this system, or with a decimal point."""
        number = self._number(text)
        return self.value() if number is None else number

    def textFromValue(self, value: float) -> str:
        """Qt: with the decimals that it has."""
        digits = f"{value:.{_FINEST}f}".rstrip("0").partition(".")[2]
        least = self._least_decimals if value != int(value) else 0
        return self.locale().toString(float(value), "f", max(len(digits), least))

    def stepBy(self, steps: int) -> None:
        """Qt: no further than is sensible."""
        super().stepBy(steps)
        self.setValue(min(max(self.value(), self._low), self._high))

    def _bare(self, text: str) -> str:
        return text.removesuffix(self.suffix()).removesuffix(self.suffix().strip()).strip()

    def _number(self, text: str) -> float | None:
        bare = self._bare(text)
        for locale in (self.locale(), QLocale.c()):
            number, fine = locale.toDouble(bare)
            if fine and math.isfinite(number) and abs(number) < _FARTHEST:
                return round(number, _FINEST)
        return round(float(bare.replace(",", ".")), _FINEST) if _ONE_COMMA.fullmatch(bare) else None
