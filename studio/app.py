"""Builds the parts and hands them to each other. Only this module and `cli.py` know every room."""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio import __version__
from studio.domain.brand import Brand
from studio.domain.errors import BatchcastError, LibraryInUseError, SettingError, StoreError
from studio.domain.findings import QaReport
from studio.domain.health import Health
from studio.domain.prices import PriceBook
from studio.domain.script import Script
from studio.domain.settings import Settings
from studio.domain.sound import Mark, Peaks
from studio.domain.spoken import SpokenForm
from studio.domain.voice import WRITER
from studio.engine.authoring import Examined, ScriptJob
from studio.engine.batch import Studio
from studio.engine.clock import MachineClock
from studio.engine.drafts import Draft, Refusal
from studio.engine.jobs import (
    CheckJob,
    ExportJob,
    Joined,
    MasterJob,
    MasterResult,
    Patch,
    Piece,
    Proof,
    ProofJob,
    Spliced,
)
from studio.engine.ports import Report
from studio.engine.rooms import Rooms

if TYPE_CHECKING:
    from studio.compute.local_pool import LocalPool
    from studio.store.library import Library
    from studio.ui.main_window import MainWindow
    from studio.ui.second_start import Request

GENERATOR: Final = f"Batchcast {__version__}"
LOG_BYTES = 2_000_000
LOG_FILES = 3
HANDED_OVER: Final = "Batchcast is open already; its window has come to the front.\n"
WAITS_FOR_ANOTHER_S: Final = (0.2, 0.3, 0.5, 1.0, 1.0)


def resources() -> Path:
    """The folder of samples, icons and fonts: beside the package in a clone, inside it in a wheel."""
    inside = Path(__file__).parent / "_resources"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "resources"


def library_root() -> Path:
    """Where database, artifacts and logs live: `BATCHCAST_HOME`, else the platform's data folder."""
    import platformdirs

    home = os.environ.get("BATCHCAST_HOME")
    return Path(home).expanduser().absolute() if home else platformdirs.user_data_path("Batchcast", appauthor=False)


