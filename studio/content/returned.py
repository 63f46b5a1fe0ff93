"""What a model sends back, made into plain prose: no markup, no talk of the task, no marks of what it was not shown."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from studio.content.citing import MARK, behind_marks, checked
from studio.content.prompting import folded
from studio.content.sentences import sentence_spans
from studio.domain.brand import Brand
from studio.domain.phrases import Phrases
from studio.domain.prose import words_in
from studio.domain.writing import Completion

_WRAPPED: Final = re.compile(r"\A\s*```[\w-]*\n(.*?)\n?```\s*\Z", re.DOTALL)
_CODE: Final = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>\n]{0,300}>")
_IMAGE: Final = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\n]{0,500}\)")
_LINK: Final = re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\n]{0,500}\)")
_URL: Final = re.compile(r"<?\b(?:https?://|www\.)[^\s<>\"”)\]]+>?")
_DROPPED_LINE: Final = re.compile(
    r"""[ \t]*(?:
        [#]{1,6}(?:[ \t].*|$)               # headings: the structure is not the model's
        |\|.*|[-:| \t]{3,}$|(?:[*_=-][ \t]*){3,}$  # tables and rules
        |\[\^?[^\]\n]{1,40}\]:.*            # definitions
        |[\[(*_]{1,3}(?:intro|outro|(?:\w+[ ])?music|sound|sfx|(?:\w+[ ])?pause|fade|cut|scene|applause|host|narrator
            |end[ ]of)\b.{0,80}[\])*_]{1,3}\s*$
        |[(\[*_]{0,3}(?:word[ ]count|total[ ]words|length|duration)\b.{0,3}:?.{0,40}$
        |(?:BEGIN|END)[ ][0-9a-f]{8,}.*
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"^[ \t]*[*_]{0,3}(?:host|narrator|speaker|presenter|voice-?over|announcer)(?: ?[A-Z\d])?[*_]{0,3}:[*_]{0,3}[ \t]*",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,2}[.)])[ \t]+(?=\S)")
_QUOTED: Final = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_TALK: Final = re.compile(
    r"""[“"(*_]*(?:
        (?:sure|certainly|of[ ]course|absolutely|okay|great)(?:[ ]thing)?[!,.:]
            (?:[ ](?:here|below|this[ ]is|i['’](?:ll|ve)|i[ ](?:will|have))\b.{0,200})?
        |here(?:['’]s|[ ]is|[ ]are)[ ](?:the|a|an|your|my|some)[ ](?:\w+[ ]){0,5}
            (?:section|script|text|version|sentences|paragraphs?|draft|continuation|json)\b.{0,160}
        |let[ ]me[ ]know[ ]if\b.{0,200}|i[ ]hope[ ](?:this|that)\b.{0,160}|would[ ]you[ ]like[ ]me[ ]to\b.{0,160}
        |(?:as|i['’]m|i[ ]am)[ ](?:just[ ])?an?[ ](?:ai|artificial|large|language)\b.{0,300}
        |(?:according[ ]to|as)[ ](?:the[ ])?(?:excerpts?|provided[ ](?:text|material|sources?))\b[^.]{0,20}\.?
    )[.!?:)”"*_]*\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_REFUSAL: Final = re.compile(
    r"""[\s“"*_]*(?:i['’]?\s?a?m\ (?:really\ |very\ )?sorry|sorry,|my\ apologies|i\ apologi[sz]e
        |(?:unfortunately,?\ )?i\ (?:can(?:not|['’]t|\ not)|won['’]t|will\ not|am\ (?:unable|not\ able)|must\ decline)
        |i['’]m\ (?:unable|not\ able)|as\ an\ ai\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_REFUSAL: Final = 90  # words: what is longer tells something
_LONGEST_SAID: Final = 160
_FEW: Final = 5  # words of a sentence that may be said twice
_GAPS: Final = re.compile(r"[ \t]{3,}")
_SPACES: Final = re.compile(r"[ \t]+")
_BEFORE_STOP: Final = re.compile(r"[ \t]+(?=[.,;:!?])")


def refusal_in(completion: Completion) -> str:
    """What a model said instead of doing its work, as one line; empty where it did it."""
    said = " ".join(completion.refusal.split())
    if not said and _REFUSAL.match(completion.text) and len(completion.text.split()) <= _LONGEST_REFUSAL:
        said = " ".join(completion.text.split())
    return said if len(said) <= _LONGEST_SAID else f"{said[: _LONGEST_SAID - 1]}…"


class Cleaner:
    """Makes prose of the answers of one assignment.

    Args:
        known: The numbers of the excerpts that the model was shown.
        is_leaked: Whether a sentence is one of our own instructions.
        brand: What must not be said.
    """

    def __init__(self, known: frozenset[int], is_leaked: Callable[[str], bool], brand: Brand | None) -> None:
        self._known = known
        self._is_leaked = is_leaked
        self._forbidden = Phrases(brand.forbidden if brand is not None else ())
        self._said: set[str] = set()
        self.wrong_marks = 0

    def prose(self, completion: Completion) -> str:
        """The answer as paragraphs of whole sentences, without what was said before; empty where nothing is left."""
        return self.paragraphs(completion.text, whole=not completion.cut)

    def paragraphs(self, text: str, *, whole: bool = True) -> str:
        """The same of a text; where it is not whole, without the sentence that breaks off."""
        wrapped = _WRAPPED.match(text)
        text = _GAPS.sub("  ", wrapped[1] if wrapped else text)
        for pattern in (_COMMENT, _CODE, _TAG, _IMAGE):
            text = pattern.sub(" ", text)
        text = _URL.sub("", _LINK.sub(r"\1", text))
        text, wrong = checked(text, self._known)
        self.wrong_marks += wrong
        held = list(_blocks(text))
        made = [self._sentences(block, whole=whole or number < len(held) - 1) for number, block in enumerate(held)]
        return "\n\n".join(block for block in made if block)

    def _sentences(self, block: str, *, whole: bool) -> str:
        kept = []
        for sentence, last in _sentences(block):
            bare = MARK.sub("", sentence).strip()
            key = folded(bare)
            long = key.count(" ") >= _FEW - 1
            if (
                not key
                or (last and not whole and not bare.rstrip("”’\"')*_").endswith((".", "!", "?", "…")))
                or _TALK.fullmatch(bare)
                or self._is_leaked(bare)
                or (long and key in self._said)
                or self._forbidden.find(words_in(bare))
            ):
                continue
            if long:
                self._said.add(key)
            kept.append(sentence)
        return " ".join(kept)


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs as one line each; an item of a list is a paragraph."""
    held: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        dropped = _DROPPED_LINE.fullmatch(line)
        bare = "" if dropped else _LABEL.sub("", _QUOTED.sub("", line))
        item = _ITEM.match(bare)
        if (not bare.strip() or item) and held:
            yield _tidy(" ".join(held))
            held = []
        if bare.strip():
            held.append(bare[item.end() :] if item else bare)


def _tidy(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return _BEFORE_STOP.sub("", _SPACES.sub(" ", printable)).strip()


def _sentences(block: str) -> Iterator[tuple[str, bool]]:
    """Sentences with the marks that follow them, and whether each is the last."""
    spans = list(sentence_spans(block))
    begin = 0
    for number, (start, stop) in enumerate(spans):
        end = behind_marks(block, stop)
        text = block[max(start, begin) : end].strip()
        begin = end
        if text:
            yield text, number == len(spans) - 1
