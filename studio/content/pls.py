"""Lexicon files: the W3C's Pronunciation Lexicon Specification (PLS) 1.0, read and written."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.content.saying import read_aloud
from studio.content.trees import tag_of, xml_tree
from studio.domain.errors import ExportError, InputError, SettingError
from studio.domain.phonemes import from_alphabet
from studio.domain.pronunciations import Entry, entry
from studio.engine.pronouncing import ReadLexicon

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE: Final = "http://www.w3.org/2005/01/pronunciation-lexicon"
LARGEST: Final = 20_000_000
"""Bytes of a file."""
MOST: Final = 50_000
"""Entries of a file."""

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_LETTERS = re.compile(r"[^\w\s'’.-]|[\d_]")
_CURE: Final = "Choose a PLS file: its first element is <lexicon>."


def read(path: Path) -> ReadLexicon:
    """The entries of a file.

    Of several pronunciations the one that is preferred counts, else the first. An alias is read by the rules (“W3C” is
    letters). Raises `InputError` for a file that is no lexicon, and for what must not be read.
    """
    name = path.name
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(
            f"“{path}” cannot be read ({error.strerror}).", "Check the name and its permissions."
        ) from error
    if len(data) > LARGEST:
        raise InputError(f"“{name}” is too large for a lexicon (over {LARGEST // 1_000_000} MB).", "Split it.")
    root = xml_tree(data, name)
    if tag_of(root) != "lexicon":
        raise InputError(f"“{name}” is no pronunciation lexicon.", _CURE)
    found: dict[str, Entry] = {}
    unused: list[str] = []
    alphabet = str(root.get("alphabet", "ipa"))
    for number, lexeme in enumerate((each for each in root.iter() if tag_of(each) == "lexeme"), 1):
        if number > MOST:
            raise InputError(f"“{name}” has more than {MOST:,} entries.", "Split it.")
        for result in _entries(lexeme, alphabet):
            if isinstance(result, str):
                unused.append(result)
            elif found.setdefault(result.written, result) != result:
                unused.append(f"“{result.written}” is there more than once: only the first one counts.")
    return ReadLexicon(tuple(found.values()), str(root.get(_LANGUAGE, "")), tuple(unused))


def write(entries: Sequence[Entry], path: Path) -> None:
    """Write a lexicon file, whole or not at all. Raises `ExportError`."""
    from lxml import etree

    root = etree.Element("lexicon", nsmap={None: NAMESPACE})
    root.set("version", "1.0")
    root.set("alphabet", "ipa")
    root.set(_LANGUAGE, "en")
    for each in entries:
        lexeme = etree.SubElement(root, "lexeme")
        etree.SubElement(lexeme, "grapheme").text = each.written
        if each.phonemes:
            etree.SubElement(lexeme, "phoneme").text = each.phonemes
        if each.spoken:
            etree.SubElement(lexeme, "alias").text = each.spoken
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    part = path.parent / f".{path.name}.part"
    try:
        with part.open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise ExportError(f"“{path}” cannot be written ({error.strerror}).", "Choose another place.") from error


def _entries(lexeme: "_Element", alphabet: str) -> Iterator[Entry | str]:
    """An entry for each spelling of a lexeme, or a sentence about what cannot be used."""
    line = f" (line {lexeme.sourceline})" if lexeme.sourceline else ""
    spellings = [" ".join("".join(each.itertext()).split()) for each in lexeme if tag_of(each) == "grapheme"]
    if not any(spellings):
        yield f"An entry has no spelling{line}."
        return
    alias, alias_refused = _alias(lexeme)
    ipa, refused = _phonemes(lexeme, alphabet)
    listed = " ".join(filter(None, (alias, f"/{ipa}/" if ipa else "")))
    for spelling in filter(None, spellings):
        if not listed:
            yield f"“{spelling[:60]}”{line} {refused or alias_refused or 'has no pronunciation'}."
            continue
        try:
            yield entry(spelling, listed)
        except SettingError as error:
            yield f"“{spelling[:60]}”{line} cannot be used: {error.message}"
            continue
        if refused or alias_refused:
            yield f"“{spelling[:60]}”{line} {refused or alias_refused}; its other pronunciation is used."


def _alias(lexeme: "_Element") -> tuple[str, str]:
    """The respelling of a lexeme, and what is wrong with it; one of the two or both are empty."""
    chosen = _preferred(lexeme, "alias")
    if chosen is None:
        return "", ""
    written = " ".join("".join(chosen.itertext()).split())
    spoken = " ".join(_NO_LETTERS.sub(" ", read_aloud(written)).split()).strip("-'’ ")
    return (spoken, "") if spoken else ("", "has an alias without a word in it")


def _phonemes(lexeme: "_Element", alphabet: str) -> tuple[str, str]:
    """The IPA of a lexeme, and what is wrong with it."""
    chosen = _preferred(lexeme, "phoneme")
    if chosen is None:
        return "", ""
    own = str(chosen.get("alphabet", alphabet))
    text = "".join(chosen.itertext()).strip()
    ipa = from_alphabet(own, text)
    if ipa:
        return ipa, ""
    return "", f"has phonemes that are no {own or 'ipa'} (“{text[:40]}”)"


def _preferred(lexeme: "_Element", tag: str) -> "_Element | None":
    found = [each for each in lexeme if tag_of(each) == tag]
    return next(
        (each for each in found if str(each.get("prefer", "")).lower() in {"true", "1"}), found[0] if found else None
    )