def start_log(root: Path) -> Path:
    """Write warnings and errors to a file in the library; returns it. Raises `StoreError` when it cannot be made."""
    path = root / "logs" / "batchcast.log"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
    except OSError as error:
        raise StoreError(
            f"The library folder {root} cannot be written ({error.strerror}).",
            "Make it writable, or set BATCHCAST_HOME to another folder.",
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    logging.getLogger("studio").setLevel(logging.INFO)
    return path


# The jobs of the worker processes. Each imports its room where it runs, so that neither the window nor the event loop's
# process ever loads a model or a numerical library.


def spoken_form(script: Script, settings: Settings, pronunciations: Mapping[str, str]) -> SpokenForm:
    """`content.speech_text`."""
    from studio.content.speech_text import spoken_form as form

    return form(script, settings, pronunciations)


def examine(report: Report, job: ScriptJob) -> Examined:
    """`content.script_check`, with the words of `voices.vocabulary`."""
    from studio.content.script_check import examine as run
    from studio.voices.vocabulary import knows

    return run(report, job, knows)


def read_script(path: Path) -> Script:
    """`content.intake`."""
    from studio.content.intake import ScriptIntake

    return ScriptIntake().read(path)


def drafts(paths: Sequence[Path]) -> Iterator[Draft | Refusal]:
    """`content.intake`: what files, folders and tables hold. Raises `InputError` where a single path holds none."""
    from studio.content.intake import ScriptIntake

    return ScriptIntake().held(paths)


def channels(audio: Path) -> int:
    """`audio.decode`: how many channels a file has."""
    from studio.audio.decode import probe

    return probe(audio).channels


def read_brand(path: Path) -> Brand:
    """`quality.brand_file`, with the sample scripts read by `content`."""
    from studio.content.intake import ScriptIntake
    from studio.quality.brand_file import BrandReader

    return BrandReader(ScriptIntake()).read(path)


def splice(report: Report, take: Path, marks: Sequence[Mark], patches: Sequence[Patch], out: Path) -> Spliced:
    """`audio.splice`."""
    from studio.audio.splice import splice as run

    return run(report, take, marks, patches, out)


def master(report: Report, job: MasterJob) -> MasterResult:
    """`audio.mastering`."""
    from studio.audio.mastering import master as run

    return run(report, job)


def prove(report: Report, job: ProofJob) -> Proof:
    """`audio.proof`."""
    from studio.audio.proof import prove as run

    return run(report, job)


def join(report: Report, pieces: Sequence[Piece], out: Path) -> Joined:
    """`audio.join`."""
    from studio.audio.join import join as run

    return run(report, pieces, out)


def check(report: Report, job: CheckJob) -> QaReport:
    """`quality.check`."""
    from studio.quality.check import check as run

    return run(report, job)


def export(report: Report, job: ExportJob) -> Path:
    """`distribution.folder`."""
    from studio.distribution.folder import write_folder

    return write_folder(report, job)


def withdraw(report: Report, folder: Path) -> None:
    """`distribution.withdraw`."""
    from studio.distribution.withdraw import withdraw_folder

    withdraw_folder(report, folder)


def read_peaks(path: Path) -> Peaks:
    """`audio.peaks`."""
    from studio.audio.peaks import read

    return read(path)


@asynccontextmanager
async def opened_studio(
    root: Path,
    concurrency: int | None = None,
    *,
    at_work: bool = True,
    per_minute: int | None = None,
    behind_window: bool = False,
) -> AsyncIterator[Studio]:
    """The studio on the library at `root` until the context ends; with `at_work` false, for looking only.

    `behind_window` says that a person sees and uses a window meanwhile: the long jobs keep out of its way.

    `concurrency` and `per_minute` go before what the projects' settings say of requests to vendors.

    Raises `StoreError` when the library cannot be opened, or another copy of the program is at work on it.
    """
    await asyncio.to_thread(_import_rooms)  # a fifth of a second that the window's thread does not have
    from studio.compute.local_pool import LocalPool
    from studio.store.library import Library

    library = await Library.open(root, at_work=at_work)
    pool, attendant, reader = LocalPool(last=behind_window), LocalPool(1), LocalPool(1)
    try:
        parts = rooms(library, pool, attendant, reader, price_book(root))
        studio = Studio(parts, concurrency, per_minute)
        try:
            if at_work:
                await studio.open()
            yield studio
        finally:
            await studio.close()
            await parts.voices.close()
            await parts.writers.close()
            await parts.research.close()
    finally:
        for each in (pool, attendant, reader):
            await each.close()
        await library.close()


def _import_rooms() -> None:
    import studio.compute.local_pool
    import studio.content.chat
    import studio.content.links
    import studio.content.model_writer
    import studio.content.research
    import studio.store.library
    import studio.voices.registry  # noqa: F401


def price_book(root: Path) -> PriceBook:
    """The shipped prices, with the user's changes in the library's `prices.toml`. Raises `SettingError`."""
    own = root / "prices.toml"
    try:
        changes = own.read_text("utf-8") if own.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"The price book {own} cannot be read ({error}).", "Mend or remove it.") from error
    return PriceBook.parse((resources() / "prices.toml").read_text("utf-8"), changes)


