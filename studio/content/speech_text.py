"""A script as it is to be spoken: sentences, their spoken words tied to the source, pauses, chapters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studio.content.breath import CLAUSE_PAUSE_S, breaths
from studio.content.clean import Clean, cleaned_blocks, heading_text
from studio.content.lexicon import Lexicon
from studio.content.markdown import is_numeral
from studio.content.pauses import LONGEST_S
from studio.content.saying import said
from studio.content.sentences import sentence_spans
from studio.content.speech_marks import Wanted, marked_pieces, marks_of
from studio.domain.errors import InputError
from studio.domain.pronunciations import together
from studio.domain.script import Block, BlockKind, Script
from studio.domain.settings import Settings
from studio.domain.spoken import Chapter, SpeechMark, SpokenForm, SpokenWord, Utterance

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(slots=True)
class _Draft:
    """An utterance whose pause may still grow. Seconds: `rest_s` by the settings, `asked_s` by the script's breaks."""

    text: str
    start: int
    end: int
    words: tuple[SpokenWord, ...]
    heading: bool
    rest_s: float
    marks: tuple[SpeechMark, ...] = ()
    asked_s: float = 0.0


def spoken_form(script: Script, settings: Settings, pronunciations: Mapping[str, str] = NONE) -> SpokenForm:
    """What the voice is to say. Raises `InputError` when there is nothing to say.

    Every word of the blocks that is not listed in `script.skipped` is in exactly one utterance; offsets never decrease.
    An utterance has at most 2,000 characters, and where clauses allow it 400. Linear in the length of the text.

    `pronunciations` is the list of the brand and of the library; that of the settings wins over it. A listed word is
    spoken as the list says, and `SpokenWord.also` has it as it is written. Tags of SSML are followed as far as words
    can; what they ask of the voice is in `Utterance.marks`.
    """
    blocks = list(cleaned_blocks(script))
    lexicon = Lexicon(together(pronunciations, settings.pronunciations), (cleaned.text for _, cleaned in blocks))
    drafts: list[_Draft] = []
    chapters: list[Chapter] = []
    numeral = False
    for block, cleaned in blocks:
        first = len(drafts)
        _speak_block(block, cleaned, settings, lexicon, drafts)
        if block.kind is BlockKind.HEADING and len(drafts) > first:
            title = heading_text(cleaned)
            if numeral and chapters and chapters[-1].utterance == first - 1:
                chapters[-1] = Chapter(title, chapters[-1].utterance)
            else:
                chapters.append(Chapter(title, first))
            numeral = is_numeral(title)
        elif len(drafts) > first:
            numeral = False
    if not drafts:
        raise InputError(f"“{script.title}” has nothing in it to speak.", "Write at least one sentence.")
    if not chapters or chapters[0].utterance:
        chapters.insert(0, Chapter(script.title, 0))
    drafts[-1].rest_s = 0.0
    return SpokenForm(script.title, tuple(map(_finished, drafts)), tuple(chapters))


def _speak_block(block: Block, cleaned: Clean, settings: Settings, lexicon: Lexicon, drafts: list[_Draft]) -> None:
    heading = block.kind is BlockKind.HEADING
    first = len(drafts)
    asked = iter([*cleaned.breaks, (len(cleaned.text) + 1, 0.0)])
    place, seconds = next(asked)
    for start, end, closes in _sentences(cleaned):
        rest_s = settings.paragraph_pause_s if closes else settings.sentence_pause_s
        while place <= start:
            _ask(drafts, seconds)
            place, seconds = next(asked)
        begin = start
        while place < end:
            _speak(cleaned, begin, place, lexicon, drafts, heading=heading, rest_s=0.0)
            _ask(drafts, seconds)
            begin = place
            place, seconds = next(asked)
        _speak(cleaned, begin, end, lexicon, drafts, heading=heading, rest_s=rest_s)
    while place <= len(cleaned.text):
        _ask(drafts, seconds)
        place, seconds = next(asked)
    if len(drafts) > first:
        drafts[-1].rest_s = settings.heading_pause_s if heading else settings.paragraph_pause_s


def _sentences(cleaned: Clean) -> Iterator[tuple[int, int, bool]]:
    """The sentences of a block, each with whether a paragraph within it ends there: tags may part them as well."""
    waiting: tuple[int, int] | None = None
    at = 0
    for place, paragraph in (*cleaned.bounds, (len(cleaned.text), False)):
        for start, end in sentence_spans(cleaned.text[at:place] if cleaned.bounds else cleaned.text):
            if waiting:
                yield *waiting, False
            waiting = at + start, at + end
        if waiting and paragraph:
            yield *waiting, True
            waiting = None
        at = place
    if waiting:
        yield *waiting, False


def _ask(drafts: list[_Draft], seconds: float) -> None:
    if drafts:
        drafts[-1].asked_s += seconds


def _speak(
    cleaned: Clean, start: int, end: int, lexicon: Lexicon, drafts: list[_Draft], *, heading: bool, rest_s: float
) -> None:
    """Add the utterances of one sentence, or of the part of one between two breaks."""
    first = len(drafts)
    wanted: list[Wanted] = []
    parts = breaths(list(marked_pieces(cleaned, start, end, lexicon, wanted, heading=heading)))
    for number, breath in enumerate(parts, 1):
        whole = number == len(parts) and (heading or rest_s > 0)
        words = tuple(
            SpokenWord(word, cleaned.starts[piece.start], cleaned.ends[piece.end - 1], piece.also)
            for piece in breath
            for word in piece.words
        )
        if not words:
            continue
        text = said(breath, "." if whole else ",")
        solid = [piece for piece in breath if not cleaned.text[piece.start : piece.end].isspace()]
        span = cleaned.starts[solid[0].start], cleaned.ends[solid[-1].end - 1]
        marks = marks_of(breath, text, wanted) if wanted else ()
        drafts.append(_Draft(text, *span, words, heading, min(CLAUSE_PAUSE_S, rest_s), marks))
    if len(drafts) > first:
        drafts[-1].rest_s = rest_s


def _finished(draft: _Draft) -> Utterance:
    pause = max(draft.rest_s, min(draft.asked_s, LONGEST_S))
    return Utterance(draft.text, draft.start, draft.end, draft.words, pause, draft.heading, draft.marks)
