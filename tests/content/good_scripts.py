"""Sentences that look like what the checks are after, and are fine: none of them may ask for a person."""

from typing import Final

FINE: Final = (
    "She said the tower “was in ruin [sic] when we came” and closed the book.",
    "“[He] was never there,” the keeper told the court, “and [she] knew it.”",
    "Read [the whole story of the lamp](https://harbour.example/lamp) on our page.",
    "Chapter XXX of the book tells of the storm, and chapter XX of the calm.",
    "Super Bowl XXX was played in Tempe, Arizona, in front of 76,347 people.",
    "“I’m sorry, but I can’t help that,” said the keeper, and went up the stairs.",
    "As an AI researcher she had seen many such claims before.",
    "Of course, I have never been there myself. Sure, here is the thing: it rained.",
    "Here is a story about a lamp. Let me know if you ever pass that way.",
    "He laughed (as he always did) and the pause (a long one) was over.",
    "The music fades in every harbour at midnight. (The bell was sold in 1912.)",
    "Music (by a man called Bach) was played in the tower that night.",
    "Note: the tower is closed in winter. Warning: the stairs are steep.",
    "There were two reasons: oil was dear, and nobody came. One thing was sure: it was dark.",
    "Question: who lit the lamp? Answer: nobody knows.",
    "The price was $20, or £15, and 7% of it went to the town. At 10:30 p.m. it was over.",
    "AT&T and Marks & Spencer are names, and so is R&D; 5 > 3 and 2 < 4, as everyone knows.",
    "Bring bread, cheese and/or wine; write to keeper@harbour.example or look at harbour.example for more.",
    "What?! You never knew? Really??? Well... now you do!!!",
    "The tower — all of it — fell. And then… silence; or so they say – for a while.",
    "The Nth floor, the 3rd lamp and the 21st of May are written like this. So is the O’Brien of the harbour.",
    "“Hmm,” he said. “Psst! Shh. Brrr, it is cold.” And the sea went whoosh.",
    "NASA, the BBC, the FBI and the EU sent letters about the GDP of the USA and the HTTPS of the web.",
    "Water is H<sub>2</sub>O, and the keeper’s <em>own</em> word for it was <b>brine</b>.<br>",
    "What it is is a lamp, and that that is so is known. He had had enough of it, and she gave in in the end.",
    "“No, no, no,” she said. “Very, very well. Bye-bye.” And on and on it went.",
    "The lamp is old. The sea is older. The lamp is small. The sea is wide. The lamp is old.",
    "C’est la vie, said the keeper, and “Guten Morgen” was all he knew of German. Ad astra, et cetera.",
    "My *very* dear friend, the *Flying Dutchman* was a ship, and **bold** is what they called her.",
    "The formula E = mc² is short, and π is 3.14159. The angle was 45°, and it was −5 °C outside.",
    "Thoughts of the light, rhythms of the sea, strengths and twelfths: Schwartz knew them all.",
    "A twenty-four-hour-a-day, seven-days-a-week, never-to-be-forgotten light it was.",
    "He carried 1,234,567 litres of oil in 10,000 days, which is 123.5 litres a day on average.",
    "It was Dr. Smith’s idea (not Mr. Jones’s), and St. Mary’s bell rang on Feb. 3, 1899, at 9 a.m. sharp.",
    "First of all, the oil. Second, the wick. Last, not least: the glass.",
    "Your name is the title of this story, and the number of the host is a date to add.",
    "The introduction of gas changed it all. An intro it was not, nor an outro: silence fell.",
    "The company (then called Trinity House) paid him £40 a year; the town paid nothing.",
    '<break time="1.2s"/>\n\nThen came the morning, <break strength="weak"/> and with it the boats.',
    'The <emphasis level="strong">old</emphasis> lamp is <sub alias="number five">No. 5</sub> on the list.',
    (
        "He had climbed it for thirty years; he knew each step; he counted them still: one, two, three, and so on, "
        "up to one hundred and twelve; and when they took the lamp away, and with it the oil, the wick, the glass and "
        "the great brass frame that he had polished every day of his life, he climbed it once more, so that the last "
        "to go up there should be the one who had always gone."
    ),
)
