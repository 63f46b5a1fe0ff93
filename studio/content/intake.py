"""Scripts and topics from files, folders and text."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from studio.content import json_entries, tables
from studio.content.clean import cleaned_blocks
from studio.content.columns import Meaning
from studio.content.decoding import decode
from studio.content.documents import LARGEST as LARGEST_DOCUMENT
from studio.content.documents import READERS, Document, read_documents
from studio.content.entries import UNUSED_BRIEF, draft_of, noted, own_settings
from studio.content.folders import Search, content_of, mode_of, natural_key, shown
from studio.content.front_matter import front_matter
from studio.content.markdown import front_matter_end, read_blocks
from studio.content.titles import short_title, title_of
from studio.content.topics import found_source, topic_lines, topic_script
from studio.domain.errors import BatchcastError, InputError
from studio.domain.script import Script, Skipped, Topic
from studio.engine.drafts import Draft, Refusal

TEXTS: Final = (".md", ".markdown", ".txt")
JSON: Final = (".json", ".jsonl", ".ndjson")
SUFFIXES: Final = (*TEXTS, *READERS, *JSON, *tables.SUFFIXES)
"""The endings of everything that is read."""

LONGEST: Final = 1_000_000
"""Characters of one script: some 17 hours of speech. More is a mistake, or a book that wants to be split."""
SHORTEST: Final = 12
"""Characters below which hearing cannot judge what was spoken, so that nothing would stand behind the verdict."""

_LARGEST_UNASKED: Final = 20_000_000  # bytes of a JSON file that is looked into because it lies in a folder
_KINDS: Final = (
    "Markdown (.md), plain text (.txt), Word (.docx), web pages (.html), EPUB, PDF, SSML, and lists of topics or "
    "scripts (.csv, .tsv, .json)"
)
_SAVE_AS: Final = "Save it as Markdown (.md) or plain text (.txt)."
_PUT_SCRIPT: Final = "Put a script into it, or take it off the list."
_SSML: Final = re.compile(r"\s*(?:<\?xml\b[^>]{0,200}\?>\s*)?<speak\b")
# One of these is a word; of writing without spaces each character counts.
_WORDS: Final = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
# What nobody sees: it is not spoken, it is not shown in titles, and it is listed.
_UNSEEN: Final = (
    ("mark of writing direction", re.compile(r"[\u202a-\u202e\u2066-\u2069]")),
    ("invisible character", re.compile(r"(?<!^)[\u200b\u2060-\u2064\ufeff\U000e0001]")),
    ("half character", _SURROGATES),
    ("control character", re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")),
)


class ScriptIntake:
    """Finds and reads scripts and topics, whatever they are kept in. Keeps the engine's `Intake` Protocol."""

    def find(self, paths: Sequence[Path]) -> Sequence[Path]:
        """The script files in `paths`, each once, in natural order (chapter-2 before chapter-10).

        Folders are searched to the bottom, without hidden files, read-me and licence files, what belongs to saved web
        pages, and finished distribution folders; tables, JSON and XML are taken from them only where they are of
        episodes. A file that cannot be read, and a folder inside that cannot be opened, are found all the same: `read`
        says what is wrong with them, and the others go on. Raises `InputError` for a path that is missing, a file of an
        unknown kind, and a folder that cannot be opened or holds no script.
        """
        found: dict[str, Path] = {}
        search = Search(
            frozenset(SUFFIXES) - {*JSON, ".xml", *tables.SUFFIXES},
            {**dict.fromkeys(JSON, _is_json), ".xml": _is_ssml, **dict.fromkeys(tables.SUFFIXES, _is_table)},
        )
        for path in paths:
            if stat.S_ISDIR(mode_of(path)):
                scripts = list(search.files(path))
                if not scripts:
                    raise InputError(f"The folder “{shown(path)}” holds no scripts.", f"Scripts are {_KINDS}.")
            else:
                _check_kind(path)
                scripts = [path]
            for script in scripts:
                found.setdefault(os.path.abspath(script), script)  # noqa: PTH100  (`resolve` would follow links)
        return sorted(found.values(), key=natural_key)

    def held(self, paths: Sequence[Path]) -> Iterator[Draft | Refusal]:
        """What all of these paths hold; among others, one that cannot be used is refused.

        Raises `InputError` as `find` does where it is the only one.
        """
        there: list[Path] = []
        for path in paths:
            try:
                there += self.find([path])
            except BatchcastError as error:
                if len(paths) == 1:
                    raise
                yield Refusal(str(path), error.message, error.remedy)
        for path in self.find(there):
            try:
                yield from self.drafts(path)
            except BatchcastError as error:
                yield Refusal(str(path), error.message, error.remedy)

    def read(self, path: Path) -> Script:
        """One file as one script. Raises `InputError` with the file's name and a cure."""
        held = self.drafts(path)
        first = held[0]
        if len(held) > 1:
            raise InputError(
                f"“{shown(path, name=True)}” holds {len(held)} scripts.",
                "Take the one that is meant into a file of its own.",
            )
        if isinstance(first, Refusal):
            raise InputError(first.message, first.remedy)
        if first.script.unwritten:
            raise InputError(f"“{shown(path, name=True)}” is a topic, and no script yet.", "Have it written first.")
        return first.script

    def read_text(self, text: str, source: str) -> Script:
        """Text that was pasted or stored, as a script. Raises `InputError` where it cannot become an episode."""
        return _script(_plain(text, source), source, source)

    def drafts(self, path: Path) -> Sequence[Draft | Refusal]:
        """What one file holds: a script, the chapters of a book, or the rows of a table or a list.

        Raises `InputError` for the file as a whole.
        """
        return self._drafts(path, listed=False)

    def text_drafts(self, text: str, source: str) -> Sequence[Draft | Refusal]:
        """The same of text: cells that were copied from a spreadsheet are a table."""
        return self._of_text(_plain(text, source), source, source, None)

    def topic(
        self, title: str, brief: str = "", minutes: float = 0.0, sources: Sequence[str] = (), source: str = "Topic"
    ) -> Draft:
        """A topic that somebody typed. Raises `InputError` and `SettingError`.

        Args:
            title: What the episode is to be called.
            brief: What it should be about; either of the two may be empty.
            minutes: Its length, 0 for the project's.
            sources: Files and folders, as seen from the working directory, and addresses.
            source: Where it is from.
        """
        there = tuple(found_source(each, Path.cwd()) for each in sources)
        return Draft(topic_script(Topic(title, brief, minutes, there), source, f"“{short_title(title)}”"))

    def topics(self, path: Path) -> Sequence[Draft | Refusal]:
        """As `drafts`; a plain text that is a list of short lines without end marks holds one topic in each of them.

        Only where somebody has said that topics are meant: as a script it would be spoken.
        """
        return self._drafts(path, listed=True)

    def _drafts(self, path: Path, *, listed: bool) -> Sequence[Draft | Refusal]:
        name, source, suffix = shown(path, name=True), shown(path), path.suffix.lower()
        if stat.S_ISDIR(mode_of(path)):
            content_of(path, 0)  # says so
        _check_kind(path)
        if suffix in READERS:
            data = content_of(path, LARGEST_DOCUMENT)
            if len(data) > LARGEST_DOCUMENT:
                raise InputError(
                    f"“{name}” is over {LARGEST_DOCUMENT // 1_000_000} MB.", "Split it into several files."
                )
            return self._of_documents(read_documents(data, suffix, name), source, name)
        if suffix in JSON:
            text = _text_of(path, json_entries.LARGEST)
            return json_entries.Reader(self.read_text, name, source, path.parent).read(text)
        called_table = suffix in tables.SUFFIXES
        text = _text_of(path, tables.LARGEST if called_table else LONGEST)
        if called_table or tables.is_table(text):
            return tables.Reader(self.read_text, name, source, path.parent).read(text)
        return (listed and _listed(text, source)) or self._of_text(text, source, name, path.parent)

    def _of_text(self, text: str, source: str, name: str, folder: Path | None) -> Sequence[Draft | Refusal]:
        if folder is None and tables.is_table(text):
            return tables.Reader(self.read_text, name, source, None).read(text)
        if folder is None and json_entries.holds_entries(text):
            return json_entries.Reader(self.read_text, name, source, None).read(text)
        if _SSML.match(text):
            return self._of_documents(read_documents(text.encode("utf-8", "replace"), ".ssml", name), source, name)
        front = front_matter(text)
        if front.held.keys() & {Meaning.TITLE, Meaning.BRIEF} and not text[front_matter_end(text) :].strip():
            # A front matter alone is a topic.
            made = draft_of(front.held, self.read_text, f"“{name}”", source, folder)
            return [replace(made, note=front.note, tabled=False)]
        script = _script(text, source, name)
        if Meaning.TITLE in front.held:
            script = replace(script, title=short_title(front.held[Meaning.TITLE]))
        try:
            own = own_settings(front.held, folder)
        except BatchcastError as error:
            raise InputError(f"The front matter of “{name}”: {error.message}", error.remedy) from error
        # With settings of its own it is more than what it looks like.
        draft = Draft(script, own.values, own.priority, tabled=bool(own.values))
        notes = (front.note, UNUSED_BRIEF if Meaning.BRIEF in front.held else "")
        return [noted(noted(draft, notes[0]), notes[1])]

    def _of_documents(self, documents: Sequence[Document], source: str, name: str) -> Sequence[Draft | Refusal]:
        if len(documents) == 1 and not documents[0].place:
            return [Draft(_of_document(documents[0], source, name))]
        held: list[Draft | Refusal] = []
        for each in documents:
            place = f"{source}, {each.place}"
            try:
                held.append(Draft(_of_document(each, place, f"{name}, {each.place}"), tabled=True))
            except InputError as error:
                held.append(Refusal(place, error.message, error.remedy))
        return held


