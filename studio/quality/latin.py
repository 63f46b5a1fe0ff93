"""Words of other writings as English ears write them: in Latin letters."""

import re
import unicodedata
from typing import Final

from anyascii import anyascii

from studio.domain.letters import FOREIGN

# A Greek letter alone is a sign: “μg” is not “mg”.
_RUN: Final = re.compile(rf"(?:{FOREIGN.pattern}){{2,}}|(?![\u0370-\u03ff]){FOREIGN.pattern}")


def latin(text: str) -> str:
    """Small letters, each of another writing in Latin ones (“москва”, “moskva”)."""
    return _RUN.sub(lambda run: anyascii(run[0]).lower(), unicodedata.normalize("NFC", text))
