"""How hard a text is to follow: as the US school grade of its readers, and by ear."""

from collections.abc import Sequence

from studio.domain.extent import syllables
from studio.domain.prose import Sentence


def listening_of(sentence: Sentence) -> int:
    """What a sentence asks of a listener: its syllables beyond one for each of its words, of English.

    I. E. Fang, The “Easy Listening Formula”, Journal of Broadcasting 11, 1966; its score of a text is the mean.
    """
    return sum(max(0, syllables(word.key) - 1) for word in sentence.words)


def grade_of(sentences: Sequence[Sentence]) -> float:
    """The Flesch-Kincaid grade, of English, headings left out; 0 where there is nothing to count.

    0.39 words a sentence + 11.8 syllables a word - 15.59 (Kincaid, Fishburne, Rogers and Chissom, Derivation of New
    Readability Formulas, 1975). Under a hundred words it says little.
    """
    prose = [sentence for sentence in sentences if not sentence.heading]
    words = [word for sentence in prose for word in sentence.words]
    if not words:
        return 0.0
    spoken = sum(syllables(word.key) for word in words)
    return 0.39 * len(words) / len(prose) + 11.8 * spoken / len(words) - 15.59
