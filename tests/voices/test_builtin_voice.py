# ruff: noqa: RUF001  (letters of the phonetic alphabet look like others)
"""The built-in voice, really speaking: marks, pauses, seeds, odd text, and voices that are not here."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from studio.compute.local_pool import LocalPool
from studio.domain.errors import AudioError, SettingError, VoiceError
from studio.domain.money import FREE
from studio.domain.phonemes import SYMBOLS
from studio.domain.purchase import Delivery, Found, Receipt
from studio.domain.settings import Settings
from studio.domain.sound import Mark
from studio.domain.speech_plan import Terms, plan_speech
from studio.domain.spoken import MarkKind, SpeechMark, SpokenForm, SpokenWord, Utterance
from studio.engine.ports import Lane
from studio.voices.builtin import BuiltinVoice, health, voice_names
from studio.voices.builtin_phonemes import model_phonemes, text_phonemes
from studio.voices.builtin_worker import (
    RATE_HZ,
    cut_phonemes,
    load,
    phonemes_of,
    seed_of,
    speak_utterances,
    trimmed,
)
from studio.voices.keys import KeyStore
from studio.voices.registry import Registry
from studio.voices.speak_job import SpeakJob
from tests.voices.customers import BOOK

TEXTS = ("The first sentence is here.", "And then comes the second one.", "The third ends it.")
Sound = NDArray[np.int16]


def utterances(*texts: str, pause_s: float = 0.3) -> tuple[Utterance, ...]:
    return tuple(
        Utterance(
            text, 100 * place, 100 * place + len(text), (SpokenWord(text, 100 * place, 100 * place + 1),), pause_s
        )
        for place, text in enumerate(texts)
    )


def speak(
    out: Path, *texts: str, seed: int = 0, first: int = 0, pause_s: float = 0.3
) -> tuple[tuple[Mark, ...], Sound]:
    said: list[float] = []
    marks = speak_utterances(said.append, SpeakJob(out, "heart", seed, 1.0, first, utterances(*texts, pause_s=pause_s)))
    assert said == sorted(said)
    assert said[-1] == 1.0
    return marks, samples(out)


def samples(path: Path) -> Sound:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("flac", RATE_HZ, 1)
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(stream)]).astype(np.int16)


def part(sound: Sound, mark: Mark) -> Sound:
    return sound[round(mark.start_s * RATE_HZ) : round(mark.end_s * RATE_HZ)]


@pytest.mark.model
def test_marks_are_exact_and_pauses_are_silence(tmp_path: Path) -> None:
    marks, sound = speak(tmp_path / "a.flac", *TEXTS, first=7)
    assert [(mark.utterance, mark.source_start, mark.source_end) for mark in marks] == [
        (7, 0, 27),
        (8, 100, 130),
        (9, 200, 218),
    ]
    assert marks[0].start_s == 0
    for before, after in pairwise(marks):
        assert after.start_s - before.end_s == pytest.approx(0.3, abs=0.5 / RATE_HZ)
        assert not sound[round(before.end_s * RATE_HZ) : round(after.start_s * RATE_HZ)].any()
    assert len(sound) == round((marks[-1].end_s + 0.3) * RATE_HZ)


@pytest.mark.model
def test_the_pause_that_is_heard_is_the_one_asked_for(tmp_path: Path) -> None:
    marks, sound = speak(tmp_path / "a.flac", *TEXTS, "Is it enough?", "He saw the cats.", pause_s=0.5)
    loud = np.abs(sound.astype(np.float64)) > 32768 * 10 ** (-45 / 20)
    for before, after in pairwise(marks):
        middle = round((before.end_s + after.start_s) / 2 * RATE_HZ)
        end = middle - int(np.argmax(loud[:middle][::-1]))
        start = middle + int(np.argmax(loud[middle:]))
        assert 0.5 <= (start - end) / RATE_HZ <= 0.58


@pytest.mark.model
def test_sound_begins_and_ends_without_a_step(tmp_path: Path) -> None:
    marks, sound = speak(tmp_path / "a.flac", *TEXTS)
    for mark in marks:
        spoken = part(sound, mark)
        assert abs(int(spoken[0])) < 40
        assert abs(int(spoken[-1])) < 40


@pytest.mark.model
def test_the_same_job_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        speak(tmp_path / name, *TEXTS, seed=seed)
    first, second, other = (hashlib.sha256((tmp_path / name).read_bytes()).digest() for name in "abc")
    assert first == second != other


@pytest.mark.model
def test_a_changed_sentence_leaves_its_neighbours_as_they_were(tmp_path: Path) -> None:
    marks, sound = speak(tmp_path / "a", *TEXTS)
    new_marks, new_sound = speak(tmp_path / "b", TEXTS[0], "Something else altogether.", TEXTS[2])
    for place in (0, 2):
        assert np.array_equal(part(sound, marks[place]), part(new_sound, new_marks[place]))


@pytest.mark.model
def test_what_cannot_be_said_is_a_mark_without_length(tmp_path: Path) -> None:
    marks, _ = speak(tmp_path / "a", "Hello there.", "…", "🎉", "ἱ", "\ud800", "")
    assert marks[0].end_s > 0.3
    assert all(mark.end_s >= mark.start_s for mark in marks)
    assert marks[1].end_s == marks[1].start_s


@pytest.mark.model
def test_nothing_to_say_at_all_is_told_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="nothing to say"):
        speak(tmp_path / "a", "…")
    assert not (tmp_path / "a").exists()


@pytest.mark.model
def test_two_thousand_characters_without_a_clause_are_spoken(tmp_path: Path) -> None:
    marks, _ = speak(tmp_path / "a", "banana " * 285)
    assert marks[0].end_s > 60


def test_phonemes_are_cut_behind_clauses() -> None:
    text = "ab " * 60 + "cd, " + "ef " * 60
    parts = list(cut_phonemes(text * 3))
    assert all(len(part) <= 250 for part in parts)
    assert parts[0].endswith(",")
    assert "".join(parts).replace(" ", "") == (text * 3).replace(" ", "")
    assert [len(part) for part in cut_phonemes("x" * 700)] == [250, 250, 200]
    assert list(cut_phonemes("")) == [""]


def test_silence_is_trimmed_to_nothing() -> None:
    assert not len(trimmed(np.zeros(5_000, np.float32)))
    assert not len(trimmed(np.zeros(0, np.float32)))


def test_seeds_differ_by_text_and_by_seed() -> None:
    assert len({seed_of(0, "a"), seed_of(1, "a"), seed_of(0, "b"), seed_of(0, "\ud800")}) == 4


def test_a_voice_that_is_not_here_is_told_without_a_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    job = SpeakJob(tmp_path / "a", "emma", 0, 1.0, 0, utterances("Hello."))
    with pytest.raises(VoiceError, match="“emma” is not on this machine"):
        speak_utterances(lambda _: None, job)
    (tmp_path / "bf_emma.int8.onnx").write_bytes(b"no model")
    with pytest.raises(VoiceError, match="cannot be loaded"):
        speak_utterances(lambda _: None, job)
    assert [path.name for path in tmp_path.iterdir()] == ["bf_emma.int8.onnx"]


@pytest.fixture
async def pool() -> AsyncIterator[LocalPool]:
    opened = LocalPool(1)
    yield opened
    await opened.close()


@pytest.mark.model
async def test_a_chunk_is_spoken_in_a_worker(pool: LocalPool, tmp_path: Path) -> None:
    settings = Settings()
    voice = Registry(pool, BOOK, KeyStore({})).voice(settings)
    terms = await voice.terms(settings)
    assert terms == Terms(None, "flac_24000")
    assert (voice.lane, voice.seller, voice.slots) == (Lane.CPU, None, "")
    assert (voice.price(10**6), voice.cost_micro(10**6)) == (FREE, 0)
    assert voice.model.startswith("hibari-0.")
    spoken = SpokenForm("t", utterances(*TEXTS), ())
    (chunk,) = plan_speech(spoken, settings.speech(voice.model), terms)
    heard: list[float] = []
    how = settings.speech(voice.model)
    delivery = await voice.speak(chunk, how, terms, tmp_path / "a", heard.append, after=())
    direct, sound = speak(tmp_path / "b", *TEXTS)
    assert delivery == Delivery(direct)
    assert np.array_equal(samples(tmp_path / "a"), sound)
    assert heard[-1] == 1.0
    with pytest.raises(AudioError):
        await BuiltinVoice(pool, "heart").speak(chunk, how, terms, tmp_path / "no" / "a", heard.append, after=())
    assert await voice.find(chunk, how, terms, "2026-11-22T12:00:00Z", frozenset()) is None
    with pytest.raises(VoiceError, match="no history"):
        await voice.fetch(Found(Receipt(), 0), terms, tmp_path / "a", heard.append)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("builtin:nobody", "no built-in voice “nobody”"),
        ("elevenlabs:a b", "ElevenLabs"),
        ("acme:x", "no voice provider “acme”"),
    ],
)
def test_a_voice_that_does_not_exist_is_told(address: str, words: str) -> None:
    with pytest.raises(VoiceError, match=words):
        Registry(LocalPool(1), BOOK, KeyStore({})).voice(Settings(voice=address))


def test_a_malformed_address_is_told() -> None:
    with pytest.raises(SettingError):
        Registry(LocalPool(1), BOOK, KeyStore({})).voice(Settings(voice="heart"))


def test_the_names_are_those_of_the_package() -> None:
    from hibari.voices import VOICES

    assert voice_names() == tuple(VOICES)


@pytest.mark.model
def test_the_voice_in_the_package_is_well() -> None:
    state = health()
    assert (state.works, state.needed) == (True, True)
    assert "heart" in state.detail


def test_a_word_at_the_end_of_a_sentence_is_no_abbreviation() -> None:
    g2p = load("heart").g2p
    for word in ("no", "fig", "ed", "no, he said no", "“Then came the answer: no", "est", "No. No"):
        plain = text_phonemes(g2p, f"{word} again")
        ended = text_phonemes(g2p, f"{word}.")
        assert plain.startswith(ended.rstrip(". ”")), word
        assert "nˈʌmbəɹ" not in ended
    ordinary = "The sea, and not the stone, gave way at last."
    assert text_phonemes(g2p, ordinary) == g2p(ordinary)


@pytest.mark.parametrize(
    "name", ["Queen Victoria", "Pope Leo the tenth", "King Charles", "James Cook", "World War Crimes"]
)
def test_a_name_behind_a_title_is_no_roman_numeral(name: str) -> None:
    g2p = load("heart").g2p
    assert len(text_phonemes(g2p, name).split()) == len(name.split())
    assert "ɪɹO" in g2p(name), "the voice's own rules are not to be feared any more"


@pytest.mark.parametrize(
    "text", ["Plan A failed.", "from A to B", "the letter A, he said", "The A thirty-eight", "I said A, not B"]
)
def test_the_letter_a_is_no_article(text: str) -> None:
    g2p = load("heart").g2p
    letter, other = text_phonemes(g2p, text), text_phonemes(g2p, text.replace("A", "K"))
    assert letter.replace("ði ", "ðə ").split() == [
        sound.replace("kˈA", "ˈA").replace("kˌA", "ˈA") for sound in other.split()
    ]
    assert letter == g2p(text) or "ɐ" in g2p(text)


def test_an_article_is_no_letter() -> None:
    g2p = load("heart").g2p
    for text in ("A dog and a cat", "He left: A dog came.", "Once Upon A Time in a wood", "At five A.M. a dog"):
        assert text_phonemes(g2p, text) == g2p(text)


def test_two_dots_over_a_vowel_part_it_from_the_one_before() -> None:
    g2p = load("heart").g2p
    assert text_phonemes(g2p, "Noël’s naïve") == g2p("Noel's naive")
    assert text_phonemes(g2p, "Zoë and Chloë.") == "zˈOi ænd klˈOi."
    assert text_phonemes(g2p, "Schrödinger") == g2p("Schrödinger")


TOMATO = Utterance("I like tuh-may-toh’s red.", 0, 20, (SpokenWord("x", 0, 1),), 0.3)
SPOKEN_WAYS = ("təˈmeɪɾoʊ", "təˈmɑːtəʊ")


def with_phonemes(ipa: str) -> Utterance:
    return replace(TOMATO, marks=(SpeechMark(MarkKind.PHONEMES, 7, 18, ipa, "tomato"),))


@pytest.mark.model
def test_a_word_is_spoken_by_its_phonemes_and_the_others_as_ever(tmp_path: Path) -> None:
    voice = load("heart")
    by_rules = phonemes_of(voice, TOMATO)
    american, british = (phonemes_of(voice, with_phonemes(ipa)) for ipa in SPOKEN_WAYS)
    assert american == voice.g2p("I like tomato’s red.")  # where the word is in its lexicon, that is what it says
    assert british == american.replace("mˈATO", "mˈɑtO")
    assert len({by_rules, american, british}) == 3
    plain = replace(TOMATO, text="I like it. Mister Smith said no.")
    assert phonemes_of(voice, plain) == "ˌI lˈIk ɪt. mˈɪstəɹ smˈɪθ sˈɛd nˈO."
    stress = replace(TOMATO, marks=(SpeechMark(MarkKind.EMPHASIS, 2, 6, "strong"),))
    assert phonemes_of(voice, stress) == by_rules
    sounds = []
    for number, utterance in enumerate((TOMATO, *map(with_phonemes, SPOKEN_WAYS), stress)):
        out = tmp_path / f"{number}.flac"
        speak_utterances(lambda _: None, SpeakJob(out, "heart", 0, 1.0, 0, (utterance,)))
        sounds.append(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(set(sounds)) == 3
    assert sounds[3] == sounds[0]


@pytest.mark.parametrize(
    ("ipa", "american", "british"),
    [
        ("həˈloʊ", "həlˈO", "həlˈQ"),
        ("tʃɜːtʃ", "ʧˈɜɹʧ", "ʧˈɜːʧ"),
        ("bɜrd", "bˈɜɹd", "bˈɜːɹd"),
        ("bəˈnɑːnə", "bənˈɑnə", "bənˈɑːnə"),
        ("skweə", "skwˈɛɹ", "skwˈɛː"),
        ("ʃɑ̃pəˈɲɔ̃", "ʃɑnpənjˈɔn", "ʃɑːnpənjˈɔːn"),
        ("bax", "bˈɑk", "bˈak"),
        ("wʌn tuː", "wˈʌn tˈu", "wˈʌn tˈuː"),
    ],
)
def test_ipa_in_the_alphabet_of_the_model(ipa: str, american: str, british: str) -> None:
    assert model_phonemes(ipa, british=False) == american
    assert model_phonemes(ipa, british=True) == british


@pytest.mark.model
def test_every_sound_is_one_that_the_model_knows() -> None:
    vocabulary = load("heart").vocab
    for ipa in (f"a{symbol}a" for symbol in SYMBOLS):
        for british in (False, True):
            assert set(model_phonemes(ipa, british=british)) <= set(vocabulary)


@pytest.mark.model
@settings(max_examples=60, deadline=None)
@given(st.text(" abc.,’“”—-s", max_size=12), st.sampled_from(SPOKEN_WAYS), st.text(" abc.,’“”—-s", max_size=12))
def test_whatever_stands_around_a_word_its_phonemes_are_there(before: str, ipa: str, after: str) -> None:
    text = f"{before}tuh{after}"
    mark = SpeechMark(MarkKind.PHONEMES, len(before), len(before) + 3, ipa, "x")
    spoken = phonemes_of(load("heart"), Utterance(text, 0, 1, (), marks=(mark,)))
    assert model_phonemes(ipa, british=False) in spoken
    assert not set("[]/") & set(spoken)
