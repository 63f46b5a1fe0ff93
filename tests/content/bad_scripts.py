"""Texts that should not be bought as they are, by what is wrong with them.

Half of them, `ASIDE`, were kept aside while the checks were made: they say how the checks do on what they never saw.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from studio.domain.script_report import Check

OPENING: Final = """# The Lamp at the End of the Pier

Every harbour has a light that nobody looks at. The keeper of ours climbed its stairs twice a day for thirty years, and
he knew each step by its sound.

"""
CLOSING: Final = """

The light still burns. It is changed by a switch in another town now, and the stairs are quiet. That is the story of
the lamp, and thank you for listening to it.
"""

_LONG: Final = " and then the keeper carried the oil up the narrow stair and trimmed the wick and wiped the glass" * 5
_FRENCH: Final = (
    "Le gardien du phare montait chaque soir les marches étroites, et il allumait la lampe avant que la nuit ne tombe "
    "sur le port. Personne ne le regardait, mais tous les marins savaient que sa lumière serait là, fidèle, jusqu’au "
    "matin."
)
_GERMAN: Final = (
    "Der Wärter stieg jeden Abend die schmale Treppe hinauf und zündete die Lampe an, bevor die Nacht über den Hafen "
    "kam. Niemand sah ihm zu, aber alle Seeleute wussten, dass sein Licht bis zum Morgen brennen würde."
)
_JAPANESE: Final = "灯台守は毎晩狭い階段を上り、夜が港に来る前にランプに火をつけた。誰も彼を見なかった。"
_RUSSIAN: Final = "Смотритель каждый вечер поднимался по узкой лестнице и зажигал лампу, прежде чем наступала ночь. "


@dataclass(frozen=True)
class Bad:
    """`text` stands between a good opening and a good closing, unless `whole`; `check` must find it.

    `cured` is what must stand in the text once the cure is applied; `settings` are changed, `about` is of the job.
    """

    check: Check
    text: str
    cured: str | None = None
    whole: bool = False
    settings: dict[str, Any] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)

    @property
    def script(self) -> str:
        return self.text if self.whole else f"{OPENING}{self.text}{CLOSING}"


_ALL: Final = (
    # What a template, a model or an editor left behind.
    Bad(Check.UNSPEAKABLE, "Today we speak with {{guest_name}} about the lamps."),
    Bad(Check.UNSPEAKABLE, "Today we speak with {guest} about the lamps."),
    Bad(Check.UNSPEAKABLE, "Today we speak with [insert guest name here] about the lamps."),
    Bad(Check.UNSPEAKABLE, "Today we speak with [GUEST NAME] about the lamps."),
    Bad(Check.UNSPEAKABLE, "Today we speak with <guest name> about the lamps."),
    Bad(Check.UNSPEAKABLE, "The tower is ${height} tall and stands on rock."),
    Bad(Check.UNSPEAKABLE, "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor."),
    Bad(Check.UNSPEAKABLE, "The tower was built in stone. Sed ut perspiciatis unde omnis iste natus error sit."),
    Bad(Check.UNSPEAKABLE, "TODO: look up when the tower was built. It is tall."),
    Bad(Check.UNSPEAKABLE, "The tower was built in stone (FIXME which year?) and painted white."),
    Bad(Check.UNSPEAKABLE, "The tower was built in XXXX by a man from the north."),
    Bad(Check.UNSPEAKABLE, "The tower is tall [citation needed] and white."),
    Bad(Check.UNSPEAKABLE, "The lamp was lit by TBD in the spring of that year."),
    Bad(Check.UNSPEAKABLE, "As an AI language model, I cannot visit the tower, but here is what is known of it."),
    Bad(Check.UNSPEAKABLE, "Sure! Here is a podcast script about the lamp for your show. The lamp was lit at dusk."),
    Bad(Check.UNSPEAKABLE, "I'm sorry, but I can't help with that request. The lamp was lit at dusk."),
    Bad(Check.UNSPEAKABLE, "The lamp was lit at dusk. Let me know if you would like me to make this shorter."),
    Bad(Check.UNSPEAKABLE, "Certainly! Below is the revised version of the script. The lamp was lit at dusk."),
    Bad(Check.UNSPEAKABLE, "I hope this script meets your requirements. The lamp was lit at dusk."),
    Bad(Check.UNSPEAKABLE, "As of my last knowledge update, the lamp was still lit at dusk."),
    Bad(Check.UNSPEAKABLE, "The keeperâ€™s lamp was lit at dusk.", cured="The keeper’s lamp"),
    Bad(Check.UNSPEAKABLE, "A cafÃ© stands beside the tower now.", cured="A café stands"),
    Bad(Check.UNSPEAKABLE, "He said â€œnever againâ€\x9d and went down the stairs.", cured="“never again”"),
    Bad(Check.UNSPEAKABLE, "The lamp cost Â£20 in those days.", cured="cost £20"),
    Bad(Check.UNSPEAKABLE, "The lamp was lit \ufffd at dusk and \ufffd put out at dawn."),
    Bad(Check.UNSPEAKABLE, "The tower &amp;amp; the house were built in stone.", cured="The tower &amp; the"),
    Bad(Check.UNSPEAKABLE, "The tower&nbsp and the house&amp;nbsp;were built in stone."),
    Bad(Check.UNSPEAKABLE, r"The height is $\frac{h}{2} \cdot \sqrt{3}$ above the sea."),
    Bad(Check.UNSPEAKABLE, r"We write \( x^2 + y^2 = r^2 \) for the circle of light."),
    Bad(Check.UNSPEAKABLE, "The key is dGhpcyBpcyBhIHNlY3JldCBrZXkgZm9yIHRoZSBsYW1wCg== as it was written down."),
    Bad(Check.UNSPEAKABLE, "It is 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 in the log."),
    Bad(Check.UNSPEAKABLE, "The ticket is 123e4567-e89b-12d3-a456-426614174000 in the log."),
    Bad(Check.UNSPEAKABLE, "The name of the rock is Zxqvbnmkl and it is hard."),
    Bad(Check.UNSPEAKABLE, "The lamp was lit ========>>>> at dusk."),
    Bad(Check.UNSPEAKABLE, "The lamp was lit #@$%^&*! at dusk."),
    Bad(Check.UNSPEAKABLE, "The file lies in C:\\Users\\keeper\\Documents\\lamp.docx for everyone to read."),
    Bad(Check.UNSPEAKABLE, "The page is harbourlights.example/towers/lamp.php?id=12&lang=en for everyone to read."),
    Bad(Check.UNSPEAKABLE, "Write to us under https://harbour.example/lamp and tell us of your lamp."),
    Bad(Check.UNSPEAKABLE, "[MUSIC FADES IN] The lamp was lit at dusk.", cured="\n\nThe lamp was lit"),
    Bad(Check.UNSPEAKABLE, "The keeper told me (laughs) that he hated the sea.", cured="told me that he"),
    Bad(Check.UNSPEAKABLE, "(Sound effect: waves on rock) The lamp was lit at dusk.", cured="\n\nThe lamp was lit"),
    Bad(Check.UNSPEAKABLE, "*sighs* The lamp was lit at dusk.", cured="\n\nThe lamp was lit"),
    Bad(Check.UNSPEAKABLE, "HOST: The lamp was lit at dusk.\n\nGUEST: And put out at dawn.", cured="\n\nThe lamp was"),
    Bad(Check.UNSPEAKABLE, "**Narrator:** The lamp was lit at dusk.\n\n**Anna:** And put out at dawn.\n\n"
        "**Narrator:** So it was.\n\n**Anna:** For years.", cured="\n\nThe lamp was"),
    Bad(Check.UNSPEAKABLE, '{"title": "The lamp", "minutes": 12, "segments": ["dusk", "dawn"]}'),
    Bad(Check.UNSPEAKABLE, "if (lamp.isLit()) { keeper.sleep(); } else { keeper.climb(stairs); }"),
    # SSML.
    Bad(Check.SSML, 'The lamp was <emphasis level="strong">lit at dusk.', cured="The lamp was lit at dusk."),
    Bad(Check.SSML, 'The <sub alias="World Wide Web Consortium">W3C wrote it down.'),
    Bad(Check.SSML, "The lamp was lit</emphasis> at dusk.", cured="The lamp was lit at dusk."),
    Bad(Check.SSML, 'The lamp <prosody rate="slow">was <emphasis>lit</prosody> at</emphasis> dusk.'),
    Bad(Check.SSML, 'The lamp was lit <brake time="1s"/> at dusk.', cured='<break time="1s"/>'),
    Bad(Check.SSML, 'The lamp was lit <break time="2s at dusk and it burned until the morning came.'),
    Bad(Check.SSML, '<!DOCTYPE lolz [<!ENTITY lol "lol">]> The lamp was lit &lol; at dusk.'),
    Bad(Check.SSML, 'The lamp was lit <audio src="https://harbour.example/bell.mp3"/> at dusk.'),
    Bad(Check.SSML, 'The lamp <say-as interpret-as="date">1698-11-14 was lit.'),
    Bad(Check.SSML, "<speak>The lamp was lit at dusk."),
    Bad(Check.SSML, '<phoneme alphabet="ipa" ph="læmp">lamp was lit at dusk.'),
    Bad(Check.SSML, 'The lamp was lit <break time="soon"/> at dusk.'),
    # Pauses.
    Bad(Check.BREAKS, 'The lamp was lit. <break time="10s"/> It burned.', settings={"voice": "elevenlabs:x"},
        cured='<break time="3s"/>'),
    Bad(Check.BREAKS, 'The lamp was lit. <break time="4500ms" /> It burned.', settings={"voice": "elevenlabs:x"}),
    Bad(Check.BREAKS, 'The lamp. <break time="1s"/> It burned. <break time="1s"/> ' * 6,
        settings={"voice": "elevenlabs:x"}),
    Bad(Check.BREAKS, 'It burned. <break time="5s"/> ' * 12),
    # Words.
    Bad(Check.MISREADING, "The keeper was called Aoibheann Ní Dhálaigh and came from the west."),
    Bad(Check.MISREADING, "He went to Przemyśl and to Szczecin before the war."),
    Bad(Check.MISREADING, "The lamp was sold by Xiaowangzhuang in the east."),
    Bad(Check.MISREADING, "It runs on Kubernetes and PyTorch today."),
    Bad(Check.MISREADING, "The GRPC of the tower talks to the SCADA of the town."),
    Bad(Check.MISREADING, "It was a case of Vergangenheitsbewältigung and of nothing else."),
    Bad(Check.MISREADING, "The bird is called Phalacrocorax aristotelis by those who know it."),
    Bad(Check.MISREADING, "He took tirzepatide and levetiracetam for it."),
    # The language.
    Bad(Check.LANGUAGE, f"{_FRENCH}\n\n{_FRENCH.replace('soir', 'jour')}", whole=True),
    Bad(Check.LANGUAGE, f"# Die Lampe\n\n{_GERMAN}\n\n{_GERMAN.replace('Abend', 'Tag')}", whole=True),
    Bad(Check.LANGUAGE, _GERMAN),
    Bad(Check.LANGUAGE, _JAPANESE * 3, whole=True),
    Bad(Check.LANGUAGE, _RUSSIAN * 3, whole=True),
    Bad(Check.LANGUAGE, f"{OPENING}{CLOSING}", whole=True, settings={"voice": "elevenlabs:x", "language": "de"}),
    # Repetition.
    Bad(Check.REPETITION, "The keeper climbed the stairs with a can of oil in each hand. The night was long. "
        "The keeper climbed the stairs with a can of oil in each hand."),
    Bad(Check.REPETITION, "It was, as everyone in the harbour knew very well, a matter of oil. It was late, and as "
        "everyone in the harbour knew very well, the sea was rough. The end came, as everyone in the harbour knew very "
        "well, at dawn."),
    Bad(Check.REPETITION, "The lamp was lit at the the end of the pier.", cured="at the end"),
    Bad(Check.REPETITION, "The light went out at midnight, and the keeper woke because of the silence in the room. He "
        "took his coat.\n\nThe light went out at midnight, and the keeper woke because of the silence in the room. He "
        "took his coat."),
    Bad(Check.REPETITION, "The lamp is old. " * 7),
    # Sentences.
    Bad(Check.SENTENCE, f"In the evening the keeper came home{_LONG}."),
    Bad(Check.SENTENCE, f"In the evening the keeper came home{_LONG}; he sat down{_LONG}."),
    Bad(Check.SENTENCE, "so the lamp went on and the ships came in and nobody ever thought of a full stop " * 12),
    # Length, limit, structure.
    Bad(Check.LENGTH, "The lamp was lit at dusk.", about={"asked_minutes": 5.0}),
    Bad(Check.LENGTH, "The lamp was lit at dusk and burned all night long. " * 60, about={"asked_minutes": 1.0}),
    Bad(Check.LIMIT, "The lamp was lit at dusk and burned. He slept. " * 10, about={"limit": 300},
        settings={"voice": "elevenlabs:x"}),
    Bad(Check.STRUCTURE, f"{OPENING}The lamp was lit at dusk, and then the keeper went down to the", whole=True),
    Bad(Check.STRUCTURE, "## The oil\n\n## The wick\n\nThe wick was trimmed each night."),
    Bad(Check.STRUCTURE, f"{OPENING}The lamp was lit at dusk.\n\n## What became of it", whole=True),
)  # fmt: skip
TUNED: Final = _ALL[::2]
ASIDE: Final = _ALL[1::2]
