# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""Pronunciations in phonetic alphabets: read, brought to IPA, and put into syllables.

Symbols are those of the International Phonetic Association (chart of 2020); ARPAbet is that of the CMU Pronouncing
Dictionary, X-SAMPA that of J. C. Wells (1995).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

LONGEST: Final = 200
"""Characters of one pronunciation; what is longer is a text and no word."""


def pairs(table: str) -> dict[str, str]:
    """“a=b c=d” as a dictionary: what stands in place of what."""
    return dict(pair.split("=", 1) for pair in table.split())


_PAIRED = (
    "tʃ dʒ ts dz tɕ dʑ tʂ dʐ pf eɪ aɪ ɔɪ oʊ əʊ aʊ ɪə eə ɛə ʊə ɛɪ ɑɪ ɒɪ ɑʊ ɔʊ ɐʊ ʌɪ ɐɪ æɪ œʏ ɔʏ ɔy ɛi ei ai oi ou au"
)
_SINGLE_VOWELS = "i y ɨ ʉ ɯ u ɪ ʏ ʊ e ø ɘ ɵ ɤ o ə ɛ œ ɜ ɞ ʌ ɔ æ ɐ a ɶ ɑ ɒ ɚ ɝ ᵻ ᵊ"
_CONSONANTS = (
    "p b t d ʈ ɖ c ɟ k ɡ q ɢ ʔ m ɱ n ɳ ɲ ŋ ɴ ʙ r ʀ ⱱ ɾ ɽ ɸ β f v θ ð s z ʃ ʒ ʂ ʐ ç ʝ x ɣ χ ʁ ħ ʕ h ɦ ɬ ɮ ʋ ɹ ɻ j ɰ"
)
_MORE_CONSONANTS = "l ɭ ʎ ʟ ɫ w ʍ ɥ ʜ ʢ ɕ ʑ ɧ ɺ ɓ ɗ ʄ ɠ ʛ ʘ ǀ ǃ ǂ ǁ"

_VOWELS: Final = frozenset([*_SINGLE_VOWELS.split(), *(pair for pair in _PAIRED.split() if pair[0] in _SINGLE_VOWELS)])
SYMBOLS: Final = frozenset([*_PAIRED.split(), *_VOWELS, *_CONSONANTS.split(), *_MORE_CONSONANTS.split()])
_SAME: Final = str.maketrans({"g": "ɡ", "'": "ˈ", "ʼ": "", ":": "ː", "ˌ": "ˌ", ",": "ˌ", "’": "ˈ", "ƛ": "l", "-": "."})
_LIGATURES: Final = {"ʧ": "tʃ", "ʤ": "dʒ", "ʦ": "ts", "ʣ": "dz", "ʨ": "tɕ", "ʥ": "dʑ"}
_TIES: Final = re.compile("[\u035c\u0361]")
_STRESSES: Final = {"ˈ": 1, "ˌ": 2}
_BREAKS: Final = frozenset(" .|‖‿\u00a0")
_LENGTHS: Final = frozenset("ːˑ")
_MODIFIERS: Final = frozenset("ʰʲʷˠˤⁿˡ˞ʱᵊ̯↗↘↓↑꜀˥˦˧˨˩") - {"ᵊ"}

# Clusters with which an English syllable may begin, by their last consonants.
_CLUSTERS = """pl pɹ bl bɹ tɹ dɹ tw dw kl kɹ kw ɡl ɡɹ ɡw fl fɹ θɹ θw ʃɹ sl sp st sk sm sn sw sf spl spɹ stɹ skɹ skw pj
    bj tj dj kj ɡj fj vj mj nj hj lj sj spj stj skj ts"""
_ONSETS: Final = frozenset(_CLUSTERS.split())
_CHECKED: Final = frozenset(["ɪ", "ɛ", "e", "æ", "ʌ", "ʊ", "ɒ"])  # stressed, they do not end an English syllable
_NO_ONSET: Final = "ŋ"


@dataclass(frozen=True, slots=True)
class Phone:
    """One sound. `stress` is 1 for primary and 2 for secondary, on vowels; `word` counts the words from 0.

    `first` says that the transcription itself begins a syllable here.
    """

    symbol: str
    vowel: bool
    stress: int = 0
    long: bool = False
    nasal: bool = False
    word: int = 0
    first: bool = False


