"""Whether an amount describes what stands behind it: “a 60 W bulb”, “the 32 GB model”, “a two-year, $5 million deal”.

Then its unit is in the singular: a sixty watt bulb, a five million dollar deal.
"""

import re
from typing import Final

_ADJECTIVES = """new second single separate small large big tiny huge giant cheap used proposed planned standard typical
modern simple basic"""
_DETERMINER: Final = re.compile(
    rf"(?:\b(?:[Aa]n?|[Aa]nother|[Ee]ach|[Ee]very|[Tt]he|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[Mm]y|[Yy]our|[Tt]hat"
    rf"|[Tt]his)\s(?:(?:{'|'.join(_ADJECTIVES.split())})\s)?|\w['’]s\s|-(?:year|month|week|day|hour|game|part|acre),?\s)$"
)
ONE_OF: Final = re.compile(r"\b(?:[Aa]n?|[Aa]nother|[Ee]ach|[Ee]very)\s$")
# Behind “a 5 km” and “the $300” these go on with the sentence; what was done with an amount ends in -ed, how in -ly.
_NO_THING = """of from to in on at by per and or with for is was the than away above below over under were are had has
have will would could can must may might did does do went came took takes take cost costs made makes left gave gives
goes that which who whose when where while but so as all both each more less longer shorter apart together ago later
earlier long wide deep high tall thick only alone again before after until along across around down off out into onto
through toward towards because since between behind every last next this these those its their his her our your not
never always just even still already too also they you she then there now once here against among during within
without up back plus minus times should shall ran run runs fell rose grew lost won bought sold"""
_THING: Final = re.compile(
    rf"\s(?!(?:{'|'.join(_NO_THING.split())})\b)(?:[a-z]{{3,}}(?<!ed)(?<!ly)(?![a-z])|[A-Z][A-Z0-9]+(?![a-z]))"
)


def describes(came: str, comes: str) -> bool:
    """Whether an amount between the characters that `came` and those that come next belongs to a thing."""
    return bool(_DETERMINER.search(came) and _THING.match(comes))
