"""Rules for isotopes and ions: “²³⁵U” is uranium two thirty-five, “Ca²⁺” calcium two plus."""

from typing import Final

from studio.content.numbers import cardinal, pairs
from studio.content.rules import END, FRESH, Match, Rule, compiled, one_of

_ELEMENTS: Final = {
    "H": "hydrogen", "He": "helium", "Li": "lithium", "Be": "beryllium", "B": "boron", "C": "carbon", "N": "nitrogen",
    "O": "oxygen", "F": "fluorine", "Ne": "neon", "Na": "sodium", "Mg": "magnesium", "Al": "aluminum", "Si": "silicon",
    "P": "phosphorus", "S": "sulfur", "Cl": "chlorine", "Ar": "argon", "K": "potassium", "Ca": "calcium",
    "Ti": "titanium", "Cr": "chromium", "Mn": "manganese", "Fe": "iron", "Co": "cobalt", "Ni": "nickel", "Cu": "copper",
    "Zn": "zinc", "Ga": "gallium", "Kr": "krypton", "Sr": "strontium", "Tc": "technetium", "Pd": "palladium",
    "Ag": "silver", "Cd": "cadmium", "Sn": "tin", "I": "iodine", "Xe": "xenon", "Cs": "cesium", "Ba": "barium",
    "Lu": "lutetium", "Ir": "iridium", "Pt": "platinum", "Au": "gold", "Hg": "mercury", "Tl": "thallium", "Pb": "lead",
    "Po": "polonium", "Rn": "radon", "Ra": "radium", "Ac": "actinium", "Th": "thorium", "U": "uranium",
    "Np": "neptunium", "Pu": "plutonium", "Am": "americium", "Cf": "californium",
}  # fmt: skip
_ANIONS: Final = {"F": "fluoride", "Cl": "chloride", "Br": "bromide", "I": "iodide", "O": "oxide", "S": "sulfide"}
_RAISED: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _isotope(match: Match) -> str:
    return f"{_ELEMENTS[match[2]]} {pairs(int(match[1].translate(_RAISED)))}"


def _ion(match: Match) -> str:
    charge = f"{cardinal(int(match[2].translate(_RAISED)))} " if match[2] else ""
    positive = match[3] == "⁺"
    name = _ELEMENTS.get(match[1], match[1]) if positive else _ANIONS.get(match[1], match[1])
    return f"{name} {charge}{'plus' if positive else 'minus'}"


ISOTOPES: Final[tuple[Rule, ...]] = compiled(
    (rf"{FRESH}([¹²³⁴-⁹][⁰¹²³⁴-⁹]{{0,2}})({one_of(_ELEMENTS)}){END}", _isotope)
)
"""They begin with a raised digit."""

IONS: Final[tuple[Rule, ...]] = compiled(
    (rf"{FRESH}({one_of({*_ELEMENTS, *_ANIONS})})([²³⁴])?([⁺⁻])(?![⁰¹²³⁴-⁹])", _ion)
)
"""They begin with a letter."""
