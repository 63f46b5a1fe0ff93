"""What a chat model sends, put together: events of a stream, or one document; with the deviations that servers have."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, Final

_LINE_END: Final = re.compile(r"\r\n|\n|\r(?!$)")
_THOUGHT: Final = re.compile(r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|$)", re.DOTALL | re.IGNORECASE)
_END_OF_THOUGHT: Final = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_CUT: Final = frozenset({"length", "max_tokens", "model_length"})
_MOST_TOKENS: Final = 10**9  # more than that in one answer is a mistake of the server
_BEFORE: Final = b"\xef\xbb\xbf \t\r\n"
DONE: Final = "[DONE]"


class Events:
    """Server-sent events out of bytes, whatever their line ends, and however they are cut into parts.

    Beyond the standard it takes events without a blank line between them, and lines of JSON without a field name.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._data: list[str] = []

    def feed(self, data: bytes) -> Iterator[str]:
        """The data of every event that is whole now."""
        self._rest += self._decoder.decode(data)
        *lines, self._rest = _LINE_END.split(self._rest)
        for line in lines:
            yield from self._line(line)

    def end(self) -> Iterator[str]:
        """What was left when nothing more came."""
        yield from self._line(self._rest.rstrip("\r"))
        self._rest = ""
        yield from self._flush()

    def _line(self, line: str) -> Iterator[str]:
        if not line:
            yield from self._flush()
            return
        field, _, value = line.partition(":")
        if line.lstrip()[:1] == "{":
            field, value = "data", line
        if field.lstrip("\ufeff") != "data":
            return  # a comment, a name, a number, or nothing that we know
        value = value.removeprefix(" ")
        if self._data and (value == DONE or (value[:1] == "{" and is_document("\n".join(self._data)))):
            yield from self._flush()
        self._data.append(value)

    def _flush(self) -> Iterator[str]:
        if self._data:
            whole, self._data = "\n".join(self._data), []
            yield whole


class Body:
    """The data of an answer out of its bytes: events, lines of JSON, or one document. Servers do not say which."""

    def __init__(self) -> None:
        self._events: Events | None = None
        self._held = bytearray()  # a document, or the first line
        self._is_object = False

    def feed(self, data: bytes) -> Iterator[str]:
        """What is whole now; of a document nothing before its end."""
        if self._events is not None:
            yield from self._events.feed(data)
            return
        self._held += data
        if self._is_object and b"\n" not in data:
            return
        begin = self._held.lstrip(_BEFORE)
        self._is_object = begin[:1] == b"{"
        line, _, rest = begin.partition(b"\n")
        if begin and (not self._is_object or (rest and is_document(line.decode("utf-8", "replace")))):
            self._events, self._held = Events(), bytearray()
            yield from self._events.feed(bytes(begin))

    def end(self) -> Iterator[str]:
        """What was left when nothing more came."""
        if self._events is not None:
            yield from self._events.end()
        elif self._is_object:
            yield self._held.lstrip(_BEFORE).decode("utf-8", "replace")


class Answer:
    """An answer as it grows. `begun` is whether anything of it has come."""

    def __init__(self) -> None:
        self.model = ""
        self.refusal = ""
        self.finish = ""
        self.done = False  # the stream said that it is at its end
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None
        self.error: Any = None
        self.length = 0  # characters, thoughts included
        self._parts: list[str] = []

    @property
    def begun(self) -> bool:
        """Whether any text, or thought, has come."""
        return self.length > 0

    @property
    def whole(self) -> bool:
        """Whether it came to an end that the server meant."""
        return self.done or bool(self.finish)

    @property
    def cut(self) -> bool:
        """Whether it ended because it reached its bound."""
        return self.finish in _CUT

    @property
    def text(self) -> str:
        """What was said, without what was only thought."""
        spoken = _THOUGHT.sub("", "".join(self._parts))
        # Some servers leave out where it begins.
        return _END_OF_THOUGHT.split(spoken)[-1].strip()

    def take(self, data: str) -> None:
        """The data of an event, or a whole document. Raises `ValueError` for what is neither."""
        if data.strip() == DONE:
            self.done = True
            return
        document = loaded(data)
        if not isinstance(document, dict):
            raise ValueError("not an object")  # noqa: TRY004  (as what is no JSON at all)
        if document.get("error"):
            self.error = document["error"]
            return
        self.model = _text(document.get("model")) or self.model
        self._count(document.get("usage"))
        choices = document.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and not choice.get("index"):
                self._choice(choice)

    def _choice(self, choice: dict[str, Any]) -> None:
        for name in ("delta", "message"):
            said = choice.get(name)
            if isinstance(said, dict):
                self._add(_content(said.get("content")))
                self.refusal += _text(said.get("refusal"))
                self.length += len(_text(said.get("reasoning_content")) or _text(said.get("reasoning")))
        self._add(_text(choice.get("text")))
        self.finish = _text(choice.get("finish_reason")) or self.finish

    def _add(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self.length += len(text)

    def _count(self, usage: object) -> None:
        if isinstance(usage, dict):
            self.prompt_tokens = _number(usage.get("prompt_tokens"), self.prompt_tokens)
            self.completion_tokens = _number(usage.get("completion_tokens"), self.completion_tokens)


def loaded(text: str) -> Any:
    """JSON from a stranger. Raises `ValueError` for anything else, and for what is nested without an end."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def is_document(text: str) -> bool:
    """Whether it is one JSON value."""
    try:
        loaded(text)
    except ValueError:
        return False
    return True


def _content(value: object) -> str:
    """Text, or the texts of a list of parts."""
    if isinstance(value, list):
        return "".join(_text(part.get("text")) for part in value if isinstance(part, dict))
    return _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object, before: int | None) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS:
        return value
    return before
