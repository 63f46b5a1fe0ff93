# ruff: noqa: RUF001, RUF002  (letters of the phonetic alphabet look like others)
"""A pronunciation in letters that an English voice reads right: /təˈmeɪtoʊ/ is “tuh-may-toh”."""

from typing import Final

from studio.domain.phonemes import Phone, pairs, phones, syllables

_CONSONANTS: Final = pairs(
    """p=p b=b t=t d=d ʈ=t ɖ=d c=k ɟ=g k=k ɡ=g q=k ɢ=g m=m ɱ=m n=n ɳ=n ɲ=ny ŋ=ng ɴ=ng ʙ=br r=r ʀ=r ɾ=r ɽ=r
    ɸ=f β=v f=f v=v θ=th ð=th s=s z=z ʃ=sh ʒ=zh ʂ=sh ʐ=zh ç=sh ʝ=y x=kh ɣ=g χ=kh ʁ=r ħ=h h=h ɦ=h ɬ=l ɮ=l ʋ=v ɹ=r ɻ=r j=y
    ɰ=w l=l ɭ=l ʎ=ly ʟ=l ɫ=l w=w ʍ=w ɥ=w ʜ=h ɕ=sh ʑ=zh ɧ=sh ɺ=l ɓ=b ɗ=d ʄ=j ɠ=g ʛ=g tʃ=ch dʒ=j ts=ts dz=dz tɕ=ch dʑ=j
    tʂ=ch dʐ=j pf=pf ⱱ=v"""
)
# A vowel that ends its syllable, and one that a consonant follows.
_OPEN: Final = pairs(
    """i=ee ɪ=ih y=oo ʏ=oo ɨ=ih ᵻ=ih ʉ=oo ɯ=oo u=oo ʊ=uu e=ay ø=ur ɘ=uh ɵ=uh ɤ=uh o=oh ə=uh ᵊ=uh ɛ=eh œ=ur
    ɜ=ur ɞ=ur ʌ=uh ɔ=aw æ=a ɐ=uh a=ah ɶ=ah ɑ=ah ɒ=o ɚ=er ɝ=ur eɪ=ay ɛɪ=ay ei=ay ɛi=ay æɪ=ay aɪ=igh ɑɪ=igh ʌɪ=igh ɐɪ=igh
    ai=igh ɔɪ=oy ɒɪ=oy oi=oy ɔʏ=oy ɔy=oy œʏ=oy oʊ=oh əʊ=oh ɔʊ=oh ou=oh aʊ=ow ɑʊ=ow ɐʊ=ow au=ow ɪə=eer eə=air ɛə=air
    ʊə=oor"""
)
_CLOSED: Final = {**_OPEN, **pairs("ɪ=i ɨ=i ᵻ=i e=e ɛ=e ʌ=u ɐ=u ə=u ᵊ=u æ=a ʊ=oo")}
_BEFORE_R: Final = pairs("ɑ=a a=a ɒ=o ɔ=o o=o oʊ=o ɛ=ai e=ai ɪ=ee i=ee ʊ=oo u=oo ə=e ɜ=u ʌ=u")
_NASALS: Final = pairs("ɑ=ahn a=ahn ɛ=an e=an æ=an ɔ=ohn o=ohn œ=un")
_RHOTIC: Final = frozenset("ɹrɻ")
_SHORT: Final = frozenset("ɪɛeæʌʊɒə")
_WIDE_I: Final = frozenset(["aɪ", "ɑɪ", "ʌɪ", "ɐɪ", "ai"])
_HARD_G_BEFORE: Final = ("e", "i", "y")


def respelled(ipa: str) -> str:
    """Letters and hyphens; empty where `ipa` is no transcription."""
    words: list[list[str]] = []
    for number, syllable in syllables(phones(ipa)):
        if number == len(words):
            words.append([])
        words[-1].append(_letters(syllable))
    # What has no letter, such as a click or a stop of the voice, leaves nothing behind.
    return " ".join("-".join(filter(None, word)) for word in words if any(word))


def _letters(syllable: list[Phone]) -> str:
    nucleus = next((index for index, phone in enumerate(syllable) if phone.vowel), len(syllable))
    onset = "".join(_CONSONANTS.get(phone.symbol, "") for phone in syllable[:nucleus])
    if nucleus == len(syllable):
        return onset
    vowel, coda = syllable[nucleus], syllable[nucleus + 1 :]
    spelled = _vowel(vowel, coda, bare=not onset)
    if onset.endswith("g") and not onset.endswith("ng") and spelled.startswith(_HARD_G_BEFORE):
        onset += "h"
    return onset + spelled


def _vowel(vowel: Phone, coda: list[Phone], *, bare: bool) -> str:
    symbol = vowel.symbol
    if vowel.nasal and symbol in _NASALS:
        return _NASALS[symbol] + _coda(coda, doubled=False)
    if symbol in _WIDE_I:
        if bare:
            return "eye" + _coda(coda, doubled=False)
        if len(coda) == 1 and coda[0].symbol in {"m", "n", "p", "k", "l", "d", "z", "v", "f", "b"}:
            return "y" + _coda(coda, doubled=False) + "e"  # “fyne”
    if coda and coda[0].symbol in _RHOTIC:
        if symbol in _BEFORE_R:
            return _BEFORE_R[symbol] + _coda(coda, doubled=False)
        if _OPEN.get(symbol, "").endswith("r"):
            return _OPEN[symbol] + _coda(coda[1:], doubled=False)
    table = _CLOSED if coda and not vowel.long else _OPEN
    return table.get(symbol, "uh") + _coda(coda, doubled=symbol in _SHORT and not vowel.long)


def _coda(coda: list[Phone], *, doubled: bool) -> str:
    """The consonants behind a vowel; an S alone behind a short one is doubled, so that it is not read as a Z."""
    letters = "".join(_CONSONANTS.get(phone.symbol, "") for phone in coda)
    return "ss" if doubled and letters == "s" else letters
