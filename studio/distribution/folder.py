"""Writes one release as `NNN-slug/`, whole or not at all. The same release always gives the same bytes."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from studio.audio.playback import play
from studio.distribution import chapters as chapters_
from studio.distribution import mp3, proof, replace, reports, transcripts
from studio.distribution.tags import id3_tag
from studio.distribution.timeline import sentences
from studio.distribution.wording import one_line
from studio.domain.errors import BatchcastError, DiskFullError, ExportError
from studio.domain.release import Release, folder_name
from studio.engine.jobs import ExportJob
from studio.engine.ports import Report

_MARGIN: Final = 1 << 20  # bytes beyond the files themselves, for the reports and the disk's own rounding
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def write_folder(report: Report, job: ExportJob) -> Path:
    """Write `job.release` under `job.parent` and return the folder.

    A folder of that name is replaced; what else lies in it moves into the new one. Raises `ExportError` or
    `DiskFullError`; nothing half-written stays then.
    """
    release = job.release
    name = folder_name(release.number, release.title)
    with _explained(job), _master(release) as source:
        job.parent.mkdir(parents=True, exist_ok=True)
        parent = job.parent.resolve()
        final = parent / name
        previous = _name_in(parent, job.previous)
        with replace.alone_in(parent):
            replace.recover(parent)
        _ensure_replaceable(final, release, ours=previous == name)
        with replace.partial_folder(parent, name) as partial:
            _build(partial, name, release, source, report)
            with replace.alone_in(parent):
                _ensure_replaceable(final, release, ours=previous == name)
                replace.publish(partial, final)
                if previous and previous != name:
                    replace.supersede(parent / previous, final)
    report(1.0)
    return final


def _build(partial: Path, name: str, release: Release, source: BinaryIO, report: Report) -> None:
    spoken = sentences(release)
    chapters = chapters_.chapter_times(release, spoken)
    duration_s = release.master.sound.duration_s
    audio = partial / f"{name}.mp3"
    tag = id3_tag(release, chapters)
    _ensure_room(partial, os.fstat(source.fileno()).st_size + len(tag) + 8 * len(release.script_text) + _MARGIN)
    if mp3.write_tagged(source, audio, tag, lambda done: report(0.2 * done)) != release.master.audio.sha256:
        raise ExportError(
            f"The master of “{one_line(release.title)}” is not the file that was checked.",
            "Have the episode mastered and checked again.",
        )
    played = play(audio, duration_s, lambda done: report(0.2 + 0.7 * done))
    proof.prove_sound(played, duration_s, chapters)
    vtt_cues = transcripts.vtt_cues(spoken, duration_s)
    texts = {
        "chapters.json": chapters_.chapters_json(release, chapters, audio.name),
        "notes.txt": chapters_.notes(chapters),
        "transcript.json": transcripts.json_transcript(vtt_cues),
        "transcript.srt": transcripts.srt(transcripts.srt_cues(spoken, duration_s)),
        "transcript.txt": transcripts.text(release.title, spoken),
        "transcript.vtt": transcripts.vtt(vtt_cues),
        replace.QA_REPORT: reports.qa_report_json(release),
    }
    files = {file: text.encode() for file, text in texts.items()}
    sizes = {audio.name: audio.stat().st_size, **{file: len(content) for file, content in files.items()}}
    files[replace.METADATA] = reports.metadata_json(release, chapters, played, sizes).encode()
    for file, content in files.items():
        _write(partial / file, content)
    _write(partial / replace.SUMS, _sums(audio, files))
    replace.sync_folder(partial)
    proof.prove_folder(partial, duration_s)


def _sums(audio: Path, files: Mapping[str, bytes]) -> bytes:
    """The list as `sha256sum -c` reads it."""
    with audio.open("rb") as handle:
        digests = {audio.name: hashlib.file_digest(handle, "sha256").hexdigest()}
    digests |= {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


@contextmanager
def _master(release: Release) -> Iterator[BinaryIO]:
    try:
        source = Path(release.audio_path).open("rb")  # noqa: SIM115  (closed below; only opening has this sentence)
    except OSError as error:
        raise ExportError(
            f"The master of “{one_line(release.title)}” cannot be read ({error.strerror}).",
            "Have the episode mastered again.",
        ) from error
    with source:
        yield source


def _ensure_room(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def _ensure_replaceable(final: Path, release: Release, *, ours: bool) -> None:
    """Nothing that is not a folder of this episode is ever written over or through."""
    if final.is_symlink() or (os.path.lexists(final) and not final.is_dir()):
        raise ExportError(
            f"“{final}” is in the way: it is not a folder.", "Move it away, or choose another output folder."
        )
    if not ours and _holds_another(final, release):
        raise ExportError(
            f"“{final}” holds another episode of the same number and title.",
            "Choose another output folder, or move that folder away.",
        )


def _holds_another(final: Path, release: Release) -> bool:
    """Whether the folder was made by us from another script; the same script is the same episode, exported anew."""
    if not replace.read_sums(final):
        return False
    try:
        known = json.loads((final / replace.METADATA).read_text("utf-8"))["script_sha256"]
    except (OSError, ValueError, LookupError, TypeError):
        return False  # damaged: what is left of it is kept beside the new files
    return bool(known != reports.script_sha256(release))


def _name_in(parent: Path, previous: Path | None) -> str | None:
    """The name of the earlier folder, where it lies in `parent`. A copy that was exported elsewhere stays there."""
    return previous.name if previous is not None and previous.parent.resolve() == parent else None


@contextmanager
def _explained(job: ExportJob) -> Iterator[None]:
    """Turn the system's errors into sentences that name the folder."""
    title, parent = one_line(job.release.title), job.parent
    try:
        yield
    except OSError as error:
        raise _sentence(error, title, parent) from error


def _sentence(error: OSError, title: str, parent: Path) -> BatchcastError:
    if error.errno in _FULL:
        return DiskFullError(
            f"The disk of “{parent}” has no room for “{title}”.", "Make some room, then export it again."
        )
    if error.errno in _FORBIDDEN:
        place = error.filename or parent
        return ExportError(f"“{place}” cannot be written.", "Change its permissions, or choose another output folder.")
    if isinstance(error, NotADirectoryError | FileExistsError):
        return ExportError(f"“{parent}” is not a folder.", "Choose another output folder.")
    if isinstance(error, FileNotFoundError):
        return ExportError(
            f"“{parent}” disappeared while “{title}” was being written to it.",
            "Bring it back or choose another output folder, then export it again.",
        )
    return ExportError(
        f"“{title}” could not be written to “{parent}” ({error.strerror}).", "Choose another output folder."
    )
