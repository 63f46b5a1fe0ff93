"""Rules for laws and what stands in them: “Pub. L. 111-148”, “§ IV.B”, “XIXth”."""

import re
from typing import Final

from studio.content.numbers import cardinal, integer, ordinal, pairs, roman
from studio.content.rules import END, Match, Rule, before, compiled

_PART_BEFORE: Final = re.compile(
    r"(?:§{1,2}|\b(?:[Ss]ections?|[Ss]ecs?\.|[Pp]arts?|[Aa]rt(?:icle)?s?\.?|[Aa]ppendix|[Aa]nnex|[Tt]itle|[Cc]hapters?))\s?$"
)


def _act(match: Match) -> str:
    """“Pub. L. No. 111-148”: the congress and the number of its law."""
    return f"Public Law {_law_number(match[1])} {_law_number(match[2])}"


def _law_number(text: str) -> str:
    return pairs(int(text)) if len(text) == 3 else integer(text)


def _outlined(match: Match) -> str | None:
    """“§ IV.B.2”: a numeral, and what is counted below it."""
    number = roman(match[1])
    came = before(match, 20)
    if number is None or not _PART_BEFORE.search(came):
        return None
    if not match[2] and (came.rstrip()[-1] != "§" or match[1] in "CDLM"):
        return None  # “Appendix C”
    parts = (integer(part) if part.isdecimal() else part for part in match[2].split(".") if part)
    return " ".join((cardinal(number), *parts))


def _ranked(match: Match) -> str | None:
    """“The XIXth century”."""
    number = roman(match[1])
    return ordinal(number) if number and (len(match[1]) > 1 or match[1] in "VX") else None


CITATIONS: Final[tuple[Rule, ...]] = compiled(
    (rf"Pub\.\s?L\.\s(?:No\.\s)?(\d{{1,3}})[–-](\d{{1,4}}){END}", _act),
    (rf"([IVXLC]{{1,8}})((?:\.(?:[A-Za-z]|\d{{1,3}})){{0,4}})(?<!\.){END}", _outlined),
    (rf"([IVXLC]{{1,8}})(?:th|st|nd|rd){END}", _ranked),
)
"""In the order in which they are tried; all begin with a capital."""
