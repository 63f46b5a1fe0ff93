"""Every part that the engine works with, as one thing to hand over."""

from dataclasses import dataclass

from studio.engine.authoring import ExamineFunction, PromptLedger, Research, ScriptShelf, Writers
from studio.engine.bookkeeping import BookKeeping
from studio.engine.drift import Checks
from studio.engine.jobs import (
    CheckFunction,
    ExportFunction,
    JoinFunction,
    MasterFunction,
    ProveFunction,
    SpliceFunction,
    WithdrawFunction,
)
from studio.engine.ports import Artifacts, Clock, Compute, Intake, Projects, ReadBrand, ReadPeaks, SpokenForms
from studio.engine.pronouncing import LexiconReader, LexiconShelf, LexiconWriter
from studio.engine.reading import FetchLink
from studio.engine.trade import Keys, Ledger, Voices


@dataclass(frozen=True, slots=True)
class Rooms:
    """Every part that the engine works with, built and handed over by `app.py`."""

    intake: Intake
    fetch: FetchLink
    research: Research
    writers: Writers
    examine: ExamineFunction
    spoken_form: SpokenForms
    read_brand: ReadBrand
    lexicon: LexiconShelf
    read_lexicon: LexiconReader
    write_lexicon: LexiconWriter
    voices: Voices
    keys: Keys
    prove: ProveFunction
    join: JoinFunction
    splice: SpliceFunction
    master: MasterFunction
    check: CheckFunction
    export: ExportFunction
    withdraw: WithdrawFunction
    read_peaks: ReadPeaks
    projects: Projects
    scripts: ScriptShelf
    ledger: Ledger
    prompts: PromptLedger
    books: BookKeeping
    checks: Checks
    artifacts: Artifacts
    compute: Compute
    attendant: Compute  # for short jobs that must not wait behind the long ones
    clock: Clock
    generator: str  # name and version, written into every folder