def phones(ipa: str) -> tuple[Phone, ...]:
    """The sounds of a transcription in IPA; empty where it is none, or has no vowel and no syllable in it.

    Slashes or brackets around it, tie bars, and fine marks that no voice here follows are left out. Linear.
    """
    text = unicodedata.normalize("NFD", ipa.strip().strip("/[]").strip())
    text = unicodedata.normalize("NFC", text) if "c\u0327" in text else text
    for ligature, pair in _LIGATURES.items():
        text = text.replace(ligature, pair)
    text = _TIES.sub("", text).translate(_SAME)
    if len(text) > LONGEST:
        return ()
    found: list[Phone] = []
    stress = word = place = 0
    first = False
    while place < len(text):
        char = text[place]
        symbol = text[place : place + 2] if text[place : place + 2] in SYMBOLS else char
        if symbol in SYMBOLS:
            vowel = symbol in _VOWELS
            found.append(Phone(symbol, vowel, stress if vowel else 0, word=word, first=first))
            stress = 0 if vowel else stress
            first = False
        elif char in _STRESSES:
            stress = _STRESSES[char]
            # Right before a vowel it says where the stress is, not where the syllable begins.
            first = text[place + 1 : place + 2] not in _VOWELS or bool(found and found[-1].vowel)
        elif char in _BREAKS:
            first = True
            word += char.isspace() and bool(found) and found[-1].word == word
        elif char == "\u0303" and found:
            found[-1] = replace(found[-1], nasal=True)
        elif char in _LENGTHS and found:
            found[-1] = replace(found[-1], long=True)
        elif char == "\u0329" and found and not found[-1].vowel:  # a syllable of its own: “button”
            found.insert(-1, Phone("ə", vowel=True, word=word))
        elif not (found and (char in _MODIFIERS or unicodedata.combining(char))):
            return ()
        place += len(symbol)
    return tuple(found) if any(phone.vowel for phone in found) else ()


def to_ipa(sounds: Sequence[Phone]) -> str:
    """IPA as voices want it: stress before the syllable, one space between words, nothing but letters and lengths."""
    words: list[str] = []
    for number, syllable in syllables(sounds):
        if number == len(words):
            words.append("")
        stress = max((phone.stress for phone in syllable), default=0)
        words[-1] += {1: "ˈ", 2: "ˌ"}.get(stress, "") + "".join(
            phone.symbol + ("\u0303" if phone.nasal else "") + ("ː" if phone.long else "") for phone in syllable
        )
    return " ".join(words)


def syllables(sounds: Sequence[Phone]) -> list[tuple[int, list[Phone]]]:
    """The sounds as syllables, each with the number of its word: as many consonants as English allows begin one."""
    found: list[tuple[int, list[Phone]]] = []
    for number in sorted({phone.word for phone in sounds}):
        inside = [phone for phone in sounds if phone.word == number]
        nuclei = [index for index, phone in enumerate(inside) if phone.vowel]
        bounds = [0, *(_border(inside, one, other) for one, other in pairwise(nuclei)), len(inside)]
        found += [(len({word for word, _ in found} | {number}) - 1, inside[a:b]) for a, b in pairwise(bounds)]
    return found


def _border(sounds: Sequence[Phone], vowel: int, following: int) -> int:
    """Where the syllable of `following` begins."""
    told = [index for index in range(vowel + 1, following + 1) if sounds[index].first]
    if told:
        return told[-1]
    cluster = [phone.symbol for phone in sounds[vowel + 1 : following]]
    kept = 1 if sounds[vowel].symbol in _CHECKED and sounds[vowel].stress and not sounds[vowel].long else 0
    for first in range(min(kept, len(cluster)), len(cluster)):
        onset = cluster[first:]
        if onset[0] != _NO_ONSET and (len(onset) == 1 or "".join(onset).replace("r", "ɹ") in _ONSETS):
            return vowel + 1 + first
    return following