def _plain(text: str, source: str) -> str:
    if "\0" in text:
        raise InputError(f"“{source}” does not hold text.", "Paste Markdown or plain text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _listed(text: str, source: str) -> Sequence[Draft | Refusal]:
    """The topics of a plain list of lines; none where it is no such list."""
    held: list[Draft | Refusal] = []
    for number, line in enumerate(topic_lines(text), 1):
        place = f"{source}, line {number}"
        try:
            held.append(Draft(topic_script(Topic(line), place, f"Line {number} of “{source}”"), tabled=True))
        except InputError as error:
            held.append(Refusal(place, error.message, error.remedy))
    return held


def _of_document(document: Document, source: str, name: str) -> Script:
    return _script(document.text, source, name, document.title, document.left_out)


def _script(text: str, source: str, name: str, title: str = "", left_out: Sequence[str] = ()) -> Script:
    if len(text) > LONGEST:
        raise _too_long(name, f"{len(text):,} characters")
    if not text.strip("\ufeff \t\n\r\f\v\u00a0\u200b"):
        raise InputError(f"“{name}” holds nothing but white space.", _PUT_SCRIPT)
    counts = [(why, len(found.findall(text))) for why, found in _UNSEEN]
    # Half characters cannot be stored; one for one, so that every offset stays.
    text = _SURROGATES.sub("\ufffd", text)
    blocks, skipped = read_blocks(text)
    unseen = [f"{why} ×{count}" if count > 1 else why for why, count in counts if count]
    # What has no place in the text stands at its beginning, and is as long as nothing.
    nowhere = tuple(Skipped(0, 0, why) for why in (*left_out, *unseen))
    script = Script(title_of(text, blocks, skipped, source, title), source, text, blocks, (*nowhere, *skipped))
    _check_enough(script, name)
    return script


def _text_of(path: Path, longest: int) -> str:
    """The text of one file of at most `longest` characters. Raises `InputError` with its name and a cure."""
    name = shown(path, name=True)
    most = 4 * longest + 4  # no encoding takes more than four bytes a character
    data = content_of(path, most)
    if len(data) > most:
        raise _too_long(name, f"over {4 * longest // 1_000_000} MB")
    if not data:
        raise InputError(f"“{name}” is empty.", _PUT_SCRIPT)
    return decode(data, name)


def _check_enough(script: Script, name: str) -> None:
    if not script.blocks:
        raise InputError(f"“{name}” has nothing in it to speak, only markup.", "Add the text that is to be spoken.")
    texts = [cleaned.text for _, cleaned in cleaned_blocks(script)]
    words = sum(len(_WORDS.findall(text)) for text in texts)
    characters = sum(len(" ".join(text.split())) for text in texts)
    if not words:
        raise InputError(f"“{name}” has nothing in it to speak.", "Add the text that is to be spoken.")
    if words < 2 or characters < SHORTEST:
        raise InputError(
            f"“{name}” is too short to be made and checked as an episode.", "Write at least a whole sentence."
        )


def _check_kind(path: Path) -> None:
    if path.suffix.lower() not in SUFFIXES:
        kind = f"a {shown(Path(path.suffix))} file" if path.suffix else "a file without an ending"
        raise InputError(f"“{shown(path, name=True)}” is {kind}; scripts are {_KINDS}.", _SAVE_AS)


def _is_table(path: Path) -> bool:
    data = _beginning(path, 20_000)
    for cut in range(4):  # the last character may be there in part
        with suppress(InputError):
            return tables.begins_a_table(decode(data[: len(data) - cut], path.name))
    return False


def _is_ssml(path: Path) -> bool:
    return b"<speak" in _beginning(path, 20_000).replace(b"\0", b"")


def _is_json(path: Path) -> bool:
    data = _beginning(path, _LARGEST_UNASKED)
    with suppress(InputError):
        return len(data) < _LARGEST_UNASKED and json_entries.holds_entries(decode(data, path.name))
    return False


def _beginning(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _too_long(name: str, size: str) -> InputError:
    return InputError(
        f"“{name}” is too long for one episode: {size}, and at most {LONGEST:,} can be made.",
        "Split it into several scripts.",
    )
