"""The style sheet of all widgets, made from the colours in force."""

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.ui.theme import Tokens

_SHEET = Template("""
QMainWindow, QDialog { background: $background; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px 7px; }
QLabel { background: transparent; }
QLabel[role="heading"] { font-size: 14px; font-weight: 600; }
QLabel[role="title"] { font-size: 18px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; font-size: 12px; }
QLabel[role="wrong"] { color: $bad; font-size: 12px; }
QLabel[role="small"] { color: $muted; font-size: 11px; }
QLabel[role="key"] { color: $muted; font-size: 11px; border: 1px solid $line; border-radius: 4px; padding: 0 5px; }
QPushButton[kind="primary"] QLabel[role="key"] { color: $on_button; border-color: rgba(255, 255, 255, 130); }
QPushButton[kind="primary"] QLabel[role="key"]:disabled { color: $faint; border-color: $line; }

#topBar, #statusStrip, #rail, #panel, #dock, #panelScroll, #panelBody { background: $panel; }
#topBar { border-bottom: 1px solid $line; }
#statusStrip { border-top: 1px solid $line; }
#rail { border-right: 1px solid $line; }
#panel { border-left: 1px solid $line; }
#bulkBar { background: $selection; border-top: 1px solid $line; }
#panelFooter { border-top: 1px solid $line; }
#dock { border-top: 1px solid $line; }
#panelScroll { border: 0; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accent; }

QPushButton, QToolButton {
    background: $raised; color: $text; border: 1px solid $line; border-radius: 6px; padding: 0 12px; min-height: 30px;
}
QPushButton:hover, QToolButton:hover { border-color: $faint; }
QPushButton:pressed, QToolButton:pressed { background: $selection; }
QPushButton:focus, QToolButton:focus { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $faint; }
QPushButton[kind="primary"] { background: $button; color: $on_button; border-color: $button; font-weight: 500; }
QPushButton[kind="primary"]:hover { background: $button_hover; border-color: $button_hover; }
QPushButton[kind="primary"]:focus { border-color: $text; }
QPushButton[kind="primary"]:disabled { background: $raised; border-color: $line; color: $faint; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; border-color: $line; }
QPushButton[kind="quiet"]:focus, QToolButton[kind="quiet"]:focus { border-color: $accent; }
QPushButton[kind="square"] { padding: 0; min-width: 28px; max-width: 28px; min-height: 28px; }
QPushButton[kind="bulk"] { padding: 0 6px; min-height: 26px; font-size: 12px; }
QPushButton[kind="reset"] {
    background: transparent; border-color: transparent; padding: 0 6px; min-height: 14px; max-height: 14px;
    font-size: 12px;
}
QPushButton[kind="reset"]:hover { background: $hover; border-color: $line; }
QPushButton[kind="reset"]:focus { border-color: $accent; }
QPushButton[kind="jump"] {
    background: transparent; border-color: transparent; color: $muted; text-align: left; padding: 0 10px;
}
QPushButton[kind="jump"]:hover { background: $hover; color: $text; }
QPushButton[kind="jump"]:focus { border-color: $accent; color: $text; }
QPushButton[kind="fold"] {
    background: transparent; border-color: transparent; color: $muted; text-align: left; padding: 0 6px 0 2px;
    font-size: 12px; min-height: 24px;
}
QPushButton[kind="fold"]:hover { color: $text; }
QPushButton[kind="fold"]:focus { border-color: $accent; color: $text; }
QPushButton[kind="key"] { text-align: left; padding: 0 10px; }
QPushButton[kind="cap"] { padding: 0 8px; min-height: 22px; font-size: 12px; color: $muted; }
QPushButton[kind="cap"]:checked { background: $selection; color: $text; border-color: $accent; }
QFileDialog QToolButton { padding: 0; min-height: 26px; min-width: 26px; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QToolButton[kind="project"] {
    background: transparent; border-color: transparent; font-size: 15px; font-weight: 600; padding: 0 8px;
}
QToolButton[kind="project"]:hover { background: $hover; border-color: $line; }
QToolButton[kind="project"]:focus { border-color: $accent; }

QToolButton[kind="page"] {
    background: transparent; border: 0; border-left: 3px solid transparent; border-radius: 0; color: $muted;
    font-size: 12px; padding: 6px 3px 6px 0; min-height: 44px;
}
QToolButton[kind="page"]:hover { background: $hover; }
QToolButton[kind="page"]:focus { border-left-color: $faint; }
QToolButton[kind="page"]:checked { background: $selection; color: $accent; border-left-color: $accent; }

QPushButton[kind="chip"] {
    background: transparent; color: $muted; border: 1px solid $line; border-radius: 12px; padding: 0 11px;
    min-height: 24px; max-height: 24px; font-size: 12px;
}
QPushButton[kind="chip"]:hover { border-color: $faint; color: $text; }
QPushButton[kind="chip"]:checked { background: $selection; color: $text; border-color: $accent; }
QPushButton[kind="chip"]:focus { border-color: $accent; }

QLineEdit, QAbstractSpinBox, QComboBox {
    background: $field; color: $text; border: 1px solid $line; border-radius: 6px; padding: 0 10px; min-height: 28px;
    selection-background-color: $button; selection-color: $on_button; placeholder-text-color: $muted;
}
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $faint; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { border-color: $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; background: $background; }
QAbstractSpinBox { padding: 0; min-height: 24px; }
QAbstractSpinBox QLineEdit { border: 0; background: transparent; min-height: 0; padding: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }
QComboBox::drop-down { border: 0; background: transparent; width: 26px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $line; padding: 4px; outline: 0; }

QPlainTextEdit {
    background: $field; color: $text; border: 1px solid $line; border-radius: 6px; padding: 3px 6px;
    selection-background-color: $button; selection-color: $on_button;
}
QPlainTextEdit:focus { border-color: $accent; }

QTableView { background: $background; border: 0; outline: 0; selection-background-color: $selection; }
QHeaderView { background: $background; border: 0; }
QHeaderView::section {
    background: $panel; color: $muted; border: 0; border-bottom: 1px solid $line; padding: 0 8px; font-size: 12px;
    min-height: 30px;
}
QHeaderView::section:hover { color: $text; }
QHeaderView::down-arrow, QHeaderView::up-arrow { width: 9px; }

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
    background: none; width: 0; height: 0;
}

QMenu { background: $raised; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 10px; border-radius: 4px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 4px; }

QListWidget {
    background: $field; border: 1px solid $line; border-radius: 6px; outline: 0;
    selection-background-color: $selection; selection-color: $text;
}
QListWidget:focus { border-color: $accent; }

#scriptList, #scriptFindings, #scriptSources { background: $background; border: 0; outline: 0; }
#scriptList { border-top: 1px solid $line; }
#scriptFindings, #scriptSources, #scriptCompare { background: $field; border: 1px solid $line; border-radius: 6px; }
#scriptList:focus { border-top-color: $accent; }
#scriptFindings:focus, #scriptSources:focus, #scriptCompare:focus { border-color: $accent; }

#popup { background: $raised; border: 1px solid $line; }
#dropSheet { background: $panel; border: 1px solid $faint; border-radius: 10px; }
#dropSheet QTableView::item { padding: 0 5px; border: 0; }
#dropSheet QTableView::item:selected { background: $selection; color: $text; }
#lexicon { background: $field; border: 1px solid $line; border-radius: 6px; }
#lexicon:focus { border-color: $accent; }
#lexicon::item { padding: 0 5px; border: 0; }
#lexicon::item:selected { background: $selection; color: $text; }
#marks {
    background: $field; border: 1px solid $line; border-radius: 6px; outline: 0;
    selection-background-color: $selection; selection-color: $text;
}
#marks:focus { border-color: $accent; }
#marks::item { padding: 3px 4px; }
#tile, #notices, #card { background: $raised; border: 1px solid $line; border-radius: 6px; }
#notices[held="true"] { margin-top: 8px; }
#card[chosen="true"] { background: $selection; }
#sheet { background: $panel; border: 1px solid $line; border-radius: 10px; }
#hint { background: $raised; border: 1px solid $line; border-radius: 6px; }
""")


def style_sheet(tokens: "Tokens") -> str:
    """The sheet in the colours of `tokens`."""
    return _SHEET.substitute({name: str(value) for name, value in asdict(tokens).items()})
