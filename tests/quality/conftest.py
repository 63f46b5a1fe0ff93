"""What is slow to make, once a run: the spoken parts, and the hearing models' cache."""

from pathlib import Path

import pytest

from tests.quality.quality_speech import SCRIPT, Part, speak


@pytest.fixture(scope="session")
def parts() -> list[Part]:
    """The script, some 30 seconds, sentence by sentence."""
    return speak(SCRIPT)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the hearing models are joined."""
    return tmp_path_factory.mktemp("models")
