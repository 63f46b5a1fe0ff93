"""Is its SSML whole and understood, and are its pauses such as the voice can keep?"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from studio.content.ssml import MARKUP, NOT_FOLLOWED
from studio.content.subject import Subject, edit_all, removal, shortened
from studio.domain.findings import Severity
from studio.domain.script import Skipped
from studio.domain.script_report import Check, Cure, ScriptFinding
from studio.domain.voice import BUILTIN, VoiceRef

_LISTED: Final = 8
_LONGEST_BREAK_S: Final = {True: 5.0, False: 3.0}  # of the built-in voice; of a vendor's, as ElevenLabs documents it
_BREAKS_A_THOUSAND: Final = 4.0  # characters; with more in one call a vendor's voice hurries or stumbles
_MANY_BREAKS: Final = 5
_PAUSED: Final = 0.25  # share of an episode that is asked-for silence

_TAG: Final = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w:-]{0,40})(?P<rest>(?:\s[^<>]{0,500}|/)?)>")
_OPEN_END: Final = re.compile(r"<(/?[A-Za-z][\w:-]{0,40})(?=[\s/])[^<>\n]{0,300}(?=[<\n]|$)")
_ATTACK: Final = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)\b[^\n]{0,200}", re.IGNORECASE)
_PROLOGUE: Final = re.compile(r"<\?xml[^<>]{0,200}\?>|<!\[CDATA\[|\]\]>")
_TIME: Final = re.compile(r"""\btime\s*=\s*["'“”]?\s*\+?(\d{1,6}(?:\.\d{1,6})?|\.\d{1,6})\s*(ms|s)\b""", re.IGNORECASE)
_STRENGTH: Final = re.compile(
    r"""\bstrength\s*=\s*["'“”]?(?:none|x-weak|weak|medium|strong|x-strong)\b""", re.IGNORECASE
)

_SINGLE: Final = frozenset({"break", "mark", "lexicon", "meta", "desc"})
_PAIRED: Final = frozenset(
    {"speak", "emphasis", "prosody", "say-as", "sub", "phoneme", "voice", "lang", "audio", "p", "s", "w", "token"}
)
_KNOWN: Final = _SINGLE | _PAIRED
_LOOSE: Final = frozenset({"p", "s", "w"})
"""Of HTML as well, or harmless: left open, they swallow nothing."""
_HTML: Final = frozenset(
    (  # noqa: SIM905  (read as prose)
        "a abbr address article aside b big blockquote body br button caption center cite code col dd del details dfn"
        " dialog div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i"
        " iframe img input ins kbd label legend li link main map menu meta nav object ol option p param picture pre"
        " progress q s samp script section select small source span strike strong style sub summary sup svg table"
        " tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr"
    ).split()
)
_REPLACING: Final = frozenset({"sub", "phoneme", "say-as"})
_ATTRIBUTE: Final = {"sub": "alias", "phoneme": "ph", "say-as": "interpret-as", "audio": "src"}


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    start: int
    end: int
    rest: str
    closing: bool

    @property
    def empty(self) -> bool:
        return self.rest.rstrip().endswith("/")


def check_markup(subject: Subject) -> Iterator[ScriptFinding]:
    """Tags that are left open, that nobody opened, that cross, that nobody knows; entities of XML's attacks."""
    text = _with_tags(subject)
    for each in [*_ATTACK.finditer(text)][:_LISTED]:
        detail = f"“{shortened(each[0])}” defines entities: no script needs that, and it can be used to attack."
        yield ScriptFinding(Check.SSML, Severity.FAULT, detail, each.start(), each.end())
    prologue = list(_PROLOGUE.finditer(text))
    if prologue:
        edit = edit_all(text, [removal(text, *each.span()) for each in prologue])
        cure = Cure("Take it out", edit)
        detail = f"“{shortened(prologue[0][0])}” belongs to a file of XML, not to a script."
        yield ScriptFinding(Check.SSML, Severity.REVIEW, detail, prologue[0].start(), prologue[0].end(), cure)
    tags = [
        _Tag(found["name"].lower(), found.start(), found.end(), found["rest"], bool(found["close"]))
        for found in _TAG.finditer(text)
        if "@" not in found[0] and "://" not in found["name"]
    ]
    yield from _unended(text, tags)
    yield from _unbalanced(text, _paired(tags))
    yield from _unknown(text, tags)
    yield from _not_followed(subject)
    yield from _wrong_breaks(text, tags)