def rooms(
    library: "Library", pool: "LocalPool", attendant: "LocalPool", reader: "LocalPool", prices: PriceBook
) -> Rooms:
    """Every part of the studio on an open library.

    Its heavy work is done in `pool`, what is short and must not wait behind that in `attendant`, and sources are read
    in `reader`, where what strangers have written can hold up nothing else.
    """
    from studio.content import pls
    from studio.content.fetching import Fetcher
    from studio.content.intake import ScriptIntake
    from studio.content.links import LinkReader
    from studio.content.research import Researcher
    from studio.content.writers import Writers
    from studio.quality.brand_file import BrandReader
    from studio.voices.registry import registry_from

    intake, fetcher, clock = ScriptIntake(), Fetcher(), MachineClock()
    voices = registry_from(os.environ, pool, prices)
    return Rooms(
        intake=intake,
        fetch=LinkReader(intake, fetcher, reader).read,
        research=Researcher(library.research, reader, fetcher, clock),
        writers=Writers(attendant, resources(), lambda: voices.keys.found(WRITER)),
        examine=examine,
        spoken_form=spoken_form,
        read_brand=BrandReader(intake).read,
        lexicon=library.lexicon,
        read_lexicon=pls.read,
        write_lexicon=pls.write,
        splice=splice,
        voices=voices,
        keys=voices.keys,
        prove=prove,
        join=join,
        master=master,
        check=check,
        export=export,
        withdraw=withdraw,
        read_peaks=read_peaks,
        projects=library.projects,
        scripts=library.scripts,
        ledger=library.ledger,
        prompts=library.prompts,
        books=library.books,
        checks=library.checks,
        artifacts=library.artifacts,
        compute=pool,
        attendant=attendant,
        clock=clock,
        generator=GENERATOR,
    )


def health(root: Path) -> Sequence[Health]:
    """Every part of this machine that the studio needs, and whether it works."""
    from studio.quality import models, speaker
    from studio.store import health as library
    from studio.ui import health as window
    from studio.voices import builtin, keys

    return [
        *window.health(),
        builtin.health(),
        *models.health(),
        speaker.health(),
        *library.health(root),
        keys.health(),
    ]


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))


def run_window(project_name: str | None, paths: Sequence[Path] = ()) -> int:
    """Show the window, build the engine behind it, and return when the user has closed it and everything is kept.

    `project_name` is the project to show, the one used last where it is None; `paths` are added to it. Where a window
    is open on the library already, they are handed to it, and it comes to the front.
    """
    gc.disable()  # the window has a collector of its own; nothing of what is loaded here is garbage
    from studio.ui.application import create_application, run
    from studio.ui.second_start import Request, hand_over
    from studio.ui.shell import open_window

    root = library_root()
    application = create_application(sys.argv)
    request = Request(project_name or "", tuple(paths))
    if hand_over(root, request):
        sys.stdout.write(HANDED_OVER)
        return 0
    samples = sorted((resources() / "samples").glob("*.md"))
    window = open_window(application, resources(), library=root, samples=samples)
    return run(lambda: _serve(window, root, request))


async def _serve(window: "MainWindow", root: Path, request: "Request") -> int:
    from studio.ui.second_start import hand_over

    try:
        start_log(root)
        for wait_s in (*WAITS_FOR_ANOTHER_S, None):
            try:
                await _show(window, root, request)
                break
            except LibraryInUseError:
                # Another start may be a moment ahead of this one, or about to end.
                if hand_over(root, request):
                    sys.stdout.write(HANDED_OVER)
                    window.close()
                    await window.until_closed()
                    break
                if wait_s is None:
                    raise
                await asyncio.sleep(wait_s)
    except BatchcastError as error:
        window.show_dead_end(error.message, error.remedy)
        await window.until_closed()
        return 1
    return 0


async def _show(window: "MainWindow", root: Path, request: "Request") -> None:
    """The window on the library, until it is closed."""
    import platformdirs

    from studio.ui.readiness import Readiness
    from studio.ui.second_start import Doorman

    async with opened_studio(root, behind_window=True) as studio:
        named = next((each for each in await studio.projects() if each.name == request.project), None)
        await window.attach(studio, named, platformdirs.user_documents_path() / "Batchcast")
        doorman = Doorman(root, window)
        doorman.asked.connect(window.projects.take_from_another_start)
        window.leaving.connect(doorman.close)
        window.projects.say_recovered()
        window.projects.take(request)
        Readiness(window.pages).begin()
        await window.until_closed()
