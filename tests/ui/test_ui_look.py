"""Colours that can be read, in both schemes; icons that are crisp; the system's scheme followed while it runs."""

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.icons import IconSet
from studio.ui.theme import CHIP_TINT, DARK, LIGHT, Theme, Tokens, Tone

AA = 4.5
GRAPHIC = 3.0
GROUNDS = ("background", "panel", "raised", "field", "hover", "selection")
READ = ("text", *(tone for tone in Tone if tone not in {Tone.FAINT, Tone.ON_BUTTON}))  # faint is what may be missed
SCHEMES = pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=["dark", "light"])


def luminance(colour: QColor) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(colour: QColor, ground: QColor, alpha: int) -> QColor:
    """What `colour` with `alpha` of 255 looks like on `ground`."""
    share = alpha / 255
    mixed = (
        getattr(colour, part)() * share + getattr(ground, part)() * (1 - share) for part in ("redF", "greenF", "blueF")
    )
    return QColor.fromRgbF(*mixed)


def of(tokens: Tokens, name: str) -> QColor:
    """A token as a colour."""
    return QColor(getattr(tokens, name))


@SCHEMES
def test_every_text_can_be_read_on_every_ground(tokens: Tokens) -> None:
    pairs = {(text, ground): contrast(of(tokens, text), of(tokens, ground)) for text, ground in product(READ, GROUNDS)}
    assert {pair: round(ratio, 2) for pair, ratio in pairs.items() if ratio < AA} == {}


@SCHEMES
def test_the_words_of_chips_and_buttons_can_be_read(tokens: Tokens) -> None:
    tones = set(READ) - {"text"}
    for tone, ground in product(tones, ("background", "hover", "selection")):
        word = of(tokens, tone)
        chip = over(word, of(tokens, ground), CHIP_TINT)
        assert contrast(word, chip) >= AA, (tone, ground)
    for button in ("button", "button_hover"):
        assert contrast(of(tokens, "on_button"), of(tokens, button)) >= AA, button


@SCHEMES
def test_what_shows_a_value_stands_out_from_its_ground(tokens: Tokens) -> None:
    for graphic, ground in product(("wave", "accent", "good", "look", "bad", "info"), ("background", "field", "panel")):
        assert contrast(of(tokens, graphic), of(tokens, ground)) >= GRAPHIC, (graphic, ground)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_icons_are_drawn_in_the_pixels_of_the_screen(theme: Theme, scale: float) -> None:
    for size in (12, 16, 48):
        made = theme.pixmap("check", Tone.GOOD, size, scale)
        assert made.devicePixelRatioF() == scale
        assert made.width() == round(size * scale)
    fine = theme.pixmap("check", Tone.GOOD, 16, scale).toImage()
    blown_up = theme.pixmap("check", Tone.GOOD, 16, 1.0).toImage().scaled(fine.size())
    if scale > 1:
        assert edges(fine) > edges(blown_up)


def edges(image: QImage) -> int:
    """How many pixels are fully covered or fully bare."""
    alphas = [image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height())]
    return sum(alpha in {0, 255} for alpha in alphas)


def test_every_icon_of_the_set_draws_something_in_the_colour_asked_for(qapp: QApplication) -> None:
    folder = Path(__file__).parents[2] / "resources" / "icons"
    names = sorted(path.stem for path in folder.glob("*.svg"))
    icons = IconSet.load(folder)
    assert len(names) > 50
    for name in names:
        image = icons.pixmap(name, QColor("#ff0000"), 24, 1.0).toImage()
        colours = {image.pixelColor(x, y).rgba() for x in range(24) for y in range(24)}
        drawn = [QColor.fromRgba(each) for each in colours if each >> 24]
        assert drawn, name
        assert all(each.red() > each.green() + each.blue() for each in drawn if each.alpha() > 200), name


def test_the_systems_scheme_is_followed_while_the_program_runs(qapp: QApplication, theme: Theme) -> None:
    hints, window = qapp.styleHints(), QWidget()
    theme.dress(window)
    changed: list[bool] = []
    theme.changed.connect(lambda: changed.append(theme.tokens.dark))
    try:
        for scheme in (Qt.ColorScheme.Dark, Qt.ColorScheme.Light):
            hints.setColorScheme(scheme)
            hints.colorSchemeChanged.emit(scheme)  # offscreen there is no system to say it
            assert theme.tokens is (DARK if scheme is Qt.ColorScheme.Dark else LIGHT)
            assert qapp.palette().text().color() == QColor(theme.tokens.text)
            assert theme.tokens.background in window.styleSheet()
    finally:
        hints.unsetColorScheme()
        theme.follow(Qt.ColorScheme.Light)
    assert changed[:2] in ([True, False], [False])
