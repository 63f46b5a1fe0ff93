"""The dialog that asks for scripts shows every kind of file that is read."""

from studio.content.intake import SUFFIXES
from studio.ui.dialogs import SCRIPTS


def test_the_dialog_offers_what_the_intake_reads() -> None:
    offered, everything = SCRIPTS.split(";;")
    assert set(offered.partition("(")[2].rstrip(")").split()) == {f"*{suffix}" for suffix in SUFFIXES}
    assert everything.endswith("(*)")
