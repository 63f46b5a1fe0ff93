"""Real speech, spoken once by the built-in voice."""

import hibari
import numpy as np
import pytest

TEXT = """Is there any knowledge in the world which is so certain that no reasonable man could doubt it?
This question, which at first sight might not seem difficult, is really one of the most difficult that can be asked.

In daily life, we assume as certain many things which, on a closer scrutiny, are found to be so full of apparent
contradictions that only a great amount of thought enables us to know what it is that we really may believe.
It seems to me that I am now sitting in a chair, at a table of a certain shape, on which I see sheets of paper."""


@pytest.fixture(scope="session")
def speech() -> np.ndarray:
    """Some 30 seconds of speech at 24 kHz, shape (1, n), with a pause of half a second after each sentence."""
    parts = []
    for sentence in hibari.Hibari().stream(TEXT, seed=7):
        parts += [sentence, np.zeros(12_000, np.float32)]
    return np.concatenate(parts).astype(np.float32)[None]