def check_breaks(subject: Subject, expected_s: float) -> Iterator[ScriptFinding]:
    """Pauses that are longer than the voice keeps, and more of them than it stands."""
    text = _with_tags(subject)
    own = VoiceRef.parse(subject.job.settings.voice).provider == BUILTIN
    most_s = _LONGEST_BREAK_S[own]
    breaks = [found for found in _TAG.finditer(text) if found["name"].lower() == "break"]
    long = [found for found in breaks if _seconds(found["rest"]) > most_s]
    if long:
        changes = [(found.start(), found.end(), f'<break time="{most_s:g}s"/>') for found in long]
        more = f", and so are {len(long) - 1} more" if len(long) > 1 else ""
        detail = (
            f"A pause of {_seconds(long[0]['rest']):g} s is longer than the {most_s:g} s that the voice keeps{more}; it"
            " will be cut."
        )
        cure = Cure(f"Make it {most_s:g} s", edit_all(text, changes))
        severity = Severity.NOTE if own else Severity.REVIEW
        yield ScriptFinding(Check.BREAKS, severity, detail, long[0].start(), long[0].end(), cure)
    characters = max(subject.job.spoken.characters, 1)
    if not own and len(breaks) > _MANY_BREAKS and len(breaks) > _BREAKS_A_THOUSAND * characters / 1000:
        detail = (
            f"{len(breaks)} pauses in {characters:,} characters are many: a vendor’s voice begins to hurry or to"
            " stumble. Leave most of them to full stops and paragraphs."
        )
        yield ScriptFinding(Check.BREAKS, Severity.REVIEW, detail, breaks[0].start(), breaks[0].end())
    asked_s = sum(min(_seconds(found["rest"]), most_s) for found in breaks)
    if len(breaks) > _MANY_BREAKS and asked_s > _PAUSED * expected_s:
        detail = f"Its {len(breaks)} pauses are {asked_s:.0f} s of silence, {asked_s / expected_s:.0%} of the episode."
        yield ScriptFinding(Check.BREAKS, Severity.REVIEW, detail, breaks[0].start(), breaks[0].end())


def _with_tags(subject: Subject) -> str:
    """The script's text without code and comments, but with the tags that are not spoken."""
    parts: list[str] = []
    at = 0
    for part in subject.script.skipped:
        if not _is_tag(part) and part.end > at:
            parts += subject.script.text[at : max(part.start, at)], " " * (part.end - max(part.start, at))
            at = part.end
    return "".join(parts) + subject.script.text[at:]


def _is_tag(part: Skipped) -> bool:
    return part.why == MARKUP or part.why.startswith(NOT_FOLLOWED)


def _seconds(attributes: str) -> float:
    time = _TIME.search(attributes)
    return float(time[1]) / (1000 if time[2].lower() == "ms" else 1) if time else 0.5


def _unended(text: str, tags: Sequence[_Tag]) -> Iterator[ScriptFinding]:
    """A tag of SSML without its “>”: what follows is read as part of it, or the tag is read out."""
    inside = {tag.start for tag in tags}
    unended = [
        found
        for found in _OPEN_END.finditer(text)
        if found.start() not in inside and found[1].lstrip("/").lower() in _KNOWN - _LOOSE and "=" in found[0]
    ]
    for found in unended[:_LISTED]:
        detail = f"“{shortened(found[0])}” is a tag without its “>”."
        yield ScriptFinding(Check.SSML, Severity.FAULT, detail, found.start(), found.end())


def _unbalanced(text: str, tags: Sequence[_Tag]) -> Iterator[ScriptFinding]:
    """Every tag is opened once and closed once, so that this is linear in their number."""
    open_: list[_Tag] = []
    crossed: dict[str, list[tuple[_Tag, _Tag]]] = {}  # by the one that was still open when the other one was closed
    depth: Counter[str] = Counter()
    found: list[ScriptFinding] = []
    for tag in tags:
        if not tag.closing:
            open_.append(tag)
            depth[tag.name] += 1
        elif depth[tag.name]:
            while (last := open_.pop()).name != tag.name:
                depth[last.name] -= 1
                crossed.setdefault(last.name, []).append((last, tag))
            depth[tag.name] -= 1
        elif crossed.get(tag.name):
            other, by = crossed[tag.name].pop()
            detail = f"<{by.name}> and <{other.name}> cross: the one that was opened last must be closed first."
            found.append(ScriptFinding(Check.SSML, Severity.FAULT, detail, other.start, tag.end))
        else:
            detail = f"“{text[tag.start : tag.end]}” closes what nobody opened."
            found.append(_taken_out(text, tag, detail, Severity.REVIEW))
    for tag in (*open_, *(tag for pairs in crossed.values() for tag, _ in pairs)):
        detail = f"“{shortened(text[tag.start : tag.end])}” is never closed."
        found.append(_taken_out(text, tag, detail, Severity.FAULT))
    yield from sorted(found, key=lambda each: each.start or 0)[: 4 * _LISTED]


