# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""Phonemes for the built-in voice: IPA in its own alphabet, and one word of a sentence spoken by them.

hibari takes the alphabet of Kokoro and misaki: one sign for each diphthong and affricate, the stress right before its
vowel. Its model has heard English only, so that sounds of other languages become the nearest English ones.
"""

import re
from typing import TYPE_CHECKING, Final

from studio.domain.phonemes import Phone, pairs, phones
from studio.domain.spoken import MarkKind, Utterance
from studio.voices.vocabulary import knows

if TYPE_CHECKING:
    from hibari.g2p import G2P

_SHARED: Final = pairs("""tʃ=ʧ dʒ=ʤ tɕ=ʧ dʑ=ʤ tʂ=ʧ dʐ=ʤ pf=f ʈ=t ɖ=d c=k ɟ=ɡ q=k ɢ=ɡ ʔ= ɱ=m ɳ=n ɲ=nj ɴ=n ʙ=b r=ɹ ʀ=ɹ ⱱ=v
    ɾ=ɾ ɽ=ɾ ɸ=f β=v ʂ=ʃ ʐ=ʒ ç=ʃ ʝ=j x=k ɣ=ɡ χ=k ʁ=ɹ ħ=h ʕ= ɦ=h ɬ=l ɮ=l ʋ=v ɻ=ɹ ɰ=w ɭ=l ʎ=lj ʟ=l ɫ=l ʍ=w ɥ=w ʜ=h ʢ=
    ɕ=ʃ ʑ=ʒ ɧ=ʃ ɺ=ɾ ɓ=b ɗ=d ʄ=ʤ ɠ=ɡ ʛ=ɡ ʘ= ǀ= ǃ= ǂ= ǁ= eɪ=A ɛɪ=A ei=A ɛi=A æɪ=A aɪ=I ɑɪ=I ʌɪ=I ɐɪ=I ai=I aʊ=W ɑʊ=W
    ɐʊ=W au=W ɔɪ=Y ɒɪ=Y oi=Y ɔʏ=Y ɔy=Y œʏ=Y y=u ʏ=ʊ ɨ=ᵻ ʉ=u ɯ=u ɘ=ə ɵ=ə ɤ=ʌ ɶ=a ɞ=ɜ e=ɛ""")
_AMERICAN: Final = pairs("oʊ=O əʊ=O ɔʊ=O ou=O o=O ɒ=ɑ a=ɑ ɐ=ʌ ɝ=ɜɹ ɚ=əɹ ɜ=ɜɹ ø=ɜɹ œ=ɜɹ ɪə=ɪɹ eə=ɛɹ ɛə=ɛɹ ʊə=ʊɹ ɾ=T")
_BRITISH: Final = pairs("oʊ=Q əʊ=Q ɔʊ=Q ou=Q o=Q æ=a ɐ=ʌ ɝ=ɜː ɚ=ə ɜ=ɜː ø=ɜː œ=ɜː eə=ɛː ɛə=ɛː ɾ=ɹ ᵻ=ɪ ɨ=ɪ")
_LONG_IN_BRITISH: Final = frozenset("iuɑɔ")
_BEFORE_LONG: Final = {"a": "ɑ"}
_BEFORE_STOP: Final = re.compile(r" +([,.;:!?])")
_MARKED: Final = re.compile(r"[^\W\d_]*[ëïËÏ][^\W\d_]*")
_LAST_DIAERESIS: Final = re.compile(r"ë$")
# The letter in “plan A failed” and “from A to B”, which its rules take for the article; “Once Upon A Time” is none.
_LETTER_A: Final = re.compile(r"(?:(?<=[A-Za-z]\s)|(?<=[a-z],\s))A(?=\s[a-z]|[,;:!?)”\"]|\.(?:\s|$)|$)")
_OVER: Final = re.compile(r"\b([Oo]'er)\b")
_DIAERESES: Final = str.maketrans("ëïËÏ", "eiEI")
_SIBILANTS: Final = ("s", "z", "ʃ", "ʒ", "ʧ", "ʤ", "ʦ", "ʣ")
_VOICELESS: Final = ("p", "t", "k", "f", "θ")
_POSSESSIVES: Final = ("’s", "'s")


def model_phonemes(ipa: str, *, british: bool) -> str:
    """IPA in the alphabet of the model. A word of one vowel without a stress gets one: it was worth transcribing."""
    sounds = phones(ipa)
    stressed = {phone.word for phone in sounds if phone.stress}
    parts: list[str] = []
    for number, phone in enumerate(sounds):
        if number and phone.word != sounds[number - 1].word:
            parts.append(" ")
        stress = phone.stress
        if phone.vowel and phone.word not in stressed:
            stressed.add(phone.word)
            stress = 1
        parts.append({1: "ˈ", 2: "ˌ"}.get(stress, "") + _sign(phone, sounds[number + 1 :], british=british))
    return "".join(parts)


def _sign(phone: Phone, following: tuple[Phone, ...], *, british: bool) -> str:
    symbol = phone.symbol
    if british and phone.long and symbol in _BEFORE_LONG:
        symbol = _BEFORE_LONG[symbol]
    sign = (_BRITISH if british else _AMERICAN).get(symbol) or _SHARED.get(symbol, symbol)
    if sign.endswith("ɹ") and len(sign) > 1 and following and following[0].symbol in {"r", "ɹ"}:
        sign = sign[:-1]  # “bird” as /bɜrd/
    if british and sign in _LONG_IN_BRITISH and (phone.long or sign != "i"):
        sign += "ː"
    return sign + ("n" if phone.nasal and phone.vowel else "")


def text_phonemes(g2p: "G2P", text: str) -> str:
    """What the model is given for words that have no phonemes of their own."""
    return str(g2p(_plain(text), normalize_text=False))


def sentence_phonemes(g2p: "G2P", utterance: Utterance) -> str:
    """All of an utterance as phonemes: what is marked as the mark says, everything else by the rules of the voice."""

    def read(text: str) -> str:
        core = _plain(text)
        return f"{' ' * text[:1].isspace()}{core}{' ' * (text[-1:].isspace() and bool(core))}"

    parts: list[str] = []
    at = 0
    for mark in utterance.marked(MarkKind.PHONEMES):
        parts.append(read(utterance.text[at : mark.start]))
        sounds = model_phonemes(mark.value, british=g2p.british)
        at = mark.end
        ending = next((end for end in _POSSESSIVES if utterance.text.startswith(end, at)), "")
        if ending:
            sounds += _possessive(sounds)
            at += len(ending)
        parts.append(f"[{utterance.text[mark.start : mark.end]}](/{sounds}/)")  # hibari's own notation
    parts.append(read(utterance.text[at:]))
    return str(g2p("".join(parts), normalize_text=False))


def _plain(text: str) -> str:
    """A text as the rules for words take it.

    What is written short was spelled out before, so hibari's own spelling out is left out: it reads “no.” at the end of
    a sentence as “number”, and finds a Roman numeral without letters in “Queen Victoria”, who becomes “the zeroth”.
    """
    words = " ".join(text.replace("’", "'").replace("\u2012", "-").replace("\u2015", "—").split())
    words = _MARKED.sub(_without_diaeresis, _BEFORE_STOP.sub(r"\1", words))
    words = _OVER.sub(r"[\1](/ˈɔɹ/)", words)  # hibari's own notation; it says “are the hills”
    return _LETTER_A.sub("[A](/ˈA/)", words)


def _without_diaeresis(match: re.Match[str]) -> str:
    """“Noël” is “Noel” where the dictionary has only that, and “Zoë” ends as “Joey” does: the dots part two vowels."""
    word = _LAST_DIAERESIS.sub("ey", match[0])
    plain = word.translate(_DIAERESES)
    return plain if knows(plain) and not knows(match[0]) else word


def _possessive(sounds: str) -> str:
    if sounds.endswith(_SIBILANTS):
        return "ɪz"
    return "s" if sounds.endswith(_VOICELESS) else "z"
