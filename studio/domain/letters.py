"""Letters of other writings than the Latin one: Greek, Cyrillic, Chinese."""

import re
from typing import Final

FOREIGN: Final = re.compile(r"[^\W\d_\u0000-\u024f\u02b0-\u02ff\u1e00-\u1eff\uff21-\uff5a]")
"""One such letter."""
