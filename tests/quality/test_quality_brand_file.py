"""Brand files are read strictly: what is wrong is said with its table and a cure."""

import os
import pickle
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.content.intake import ScriptIntake
from studio.domain.brand import CLAIMS, HELD, WEIGHTS, Address, Brand, Range, Rule, Weight
from studio.domain.errors import InputError
from studio.quality.brand_file import BrandReader

ROOT = Path(__file__).parents[2]


def brand(tmp_path: Path, text: str) -> Brand:
    path = tmp_path / "brand.toml"
    path.write_text(text, encoding="utf-8")
    return BrandReader(ScriptIntake()).read(path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        brand(tmp_path, text)
    assert "brand.toml" in caught.value.message
    assert caught.value.remedy.endswith(".")
    return str(caught.value)


def test_an_empty_file_asks_for_nothing(tmp_path: Path) -> None:
    assert brand(tmp_path, "") == Brand()


def test_the_example_is_a_whole_brand_and_shows_the_defaults() -> None:
    example = BrandReader(ScriptIntake()).read(ROOT / "resources" / "brand.toml")
    assert example.name == "The Slow Lane"
    assert example.address is Address.YOU
    assert example.held == HELD
    assert example.weights == WEIGHTS
    assert example.pronunciations == {"Nguyen": "win", "Hylas": "high las"}
    assert example.openings[0].wordings[0] == "Welcome to {show}."
    assert [line.within_words for line in example.closings] == [30, 60]
    assert example.claims is not None
    assert example.claims.claims == CLAIMS
    assert (example.grade, example.pace) == (Range(4, 10), Range(130, 185))
    assert pickle.loads(pickle.dumps(example)) == example  # noqa: S301


def test_everything_in_it_is_known_to_the_example() -> None:
    text = (ROOT / "resources" / "brand.toml").read_text("utf-8")
    for rule in Rule:
        assert f"\n{rule} = [" in text


def test_what_a_file_says_is_what_a_brand_is(tmp_path: Path) -> None:
    made = brand(
        tmp_path,
        'review = []\n[points]\nforbidden = [7, 21]\npace = 3\n[opening]\nsay = "Hello"\n[claims]\nwords = "proven"\n'
        "percentages = false\nneighbours = 0\n[sentences]\nlongest = 25\n",
    )
    assert made.held == frozenset()
    assert made.weights[Rule.FORBIDDEN] == Weight(7, 21)
    assert made.weights[Rule.PACE] == Weight(1, 3)
    assert made.openings[0].wordings == ("Hello",)
    assert made.claims is not None
    assert (made.claims.claims, made.claims.percentages, made.claims.neighbours) == (("proven",), False, 0)
    assert made.longest == 25


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('colour = "red"', "“colour”"),
        ('adress = "you"', "Did you mean “address”?"),
        ('address = "they"', "Choose one of any, you, we, neither"),
        ("name = 3", "text in quotation marks"),
        ('opening = "Hello"', "[opening]"),
        ("[[opening]]", "does not tell what to say"),
        ('[[opening]]\nsay = "Hello"\nwithin = 3', "Did you mean “within_words”?"),
        ('[[opening]]\nsay = "Hello"\nwithin_words = 0', "from 1 to 1000"),
        ('[[opening]]\nsay = "Hello {guest}"', "{guest}"),
        ('[[opening]]\nsay = "Hello {"', "single brace"),
        ('[[closing]]\nsay = ["", "x"]', "no word"),
        ('[forbidden]\n"***" = ""', "no word"),
        ("[forbidden]\nx = 3", "no text for “x”"),
        ('[preferred]\nutilize = ""', "no text for “utilize”"),
        ("[preferred]\nx.y = 1", "no text for “x”"),
        (f'[forbidden]\n"{"x" * 301}" = ""', "301 characters"),
        ('forbidden = ["a"]', "begin a line with [forbidden]"),
        ("[claims]\npercentages = 1", "true or false"),
        ("[claims]\nneighbours = true", "a whole number"),
        ("[claims]\nwords = [1]", "no list of texts"),
        ("[reading]\ngrade = 5", "grade = [0, 20]"),
        ("[reading]\ngrade = [9, 5]", "lower number first"),
        ("[reading]\ngrade = [nan, 5]", "from 0 to 20"),
        ("[pace]\nwords_per_minute = [1, 170]", "from 40 to 400"),
        ("[points]\nforbiden = 3", "Did you mean “forbidden”?"),
        ("[points]\nforbidden = -1", "from 0 to 100"),
        ('review = ["everything"]', "Choose from opening"),
        ("name = [", "at end of document"),
        ("name = x", "line 1"),
        ('name = "a"\nname = "b"', "not valid TOML"),
        ("[style]\nsamples = []", "names no samples"),
        ('[style]\nsamples = ["none"]', "There is no"),
        ('[style]\nsamples = ["brand.toml"]', "[style]"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_files_that_are_no_brand_files(tmp_path: Path) -> None:
    read = BrandReader(ScriptIntake()).read
    path = tmp_path / "brand.toml"
    with pytest.raises(InputError, match="There is no brand file"):
        read(path)
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path)
    path.write_bytes('name = "Café"'.encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        read(path)
    path.write_bytes('name = "Café"'.encode("utf-16"))
    with pytest.raises(InputError, match="UTF-8"):
        read(path)
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(InputError, match="over 1 MB"):
        read(path)
    path.write_text("x = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(InputError):
        read(path)
    path.write_bytes('\ufeffname = "Café"\r\naddress = "you"\r\n'.encode())
    assert (read(path).name, read(path).address) == ("Café", Address.YOU)
    many = "\n".join(f'"word{number}" = ""' for number in range(2_001))
    assert "At most 2,000" in refusal(tmp_path, f"[forbidden]\n{many}")


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"br\xffnd.toml")
    path.write_text("colour = 1", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        BrandReader(ScriptIntake()).read(path)
    str(caught.value).encode("utf-8")


def test_samples_lie_beside_the_brand_file(tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    words = (ROOT / "tests/audio/samples/walden--solitude.md").read_text("utf-8").split()[5:]
    for number in range(2):
        part = words[120 * number : 120 * number + 200]
        (folder / f"{number}.md").write_text(" ".join(part), encoding="utf-8")
    text = '[style]\nsamples = ["scripts", "one more.md"]'
    (tmp_path / "one more.md").write_text("It is too short to be learned from.", encoding="utf-8")
    assert "at least 3 scripts" in refusal(tmp_path, text)
    (tmp_path / "one more.md").write_text(" ".join(words[-200:]), encoding="utf-8")
    style = brand(tmp_path, text).style
    assert style is not None
    assert style.samples == 3
    # The style is kept until a sample changes.
    reader = BrandReader(ScriptIntake())
    kept = reader.read(tmp_path / "brand.toml").style
    assert kept == style
    assert reader.read(tmp_path / "brand.toml").style is kept
    (tmp_path / "one more.md").write_text(" ".join(words[:190]), encoding="utf-8")
    assert reader.read(tmp_path / "brand.toml").style != kept
    (folder / "0.md").write_bytes(b"")
    assert "“0.md” is empty" in refusal(tmp_path, text)


VALUES = st.recursive(
    st.one_of(st.integers(), st.booleans(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
KEYS = ("name", "address", "review", "opening", "closing", "forbidden", "preferred", "claims", "sentences", "pace")


@given(values=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
def test_whatever_it_holds_it_is_a_brand_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("any") / "brand.toml"
    path.write_text("\n".join(f"{key} = {toml(value)}" for key, value in values.items()), encoding="utf-8")
    with suppress(InputError):
        assert isinstance(BrandReader(ScriptIntake()).read(path), Brand)


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(sign):08x}" for sign in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    return repr(value)
