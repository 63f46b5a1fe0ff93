"""Every part that the engine works with, as one thing to hand over."""

from dataclasses import dataclass

from studio.engine.jobs import (
    CheckFunction,
    ExportFunction,
    JoinFunction,
    MasterFunction,
    ProveFunction,
    SpliceFunction,
)
from studio.engine.ports import Artifacts, Clock, Compute, Intake, Projects, ReadBrand, ReadPeaks, SpokenForms
from studio.engine.trade import Keys, Ledger, Voices


@dataclass(frozen=True, slots=True)
class Rooms:
    """Every part that the engine works with, built and handed over by `app.py`."""

    intake: Intake
    spoken_form: SpokenForms
    read_brand: ReadBrand
    voices: Voices
    keys: Keys
    prove: ProveFunction
    join: JoinFunction
    splice: SpliceFunction
    master: MasterFunction
    check: CheckFunction
    export: ExportFunction
    read_peaks: ReadPeaks
    projects: Projects
    ledger: Ledger
    artifacts: Artifacts
    compute: Compute
    attendant: Compute  # for short jobs that must not wait behind the long ones
    clock: Clock
    generator: str  # name and version, written into every folder
