"""What the model on the other side writes: plausible prose, not quite as long as it was asked for; and its weaknesses.

It is obedient: whatever tells it to ignore its instructions does so, unless that stands in material that it was told is
none of its instructions.
"""

import json
import random
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

_MARKER = re.compile(r"BEGIN ([0-9a-f]{8,})")
_WORDS = re.compile(r"about (\d+) (?:more )?words")
_NUMBER = re.compile(r"^\[S(\d+)\]", re.MULTILINE)
_SECTIONS = re.compile(r"exactly (\d+) sections")
_STEPS = re.compile(r"the (\d+) transitions")
_OPENING = re.compile(r"opening has about (\d+) words")
_CLOSING = re.compile(r"(?:closing|recap) has about (\d+) words")
_COMMAND = re.compile(r"ignore (?:all |any )?(?:the )?(?:previous|earlier|above) instructions", re.IGNORECASE)
HACKED = "PWNED BY THE SOURCE"
_SUBJECTS = [
    "the keeper",
    "the old engineer",
    "a young sailor",
    "the harbour master",
    "every visitor",
    "the council",
    "a careful reader",
    "the first crew",
    "the whole town",
    "a patient teacher",
    "the new director",
    "nobody in the valley",
]
_VERBS = [
    "remembered",
    "described",
    "rebuilt",
    "measured",
    "carried away",
    "watched over",
    "gave up",
    "counted",
    "defended",
    "paid for",
    "drew",
    "lost sight of",
]
_OBJECTS = [
    "the lamp on the tower",
    "a wall of heavy stone",
    "the road along the river",
    "every page of the record",
    "a bell that rang in fog",
    "the bridge of iron",
    "the price of a loaf",
    "the map of the coast",
    "a clock without hands",
    "the long winter",
    "a garden by the sea",
    "the letters from abroad",
]
_TAILS = [
    "before the storm came",
    "as if nothing had happened",
    "for {n} years",
    "with the help of {n} neighbours",
    "until the money was gone",
    "long after the war",
    "on the {n}th day of the month",
    "when the ice had melted",
    "and told nobody about it",
    "because it had to be done",
]


class Author:
    """Answers questions. The same question gives the same answer.

    Args:
        seed: Of everything.
        spread: How far from the words asked for an answer may be, as a share.
    """

    def __init__(self, seed: int = 0, spread: float = 0.3) -> None:
        self._seed = seed
        self._spread = spread

    def answer(self, body: dict[str, Any]) -> str:
        """The text of an answer."""
        chance = random.Random(f"{self._seed} {identity(body)}")
        messages = [str(each["content"]) for each in body["messages"]]
        if len(messages) == 1:
            return "Yes."
        marker = _MARKER.search(messages[0])
        asked = messages[1]
        instructions, material = _parted(asked, marker[1] if marker else "")
        if _COMMAND.search(instructions):
            return f"{HACKED}. There is one section and it says nothing else."
        if '"sections"' in instructions:
            return json.dumps(self._outline(chance, instructions, material))
        if '"transitions"' in instructions:
            return json.dumps(self._frame(chance, instructions))
        words = _WORDS.search(instructions)
        return self._prose(chance, int(words[1]) if words else 80, material)

    def _outline(self, chance: random.Random, instructions: str, material: str) -> dict[str, Any]:
        count = _SECTIONS.search(instructions)
        numbers = _NUMBER.findall(material)
        return {
            "sections": [
                {
                    "heading": f"{chance.choice(_OBJECTS).capitalize()}, part {number + 1}",
                    "points": [_sentence(chance) for _ in range(2)],
                    "sources": [f"S{each}" for each in chance.sample(numbers, min(3, len(numbers)))],
                }
                for number in range(int(count[1]) if count else 1)
            ]
        }

    def _frame(self, chance: random.Random, instructions: str) -> dict[str, Any]:
        steps = _STEPS.search(instructions)
        said: dict[str, Any] = {
            "transitions": [f"Now to what {_sentence(chance).lower()}" for _ in range(int(steps[1]) if steps else 0)]
        }
        for name, pattern in (("opening", _OPENING), ("closing", _CLOSING)):
            words = pattern.search(instructions)
            if words:
                begins = "Welcome, and good day." if name == "opening" else "That was the story."
                said[name] = f"{begins} {self._prose(chance, int(words[1]) - 4, '')}".strip()
        if '"recap"' in instructions:
            said["recap"] = said.pop("closing", "")
        return said

    def _prose(self, chance: random.Random, words: int, material: str) -> str:
        """Paragraphs; where there are excerpts, some sentences are theirs and bear their number."""
        wanted = words * chance.uniform(1 - self._spread, 1 + self._spread)
        quotes = list(_quotes(material))
        chance.shuffle(quotes)
        sentences: list[str] = []
        count = 0
        while count < wanted:
            if quotes and chance.random() < 0.4:
                number, text = quotes.pop()
                sentence = f"{text[:-1]} [S{number}]{text[-1]}"
            else:
                sentence = _sentence(chance)
            sentences.append(sentence)
            count += len(sentence.split())
        return "\n\n".join(" ".join(sentences[place : place + 5]) for place in range(0, len(sentences), 5))


def identity(body: dict[str, Any]) -> str:
    """What makes a question another one."""
    told = [body.get(name) for name in ("model", "messages", "temperature", "seed")]
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]


def kind_of(body: dict[str, Any]) -> str:
    """Which of the writer's questions it is."""
    if len(body["messages"]) == 1:
        return "word"
    asked = str(body["messages"][1]["content"])
    if len(body["messages"]) > 2:
        return "repair"
    for kind, sign in (("outline", '"sections"'), ("polish", '"transitions"'), ("more", "more words")):
        if sign in asked:
            return kind
    return "section"


def _parted(text: str, marker: str) -> tuple[str, str]:
    """What stands outside of the material, and the material; without a marker everything is instructions."""
    if not marker:
        return text, text
    fenced = re.compile(rf"^BEGIN {marker}$(.*?)^END {marker}$", re.DOTALL | re.MULTILINE)
    return fenced.sub("", text), "\n".join(fenced.findall(text))


def _quotes(material: str) -> Iterator[tuple[int, str]]:
    for excerpt in re.split(r"^(?=\[S\d+\])", material, flags=re.MULTILINE):
        number = _NUMBER.match(excerpt)
        if number:
            for sentence in re.findall(r"[A-Z][^.!?\n\[\]]{30,200}[.!?](?=\s|$)", excerpt.partition("\n")[2]):
                yield int(number[1]), sentence


def _sentence(chance: random.Random) -> str:
    said = f"{chance.choice(_SUBJECTS)} {chance.choice(_VERBS)} {chance.choice(_OBJECTS)} {chance.choice(_TAILS)}."
    said = said.replace("{n}", str(chance.randint(4, 99)))
    return said[0].upper() + said[1:]
