"""What goes wrong, in the user's words.

Three kinds of failure exist. A cancellation is silent. A `BatchcastError` is ours: one sentence that names the
thing, and one that names the cure. Anything else is a bug.
"""


class BatchcastError(Exception):
    """A failure that we foresaw.

    `message` names the thing and what happened to it; `remedy` says what the user can do. Both are whole sentences.
    """

    def __init__(self, message: str, remedy: str) -> None:
        # Both go to `args`, so that the error crosses a process boundary unharmed.
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


def what_happened(error: BaseException) -> str:
    """An error in a row that is read later: without its remedy, which belongs to the moment."""
    return error.message if isinstance(error, BatchcastError) else str(error) or type(error).__name__


class InputError(BatchcastError):
    """A script, folder or audio file that cannot be used as it is."""


class SettingError(BatchcastError):
    """A setting or option outside of what it may be."""


class VoiceError(BatchcastError):
    """A voice that cannot be had, or that gave no usable sound."""


class AudioError(BatchcastError):
    """Audio that cannot be decoded, measured, mastered or encoded."""


class EarsError(BatchcastError):
    """A hearing model that is missing, damaged or that failed."""


class StoreError(BatchcastError):
    """The library (database or artifacts) cannot be read or written."""


class LibraryInUseError(StoreError):
    """Another copy of the program is at work in the library."""


class EpisodeLookupError(BatchcastError, LookupError):
    """An episode that is not there, or was taken out of its project."""

    def __init__(self) -> None:
        super().__init__("The episode was removed meanwhile.", "Nothing was done to it.")


class ExportError(BatchcastError):
    """A distribution folder that could not be made."""


class DiskFullError(BatchcastError):
    """Not enough room for what is about to be written. Raised before anything is bought."""


class BudgetError(BatchcastError):
    """A purchase that would exceed a budget; nothing was sent."""


class WorkerLostError(BatchcastError):
    """A worker process ended in the middle of a task (killed, or out of memory). The task may be tried again."""
