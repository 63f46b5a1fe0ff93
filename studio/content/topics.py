"""What an episode is to be about, as a script that is still to be written: its text is the topic in words."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from studio.content.titles import short_title
from studio.domain.errors import InputError
from studio.domain.script import Script, Topic
from studio.domain.settings import check
from studio.engine.drafts import topic_draft

_LONGEST_BRIEF: Final = 50_000  # characters: more is a source
_LONGEST_LINE: Final = 160  # of a list of topics
_LIST_MARK: Final = re.compile(r"[ \t]*(?:[-*+•]|\d{1,4}[.)])[ \t]+(?=\S)")
_SENTENCE_END: Final = re.compile(r"[.!…:;,\u3002\uff01][\"'”’)]*$")
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)


def topic_script(topic: Topic, source: str, name: str) -> Script:
    """The script of a topic that is not written yet.

    Raises `InputError` and `SettingError`, which call it `name`, where it says nothing or asks for no usable length.
    """
    if not re.search(r"\w", topic.title) and not re.search(r"\w", topic.brief):
        raise InputError(f"{name} does not say what it is about.", "Give it a title, or a brief.")
    if len(topic.brief) > _LONGEST_BRIEF:
        raise InputError(
            f"The brief of {name} has {len(topic.brief):,} characters, and {_LONGEST_BRIEF:,} is the most.",
            "Put what is to be read into a file, and give that as a source.",
        )
    if topic.minutes:
        check("minutes", topic.minutes)
    brief = _plain(topic.brief).strip()
    title = short_title(_plain(topic.title)) if re.search(r"\w", topic.title) else _first_words(brief)
    topic = Topic(title, brief, topic.minutes, tuple(each for each in map(_plain, topic.sources) if each.strip()))
    return topic_draft(topic, source).script


def found_source(written: str, folder: Path | None) -> str:
    """A source as it can be read from anywhere: an address, or the whole path of a file or a folder.

    Args:
        written: What somebody wrote.
        folder: What a path is relative to; None where there is no such place.

    Raises `InputError` where there is no such file.
    """
    text = written.strip()
    if _ADDRESS.match(text):
        return text
    path = existing(text, folder)
    if path is None:
        raise InputError(
            f"There is no source “{text[:120]}”.",
            "Give an address that begins with https://, or a path as seen from the folder of the list."
            if folder is not None
            else "Give an address that begins with https://, or a whole path.",
        )
    return str(path)


def existing(written: str, folder: Path | None) -> Path | None:
    """The whole path of what is there; None where nothing is, or where nobody knows what the path is relative to."""
    try:
        path = Path(written).expanduser()
        path = path if folder is None else (folder / path).absolute()
        return path if path.is_absolute() and path.exists() else None
    except (OSError, ValueError, RuntimeError):  # a name too long, with a NUL, of a user whom nobody knows
        return None


def topic_lines(text: str) -> Sequence[str]:
    """The topics of a plain list, one to a line; empty where the text is none: a long line, or one of prose."""
    lines = [_LIST_MARK.sub("", line, count=1).strip() for line in text.lstrip("\ufeff").split("\n")]
    lines = [line for line in lines if line]
    prose = any(len(line) > _LONGEST_LINE or _SENTENCE_END.search(line) for line in lines)
    return [] if prose else lines


def _plain(text: str) -> str:
    """With line feeds for line ends, and with nothing that ends a text elsewhere."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _first_words(brief: str) -> str:
    """What a brief without a title is about."""
    line = next(line.strip() for line in brief.split("\n") if re.search(r"\w", line))
    sentence = re.split(r"(?<=[.!?])\s", line, maxsplit=1)[0]
    if len(sentence) <= 80:
        return short_title(sentence.rstrip("."))
    return short_title(f"{sentence[:80].rpartition(' ')[0] or sentence[:80]}…")
