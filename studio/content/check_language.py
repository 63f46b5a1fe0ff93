"""Is it in the language that the voice speaks?"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from studio.content.languages import language_of, same_language
from studio.content.subject import Subject
from studio.domain.findings import Severity
from studio.domain.letters import FOREIGN
from studio.domain.script import Block, BlockKind
from studio.domain.script_report import Check, ScriptFinding
from studio.domain.voice import BUILTIN, VoiceRef

_ENGLISH: Final = "en"
_QUOTATION: Final = 300  # characters of another language that a script may quote
_WHOLE: Final = 0.5  # share of the text from which it is in that language
_LISTED: Final = 5
_LETTER: Final = 3  # of a formula, which one may have left out
_NAMES: Final = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian", "it": "Italian",
    "ja": "Japanese", "ko": "Korean", "la": "Latin", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def check_language(subject: Subject) -> tuple[str, list[ScriptFinding]]:
    """The language of the whole, empty where that is not sure, and what is not in the one that the voice speaks."""
    settings = subject.job.settings
    own = VoiceRef.parse(settings.voice).provider == BUILTIN
    found = [(block, language_of(subject.text[block.start : block.end])) for block in subject.script.blocks]
    sizes: Counter[str] = Counter()
    for block, language in found:
        sizes[language] += block.end - block.start
    told = sum(size for language, size in sizes.items() if language)
    main = max((language for language in sizes if language), key=lambda each: sizes[each], default="")
    if not main:
        main = language_of(subject.text.strip())  # many short lines, as of a dialogue
        told = sizes[main] = len(subject.text) if main else 0
    wanted = _ENGLISH if own else settings.language.partition("-")[0] or main
    if own and (letters := _foreign_letters(subject)):
        return main, letters
    if not main:
        return main, []
    wrong = sum(size for language, size in sizes.items() if language and not same_language(language, wanted))
    if wrong > _WHOLE * told:
        named = _name(main) if not same_language(main, wanted) else "another language"
        if own:
            detail = f"It is in {named}; the built-in voice speaks English only. Choose a vendor’s voice for it."
            return main, [ScriptFinding(Check.LANGUAGE, Severity.FAULT, detail)]
        detail = f"It is in {named}, and the voice is told that it is in {_name(wanted)}: change one of the two."
        return main, [ScriptFinding(Check.LANGUAGE, Severity.REVIEW, detail)]
    return main, list(_passages(found, wanted, own=own))


def _passages(found: list[tuple[Block, str]], wanted: str, *, own: bool) -> Iterator[ScriptFinding]:
    """Paragraphs of another language; a short one, or what is quoted, is only told."""
    foreign = [(block, each) for block, each in found if each and not same_language(each, wanted)]
    for number, (block, language) in enumerate(foreign[:_LISTED], 1):
        short = block.end - block.start < _QUOTATION or block.kind is BlockKind.QUOTE
        severity = Severity.NOTE if short or not own else Severity.REVIEW
        more = f" And {len(foreign) - _LISTED} more paragraphs." if number == _LISTED < len(foreign) else ""
        heard = "the built-in voice reads it as if it were English" if own else f"the rest is in {_name(wanted)}"
        detail = f"This looks like {_name(language)}; {heard}.{more}"
        yield ScriptFinding(Check.LANGUAGE, severity, detail, block.start, block.end)


def _foreign_letters(subject: Subject) -> list[ScriptFinding]:
    """Words in other letters than Latin ones, of which the built-in voice knows nothing but their transliteration."""
    words = [word for utterance in subject.job.spoken.utterances for word in utterance.words]
    found = [word for word in words if FOREIGN.search(word.text)]
    if not found:
        return []
    letters = sum(len(word.text) for word in found)
    if letters > _WHOLE * sum(len(word.text) for word in words):
        detail = "It is in letters that the built-in voice cannot read; it speaks English only. Choose another voice."
        return [ScriptFinding(Check.LANGUAGE, Severity.FAULT, detail)]
    start, end = found[0].start, found[0].end
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    detail = f"“{subject.quote(start, end)}”{more}: the built-in voice reads it in Latin letters, as English."
    severity = Severity.REVIEW if letters > _LETTER else Severity.NOTE
    return [ScriptFinding(Check.LANGUAGE, severity, detail, start, end)]


def _name(code: str) -> str:
    return _NAMES.get(code, f"the language “{code}”")
