"""What tests of the script checks share: a text through intake, spoken form and every check."""

from typing import Any

from studio.content.intake import ScriptIntake
from studio.content.script_check import examine
from studio.content.speech_text import spoken_form
from studio.domain.duration import first_guess
from studio.domain.script_report import Check, ScriptFinding, ScriptReport
from studio.domain.settings import Settings
from studio.engine.authoring import Examined, ScriptJob
from studio.engine.ports import unfollowed
from studio.voices.vocabulary import knows


def job(text: str, values: dict[str, Any] | None = None, **about: Any) -> ScriptJob:
    script = ScriptIntake().read_text(text, "script.md")
    settings = Settings().with_values(values or {})
    spoken = spoken_form(script, settings)
    return ScriptJob(script, spoken, settings, first_guess(settings.voice, settings.speed), **about)


def examined(made: ScriptJob) -> Examined:
    return examine(unfollowed, made, knows)


def report(text: str, values: dict[str, Any] | None = None, **about: Any) -> ScriptReport:
    return examined(job(text, values, **about)).report


def found(made: ScriptReport, check: Check) -> list[ScriptFinding]:
    return [each for each in made.findings if each.check is check]