def _paired(tags: Sequence[_Tag]) -> list[_Tag]:
    """Those that must be closed. `<sub>` is an index in HTML and an alias in SSML, by its attribute."""
    paired: list[_Tag] = []
    html_open: dict[str, list[bool]] = {}
    for tag in tags:
        if tag.name not in _PAIRED - _LOOSE or tag.empty:
            continue
        if tag.name in _HTML:
            stack = html_open.setdefault(tag.name, [])
            is_html = stack.pop() if tag.closing and stack else _ATTRIBUTE[tag.name] not in tag.rest
            if not tag.closing:
                stack.append(is_html)
            if is_html:
                continue
        paired.append(tag)
    return paired


def _taken_out(text: str, tag: _Tag, detail: str, severity: Severity) -> ScriptFinding:
    cure = Cure("Take the tag out", edit_all(text, [removal(text, tag.start, tag.end)]))
    return ScriptFinding(Check.SSML, severity, detail, tag.start, tag.end, cure)


def _unknown(text: str, tags: Sequence[_Tag]) -> Iterator[ScriptFinding]:
    foreign = [tag for tag in tags if tag.name not in _KNOWN | _HTML and ":" not in tag.name]
    for number, tag in enumerate([each for each in foreign if not each.closing][:_LISTED]):
        written = text[tag.start : tag.end]
        close = get_close_matches(tag.name, sorted(_KNOWN - _LOOSE), 1, 0.75)
        if close and ("=" in tag.rest or tag.empty or any(e.closing and e.name == tag.name for e in tags)):
            named = [each for each in foreign if each.name == tag.name]
            changes = [
                (each.start, each.end, re.sub(r"[\w:-]+", close[0], text[each.start : each.end], count=1))
                for each in named
            ]
            detail = f"“{shortened(written)}” is no tag of SSML; “{close[0]}” is."
            cure = Cure(f"Write “{close[0]}”", edit_all(text, changes))
            yield ScriptFinding(Check.SSML, Severity.REVIEW, detail, tag.start, tag.end, cure)
        elif not number or tag.name != foreign[0].name:
            detail = (
                f"“{shortened(written)}” is no mark-up that anything understands; it is left out when it is spoken."
            )
            yield ScriptFinding(Check.UNSPEAKABLE, Severity.REVIEW, detail, tag.start, tag.end)
    sounds = [tag for tag in tags if tag.name == "audio" and not tag.closing]
    if sounds:
        detail = f"“{shortened(text[sounds[0].start : sounds[0].end])}”: a sound inside of a script is not played."
        yield ScriptFinding(Check.SSML, Severity.REVIEW, detail, sounds[0].start, sounds[0].end)


def _not_followed(subject: Subject) -> Iterator[ScriptFinding]:
    """Tags that ask for what cannot be done: where one would replace words, they are spoken as they are written."""
    parts = [part for part in subject.script.skipped if part.why.startswith(NOT_FOLLOWED)]
    for replacing, severity in ((True, Severity.REVIEW), (False, Severity.NOTE)):
        first: dict[str, Skipped] = {}
        for part in parts:
            name = part.why.removeprefix(NOT_FOLLOWED)
            if (name in _REPLACING) is replacing and name != "audio":
                first.setdefault(name, part)
        if first:
            place = next(iter(first.values()))
            listed = ", ".join(f"<{name}>" for name in first)
            detail = f"{listed}: the voice cannot act on it; the words in it are spoken as they are written."
            yield ScriptFinding(Check.SSML, severity, detail, place.start, place.end)


def _wrong_breaks(text: str, tags: Sequence[_Tag]) -> Iterator[ScriptFinding]:
    wrong = [tag for tag in tags if tag.name == "break" and not tag.closing and _says_nothing(tag.rest)]
    for tag in wrong[:_LISTED]:
        edit = edit_all(text, [(tag.start, tag.end, '<break time="0.5s"/>')])
        written = shortened(text[tag.start : tag.end])
        detail = f"“{written}” does not say how long: write seconds (s) or milliseconds (ms)."
        cure = Cure("Make it half a second", edit)
        yield ScriptFinding(Check.SSML, Severity.REVIEW, detail, tag.start, tag.end, cure)


def _says_nothing(rest: str) -> bool:
    """Whether the attributes of a break are there, and none of them is a length."""
    return bool(rest.strip(" /\t\n")) and not (_TIME.search(rest) or _STRENGTH.search(rest))
