"""Scripts of any exact length, each with words of its own, in plain sentences that are spoken as they are written."""

import random
from collections.abc import Iterator
from pathlib import Path

_SENTENCES = (
    "The harbour was quiet before the boats came home.",
    "Nobody in the village could remember a colder winter.",
    "She opened the letter slowly and read it by the window.",
    "A good map tells you more than the names of the roads.",
    "The river had changed its course twice since his childhood.",
    "They carried the piano up the stairs and put it in the corner.",
    "Rain fell on the roof all night, and in the morning the garden was green.",
    "His grandfather had built the house with his own hands.",
    "The old clock in the hall was always a little late.",
    "Every spring the swallows came back to the same barn.",
    "We waited on the platform until the last train had gone.",
    "The teacher wrote one word on the board and left the room.",
    "Most of the bread was sold before the sun was up.",
    "It takes a patient person to repair a broken watch.",
    "The children found a small key under the floor.",
    "Far below them the lights of the city began to shine.",
    "Nothing travels faster than a rumour in a small town.",
    "He kept his money in a tin behind the stove.",
    "The captain looked at the sky and changed his plan.",
    "There is a bridge here that no car has ever crossed.",
    "Her voice was calm, but her hands were not.",
    "The apples were red on one side and green on the other.",
    "For years the lamp had burned in the tower without a pause.",
    "Some of the stones had names carved into them.",
    "A dog barked somewhere, and then it was silent again.",
    "The doctor came on foot because the road was under water.",
    "You could hear the sea from every room in the house.",
    "The painter mixed his colours in the light of the morning.",
    "Only one of the brothers wanted to leave the farm.",
    "The library was open until midnight in those days.",
)
_PARAGRAPH = 350  # characters after which another one begins
_FILL = ("a", "so", "and", "then", "again", "slowly", "another", "together")  # of one to eight letters


def prose(characters: int, seed: int) -> str:
    """A text of exactly so many characters, from 20 on: paragraphs of sentences, the last one filled up."""
    chance = random.Random(seed)
    parts: list[str] = []
    length = paragraph = 0
    for sentence in _sentences(chance):
        between = "" if not parts else "\n\n" if paragraph > _PARAGRAPH else " "
        if characters - length - len(between) - len(sentence) < 60:
            break
        parts += [between, sentence]
        length += len(between) + len(sentence)
        paragraph = len(sentence) if between == "\n\n" else paragraph + len(between) + len(sentence)
    if parts:
        parts.append(" ")
        length += 1
    return "".join([*parts, _filled(characters - length, chance)])


def write_scripts(folder: Path, count: int, characters: int, seed: int = 0) -> Path:
    """A folder of so many scripts, all of this length and no two of the same words."""
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        (folder / f"{number:03d}.txt").write_text(prose(characters, seed * 10_000 + number), encoding="utf-8")
    return folder


def _sentences(chance: random.Random) -> Iterator[str]:
    while True:
        yield from chance.sample(_SENTENCES, len(_SENTENCES))


def _filled(length: int, chance: random.Random) -> str:
    """A sentence of exactly this length, from 20 on."""
    words = ["They", "waited"]
    left = length - len("They waited.")
    while left:
        fitting = [word for word in _FILL if len(word) + 1 == left or len(word) + 3 <= left]
        words.append(chance.choice(fitting))
        left -= len(words[-1]) + 1
    return " ".join(words) + "."
