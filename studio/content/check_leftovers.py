"""What was never meant to be spoken: places left open, remarks to oneself, a model's talk, directions, labels."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from studio.content.subject import Subject, edit_all, removal, shortened
from studio.domain.findings import Severity
from studio.domain.script_report import Check, Cure, ScriptFinding

_LISTED: Final = 8  # places of one kind that are listed one by one
_EXPRESSIVE_MODELS: Final = ("eleven_v3",)  # they act on [laughs] and do not say it

_OPEN_WORDS: Final = (
    r"insert|fill in|your|placeholder|replace|add|guest|host|name|date|title|company|topic|product|number|link|url"
    r"|website|sponsor|city|location|episode|example|tbd|todo|citation|source needed|xx+|details?|describe"
)
_PLACE: Final = re.compile(
    rf"""
    \{{\{{[^{{}}\n]{{0,80}}\}}\}}            # {{{{guest}}}}
    |\{{%[^%\n]{{0,80}}%\}}                  # of a template's language
    |\$?\{{[A-Za-z_][\w .-]{{0,40}}\}}       # {{guest}}, ${{guest}}
    |%\([a-z_]{{1,30}}\)s|%[A-Z_]{{3,30}}%
    |\[(?:(?i:{_OPEN_WORDS})\b[^\[\]\n]{{0,80}}|[A-Z][A-Z0-9_’' -]{{3,60}})\](?![(\[])
    |_{{4,}}
    """,
    re.VERBOSE,
)
_REMARK: Final = re.compile(
    r"\b(?:TODO|FIXME|TBD|TBC|TK TK|TKTK)\b|\bX{4,}\b|(?:(?<= in )|(?<= by )|(?<= from )|(?<= at )|(?<= on ))XXX\b"
    r"|(?<![\w?!”\"])\?{3,}"
)
_FILLER: Final = re.compile(
    r"\b(?:lorem ipsum|dolor sit amet|consectetur adipisc|sed do eiusmod|sed ut perspiciatis|omnis iste natus"
    r"|ut enim ad minim|duis aute irure|excepteur sint)",
    re.IGNORECASE,
)
_A_SCRIPT: Final = r"(?:podcast|script|episode|outline|version|draft|transcript|revised|rewritten)"
_MODEL: Final = re.compile(
    rf"""
    \bas\ an\ (?:ai|artificial\ intelligence|language\ model|llm)\b(?!\ (?:engineer|researcher|expert|company))
    |\bi(?:['’]m|\ am)\ (?:just\ )?an?\ (?:ai|large|language)\ (?:language\ )?(?:model|assistant)
    |\bmy\ (?:last\ )?(?:knowledge|training)\ (?:cut-?off|update|data)\b|\bas\ of\ my\ last\ (?:knowledge\ )?update
    |\bi(?:['’]m|\ am)\ (?:sorry|unable),?\ (?:but\ )?(?:i\ (?:can(?:['’]t|not)|am\ unable)|to)\ (?:to\ )?
        (?:assist|help\ with|fulfil|comply|provide|create|generate)
    |\bi\ (?:can(?:['’]t|not)|am\ unable\ to)\ (?:assist|help)\ (?:you\ )?with\ (?:that|this)
    |^[ \t]*(?:sure|certainly|of\ course|absolutely|great)\b(?:\ thing)?[!,.:][ \t]+
        (?:here(?:['’]s|\ is|\ are)|below\ is|i(?:['’]ll|\ will|['’]ve|\ have))\b[^\n.!?]{{0,80}}?\b{_A_SCRIPT}\b
    |^[ \t]*(?:here(?:['’]s|\ is)|below\ is)\ (?:a|an|the|your|my)\ (?:\w+\ ){{0,4}}{_A_SCRIPT}\b
        [^.!?\n]{{0,120}}:[ \t]*$
    |\blet\ me\ know\ if\ you(?:['’]d|\ would|\ need|\ want|\ have|\ like)\b[^.!?\n]{{0,80}}
        (?:changes?|adjust|revis|edit|shorter|longer|expand|modif|else|version|tweak|script|draft)
    |\bi\ hope\ (?:this|that|the)\ {_A_SCRIPT}\ (?:meets|helps|works|fits|is)\b
    |\bwould\ you\ like\ me\ to\ (?:write|expand|continue|revise|adjust|make|add|create)
    |^[ \t]*\(?(?:word\ count|total\ words|target\ length|estimated\ (?:length|duration))\b[^\n]{{0,12}}\d
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)

_ACTS: Final = (
    r"laughs?|laughing|laughter|chuckles?|chuckling|giggles?|sighs?|sighing|gasps?|coughs?|sobs?|sniffs?|whispers?"
    r"|whispering|smiles?|smiling|grins|yawns?|groans?|clears (?:his |her |their )?throat|applause|applauds|cheers"
    r"|cheering|(?:long |short |brief |dramatic )?(?:pause|pauses|silence|beat)"
    r"|(?:soft |upbeat |gentle |theme |intro |outro |background |ambient |dramatic |closing |opening )*"
    r"(?:music|theme|jingle|tune)(?: (?:fades?|plays?|swells?|starts?|stops?|ends?|in|out|up|under|continues?|begins?"
    r"|cue|bed|rises?|playing)\b.{0,30})?"
    r"|(?:sfx|fx|sound effects?|sound|audio|cue|clip|insert clip)\s?[:–-].{1,60}|sound effects?|sfx"
    r"|(?:fade|fades|cut|cuts|cross-?fade)[ -](?:in|out|to|up|under)\b.{0,30}|intro|outro|ad break|commercial break"
    r"|mid-?roll|(?:segment |scene )?transition|end of (?:episode|script|segment|transcript)|inaudible|crosstalk"
    r"|(?:phone|bell|doorbell) rings?|knock(?:s|ing)?(?: on (?:the )?door)?"
)
_DIRECTION: Final = re.compile(
    rf"\[(?:{_ACTS})\.?\](?![(\[])|\((?:{_ACTS})\.?\)|(?<![*\w])\*(?:{_ACTS})\.?\*(?![*\w])", re.IGNORECASE
)
_LABEL: Final = re.compile(
    r"^(?P<mark>\*\*|__)?(?P<name>[A-Z][A-Za-z.’' -]{0,24}?(?: \d)?)(?: \([^()\n]{1,30}\))?"
    r"(?::(?P=mark)|(?P=mark):|:)[ \t]+(?=\S)",
    re.MULTILINE,
)
_LABEL_PLAIN: Final = re.compile(
    r"^(?P<name>[A-Z][A-Za-z.’' -]{0,24}?(?: \d)?)(?: \([^()\n]{1,30}\))?:[ \t]+(?=\S)", re.MULTILINE
)
_SPEAKERS: Final = re.compile(
    r"(?:co-?)?host(?: \d)?|narrator|guest(?: \d)?|speaker(?: \d| [A-Z])?|interviewer|interviewee|announcer|presenter"
    r"|voice-?over|vo|moderator",
    re.IGNORECASE,
)
# With the character before it: a template's own brackets, and words that are not somebody's that the show quotes.
_OF_A_TEMPLATE: Final = re.compile(r".?(?:\{\{|\{%)", re.DOTALL)
_UNQUOTED: Final = re.compile(r"[^“\"‘'«„]")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of leftover.

    `wrong` says that no script of the studio's own means it, `always` which of them nobody can mean, whoever wrote it.
    """

    pattern: re.Pattern[str]
    detail: str
    wrong: bool = False
    always: re.Pattern[str] | None = None


_KINDS: Final = (
    _Kind(_PLACE, "“{}” is a place that nobody has filled in.", wrong=True, always=_OF_A_TEMPLATE),
    _Kind(_REMARK, "“{}” is a remark to whoever writes, not to whoever listens."),
    _Kind(_FILLER, "“{}…” is filler text.", wrong=True, always=_UNQUOTED),
    _Kind(_MODEL, "“{}…” is what a model says to whoever asked it, not to a listener.", wrong=True, always=_UNQUOTED),
)


def check_leftovers(subject: Subject) -> Iterator[ScriptFinding]:
    """Everything of the kind, with its place. A direction is left to a model that acts on it."""
    for kind in _KINDS:
        found = [match for match in kind.pattern.finditer(subject.text) if not _DIRECTION.fullmatch(match[0])]
        for number, match in enumerate(found[:_LISTED], 1):
            more = f" And {len(found) - _LISTED} more like it." if number == _LISTED < len(found) else ""
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            detail = kind.detail.format(shortened(match[0])) + more
            before = subject.text[max(0, start - 1) : match.end()]
            certain = subject.written if kind.always is None else subject.written or kind.always.match(before)
            severity = Severity.FAULT if kind.wrong and certain else Severity.REVIEW
            yield ScriptFinding(Check.UNSPEAKABLE, severity, detail, start, match.end())
    if not subject.job.settings.model.startswith(_EXPRESSIVE_MODELS):
        yield from _all_at_once(
            subject, list(_DIRECTION.finditer(subject.text)), "stage direction", "It would be read out."
        )
    yield from _labels(subject)


def _labels(subject: Subject) -> Iterator[ScriptFinding]:
    """“HOST:” at the beginning of a line: known ones, and any that comes again and again."""
    script = subject.script.text
    starts = {block.start for block in subject.script.blocks}
    # Bold marks belong to the label; a block begins behind them or before them.
    found = [match for match in _LABEL.finditer(subject.text) if _begins_block(match.start(), starts)]
    counts: dict[str, int] = {}
    for match in found:
        counts[match["name"]] = counts.get(match["name"], 0) + 1
    repeated = {
        name for name, count in counts.items() if count > 1 and (name.isupper() or count > 2 or _bold(name, script))
    }
    several = len(repeated) > 1 or any(name.isupper() for name in repeated)
    labels = [match for match in found if _SPEAKERS.fullmatch(match["name"]) or (several and match["name"] in repeated)]
    yield from _all_at_once(subject, labels, "speaker’s label", "It would be read out.")


def _bold(name: str, script: str) -> bool:
    return f"**{name}" in script or f"__{name}" in script


def _begins_block(place: int, starts: set[int]) -> bool:
    return place in starts or any(place + step in starts for step in (2,))


def _all_at_once(subject: Subject, found: Sequence[re.Match[str]], name: str, why: str) -> Iterator[ScriptFinding]:
    """One finding for all of a kind, which one click takes out."""
    if not found:
        return
    first = found[0]
    text = subject.script.text
    edit = edit_all(text, [removal(text, match.start(), match.end()) for match in found])
    said = shortened(first[0].strip("*_ \t"))
    if len(found) == 1:
        detail, label = f"“{said}” is a {name}. {why}", "Take it out"
    else:
        detail = f"“{said}” and {len(found) - 1} more are {name}s. {why.replace('It', 'They')}"
        label = f"Take all {len(found)} out"
    yield ScriptFinding(Check.UNSPEAKABLE, Severity.REVIEW, detail, first.start(), first.end(), Cure(label, edit))