_ARPABET: Final = pairs(
    """AA=ɑ AE=æ AH=ʌ AO=ɔ AW=aʊ AX=ə AXR=ɚ AY=aɪ EH=ɛ ER=ɝ EY=eɪ IH=ɪ IX=ɪ IY=i OW=oʊ OY=ɔɪ UH=ʊ UW=u UX=u
    B=b CH=tʃ D=d DH=ð DX=ɾ EL=əl EM=əm EN=ən F=f G=ɡ H=h HH=h JH=dʒ K=k L=l M=m N=n NG=ŋ NX=n P=p Q=ʔ R=ɹ S=s SH=ʃ
    T=t TH=θ V=v W=w WH=w Y=j Z=z ZH=ʒ"""
)
_ARPABET_SOUND: Final = re.compile(r"([A-Za-z]{1,3})([012]?)")


def from_arpabet(text: str) -> str:
    """IPA of a pronunciation in ARPAbet (“T AH0 M EY1 T OW2”), empty where it is none."""
    if len(text) > LONGEST:
        return ""
    ipa = ""
    for part in text.strip().strip("/").split():
        sound = _ARPABET_SOUND.fullmatch(part)
        symbol = _ARPABET.get(sound[1].upper()) if sound else None
        if sound is None or symbol is None:
            return ""
        if symbol in _VOWELS:
            ipa += {"1": "ˈ", "2": "ˌ"}.get(sound[2], "")
            # Without stress the vowel of “cut” is that of “about”, and that of “bird” that of “butter”.
            symbol = {"ʌ": "ə", "ɝ": "ɚ"}.get(symbol, symbol) if sound[2] == "0" else symbol
        ipa += symbol
    return to_ipa(phones(ipa))


_XSAMPA: Final = pairs(
    r"""_O=̥ _h=ʰ _j=ʲ _w=ʷ _~=̃ ~=̃ b_<=ɓ d_<=ɗ g_<=ɠ h\=ɦ j\=ʝ l\=ɺ n`=ɳ d`=ɖ t`=ʈ l`=ɭ s`=ʂ z`=ʐ
    r`=ɽ r\`=ɻ @`=ɚ 3`=ɝ r\=ɹ s\=ɕ z\=ʑ x\=ɧ v\=ʋ p\=ɸ B\=ʙ G\=ɢ H\=ʜ L\=ʟ M\=ɰ N\=ɴ R\=ʀ X\=ħ J\=ɟ K\=ɮ I\=ᵻ U\=ʊ
    @\=ɘ 3\=ɞ ?\=ʕ <\=ʢ :\=ˑ A=ɑ B=β C=ç D=ð E=ɛ F=ɱ G=ɣ H=ɥ I=ɪ J=ɲ K=ɬ L=ʎ M=ɯ N=ŋ O=ɔ P=ʋ Q=ɒ R=ʁ S=ʃ T=θ U=ʊ V=ʌ
    W=ʍ X=χ Y=ʏ Z=ʒ ?=ʔ @=ə {=æ }=ʉ 1=ɨ 2=ø 3=ɜ 4=ɾ 5=ɫ 6=ɐ 7=ɤ 8=ɵ 9=œ &=ɶ g=ɡ :=ː "=ˈ %=ˌ -=. '=ʲ"""
) | {"=": "̩", "_=": "̩"}
_XSAMPA_SOUND: Final = re.compile("|".join(re.escape(sign) for sign in sorted(_XSAMPA, key=len, reverse=True)))


def from_xsampa(text: str) -> str:
    """IPA of a pronunciation in X-SAMPA (`t@"meItoU`), empty where it is none."""
    if len(text) > LONGEST:
        return ""
    return to_ipa(phones(_XSAMPA_SOUND.sub(lambda sign: _XSAMPA[sign[0]], text.strip().strip("/"))))


def from_alphabet(alphabet: str, text: str) -> str:
    """A pronunciation as IPA, its alphabet called as SSML and PLS call it; empty for one that cannot be used."""
    name = alphabet.strip().lower().removeprefix("x-") if alphabet.strip() else "ipa"
    if name == "ipa":
        return to_ipa(phones(text))
    if name in {"cmu-arpabet", "arpabet", "cmu", "amazon-arpabet"}:
        return from_arpabet(text)
    if name in {"sampa", "xsampa", "amazon-x-sampa"}:
        return from_xsampa(text)
    return ""
