"""What the checks measured, mended, took off and let go, as a person sees it."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from studio.domain.brand import BrandReport, Deduction, Rule
from studio.domain.episode import Episode, Stage, State
from studio.domain.findings import Finding, FindingKind, QaReport, Severity
from studio.domain.hearing import Forgiven, Grounds
from studio.domain.presets import PRESETS
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.take import Artifact, Master, Mend, Take
from studio.domain.voiceprint import LINE_MEANS, VoicePrint, VoiceReport
from studio.engine.ports import Details
from studio.ui import record, wording
from studio.ui.columns import COLUMNS
from studio.ui.commands import Do
from studio.ui.episode_filter import EpisodeFilter
from studio.ui.episode_model import EpisodeModel
from studio.ui.episode_table import EpisodeTable
from studio.ui.finding_card import FindingCard
from studio.ui.folded import MOST
from studio.ui.live import NOTHING_LIVE
from studio.ui.metrics import metrics
from studio.ui.preset_chooser import PresetChooser
from studio.ui.qa_panel import QaPanel
from studio.ui.settings_dialog import SettingsDialog
from studio.ui.theme import Theme, Tone
from tests.ui.hands import choose, named, nameless, press, said, whole
from tests.ui.memory_studio import Opened, a_report, an_episode, some_peaks, some_words

Open = Callable[..., Coroutine[Any, Any, Opened]]
Run = Callable[[Coroutine[Any, Any, None]], None]

PRINT = VoicePrint((1.0,), 0.9, 180.0, 15.0, 12)
FILE = Artifact("0" * 64, ".flac", 1)
BRAND = BrandReport(
    0.82,
    (
        Deduction(Rule.FORBIDDEN, 10.0, "“cheap” is a forbidden word.", 40, 45, 31.25, 31.6),
        Deduction(Rule.FORBIDDEN, 0.0, "“cheap” again.", 80, 85, 52.0, 52.4),
        Deduction(Rule.CLOSING, 8.0, "The closing is not “Thank you for listening”."),
    ),
)
LET_GO = (
    Forgiven("fifty", "50", Grounds.NUMBER, 12.3, 12.7),
    Forgiven("Hylas", "high las", Grounds.SOUND, 20.0, 20.6),
)
MENDED = Take(
    3, "builtin:heart", "m", 1, FILE, (), 100.0, 2, (Mend(4, 6, 31.2, 38.0, 120), Mend(9, 10, 70.0, 72.0, 40))
)


def judged(consistency: float = 0.9, learned_from: int = 7) -> QaReport:
    """A report with everything in it."""
    report = a_report(some_words())
    return replace(
        report,
        voice=VoiceReport(consistency, learned_from, PRINT),
        brand=BRAND,
        alignment=replace(report.alignment, forgiven=LET_GO),
    )


def details(report: QaReport | None, take: Take | None = None, limited_db: float = 0.0) -> Details:
    episode = an_episode(1, State.NEEDS_YOU, Stage.REVIEW)
    master = None
    if report is not None:
        master = Master(3, FILE, FILE, b"", report.sound, 2.0, limited_db)
    script = Script(episode.title, episode.source, "text", ())
    audio = Path("/nowhere/episode.mp3")
    return Details(episode, script, audio, some_peaks(), report, some_words(), (), (), (), take, master)


def shown_by(theme: Theme, qtbot: QtBot, shown: Details) -> QaPanel:
    panel = QaPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(320, 900)
    panel.show()
    panel.show_details(shown, Settings(), NOTHING_LIVE, (0, 2), startable=False)
    return panel


def tiles(panel: QWidget) -> list[str]:
    names = (each.accessibleName() for each in panel.findChildren(QWidget, "tile") if each.isVisibleTo(panel))
    return [name.partition(":")[0] for name in names]


def test_voice_and_brand_stand_beside_their_lines() -> None:
    shown = {metric.name: metric for metric in metrics(an_episode(1, State.DONE), judged(0.8499), Settings())}
    assert (shown["Voice"].value, shown["Voice"].line, shown["Voice"].tone) == ("84.9%", "of 85", Tone.LOOK)
    assert (shown["Brand"].value, shown["Brand"].line, shown["Brand"].tone) == ("82.0%", "of 85", Tone.LOOK)
    assert LINE_MEANS in shown["Voice"].tip
    assert "7 accepted episodes" in shown["Voice"].tip
    own = Settings(voice_consistency=0.8, brand_alignment=0.82)
    better = {metric.name: metric for metric in metrics(an_episode(1, State.DONE), judged(0.8499), own)}
    assert (better["Voice"].line, better["Voice"].tone, better["Brand"].tone) == ("of 80", Tone.TEXT, Tone.TEXT)


@pytest.mark.parametrize(
    ("learned_from", "words"),
    [(0, "known voices, while none"), (1, "1 accepted episode, and known voices"), (5, "5 accepted episodes.")],
)
def test_what_a_voice_was_compared_with_is_said(learned_from: int, words: str) -> None:
    shown = {metric.name: metric for metric in metrics(an_episode(1), judged(0.9, learned_from), Settings())}
    assert words in shown["Voice"].tip


def test_the_panel_shows_what_there_is_and_nothing_else(theme: Theme, qtbot: QtBot) -> None:
    panel = shown_by(theme, qtbot, details(judged(), MENDED, 2.13))
    assert tiles(panel) == ["Words", "Loudness on MP3", "True peak", "Length", "Voice", "Brand"]
    words = said(panel)
    assert LINE_MEANS in words  # where the number is, not in a tool tip alone
    assert "3 sentences spoken anew, at 00:31.2, 01:10.0; the rest is take 2." in words
    assert "The limiter took up to 2.1 dB off, on average over 100 ms." in words
    assert "3 deductions by the brand file" in words
    assert "2 differences let go" in words
    assert "forbidden word" not in words  # folded up
    assert nameless(panel) == []
    panel.show_details(details(a_report(some_words())), Settings(), NOTHING_LIVE, (0, 2), startable=False)
    assert tiles(panel) == ["Words", "Loudness on MP3", "True peak", "Length"]
    plain = said(panel)
    for gone in (LINE_MEANS, "spoken anew", "limiter", "brand file", "let go"):
        assert gone not in plain
    panel.show_details(details(None), Settings(), NOTHING_LIVE, (0, 0), startable=False)
    assert tiles(panel) == []


def test_what_was_let_go_and_taken_off_unfolds_with_its_grounds(theme: Theme, qtbot: QtBot) -> None:
    panel = shown_by(theme, qtbot, details(judged()))
    press(panel, "2 differences let go")
    lines = said(panel).replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")
    assert "00:12.3 · “50” for “fifty” · the same number, written or read another way" in lines
    assert "00:20.0 · “high las” for “Hylas” · it sounds alike: a name the ears cannot spell" in lines
    press(panel, "3 deductions by the brand file")
    lines = said(panel)
    assert "00:31.2 · −10 · “cheap” is a forbidden word." in lines
    assert "00:52.0 · no further points · “cheap” again." in lines
    assert "whole episode · −8 · The closing" in lines
    press(panel, "2 differences let go")
    assert "written or read another way" not in said(panel)


def test_a_long_list_is_cut_and_counted(theme: Theme, qtbot: QtBot) -> None:
    many = tuple(Forgiven("a", "b", Grounds.SPELLING, float(n), n + 0.5) for n in range(MOST + 34))
    report = judged()
    panel = shown_by(theme, qtbot, details(replace(report, alignment=replace(report.alignment, forgiven=many))))
    press(panel, f"{MOST + 34} differences let go")
    assert "and 34 more" in said(panel)


def test_every_ground_and_every_kind_has_its_words() -> None:
    assert set(record.GROUNDS) == set(Grounds)
    assert set(wording.FINDING_NAMES) == set(FindingKind)


def test_limiting_that_may_be_heard_is_said_so() -> None:
    def said_of(limited_db: float) -> tuple[str, ...]:
        return record.done(None, details(judged(), None, limited_db).master, Settings())

    assert said_of(0.02) == ()
    assert said_of(3.0) == ("The limiter took up to 3.0 dB off, on average over 100 ms.",)
    assert said_of(4.26) == (
        "The limiter took up to 4.3 dB off, on average over 100 ms, more than 3 dB: it may be heard.",
    )


@pytest.mark.parametrize(("sure", "words"), [(0.874, "87% sure · 00:03.0"), (None, "00:03.0")])
def test_a_finding_says_how_sure_it_is_where_that_is_known(
    sure: float | None, words: str, theme: Theme, qtbot: QtBot
) -> None:
    card = FindingCard(theme, 0, Finding(FindingKind.BRAND, Severity.REVIEW, "off", 3.0, 3.9, sure=sure), ())
    qtbot.addWidget(card)
    assert words in [each.text() for each in card.findChildren(QLabel)]
    assert ("87% sure" in card.accessibleName()) is (sure is not None)
    assert "Brand" in said(card)


def table_of(theme: Theme, qtbot: QtBot, *episodes: Episode) -> tuple[EpisodeModel, EpisodeTable]:
    model = EpisodeModel()
    table = EpisodeTable(theme, EpisodeFilter(model))
    qtbot.addWidget(table)
    table.resize(1400, 400)
    table.show()
    model.reset(episodes)
    return model, table


def columns(table: EpisodeTable) -> list[str]:
    return [column.key for number, column in enumerate(COLUMNS) if not table.isColumnHidden(number)]


def test_columns_of_numbers_that_nobody_has_are_hidden(theme: Theme, qtbot: QtBot) -> None:
    model, table = table_of(theme, qtbot, an_episode(1), an_episode(2, State.DONE, Stage.EXPORT))
    assert not {"voice", "brand"} & set(columns(table))
    width = sum(table.columnWidth(number) for number in range(len(COLUMNS)))
    assert width == table.viewport().width()
    model.change([replace(an_episode(2, State.DONE, Stage.EXPORT), voice_consistency=0.91234)])
    assert "voice" in columns(table)
    assert "brand" not in columns(table)
    number = [column.key for column in COLUMNS].index("voice")
    index = table.model().index(1, number)
    assert index.data() == "91.2%"
    assert sum(table.columnWidth(number) for number in range(len(COLUMNS))) == table.viewport().width()
    model.change([replace(an_episode(1), brand_alignment=1.0)])
    assert {"voice", "brand"} <= set(columns(table))


def test_a_hidden_column_draws_nothing_over_its_neighbour(theme: Theme, qtbot: QtBot) -> None:
    episode = replace(an_episode(1, State.DONE, Stage.EXPORT), word_accuracy=0.5, voice_consistency=0.99)
    model, table = table_of(theme, qtbot, episode)
    number = [column.key for column in COLUMNS].index("words")
    shown = table.viewport().grab().toImage()
    model.change([replace(episode, word_accuracy=None)])  # “—” is short enough to be drawn without any room
    assert table.viewport().grab().toImage() != shown
    table.setColumnHidden(number, True)
    hidden = table.viewport().grab().toImage()
    model.change([episode])
    assert table.viewport().grab().toImage() == hidden


def test_a_preset_sets_its_values_and_is_known_again(opened: Open, run: Run) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        await at.settle()
        whole(dialog)
        chooser = dialog.findChild(PresetChooser)
        assert chooser is not None
        assert chooser.currentText() == "Podcast, stereo"
        choose(dialog, "Preset", "Audiobook (ACX)")
        chooser.activated.emit(chooser.currentIndex())
        values = {name: dialog._fields[name].read() for name in PRESETS["acx"]}
        assert values == dict(PRESETS["acx"])
        dialog._fields["loudness_lufs"].write(-19.25)
        assert chooser.currentText() == "Custom"
        dialog.take(PRESETS["broadcast"])
        assert chooser.currentText() == "Broadcast (EBU R 128)"
        press(dialog, "Save")
        await at.settle()
        project = at.window.desk.project
        assert project is not None
        assert project.settings.loudness_lufs == -23.0
        await at.close()

    run(story())


def test_a_brand_file_is_picked_and_searched_for(
    opened: Open, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def story() -> None:
        at = await opened()
        at.window.commands[Do.SETTINGS].trigger()
        dialog = at.window.findChildren(SettingsDialog)[-1]
        await at.settle()
        picked = str(tmp_path / "show.toml")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (picked, ""))
        press(dialog, "Choose a file…")
        assert dialog._fields["brand"].read() == picked
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
        press(dialog, "Choose a file…")
        assert dialog._fields["brand"].read() == picked  # thought better of it
        QTest.keyClicks(named(dialog, "Find a setting"), "pronunciations")
        assert "Pronunciations" in said(dialog).splitlines()
        dialog.reject()
        await at.close()

    run(story())
