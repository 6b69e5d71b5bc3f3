"""Tooltips that show words as they are: Qt would read those that look like HTML, and open what they name."""

from html import escape

from PySide6.QtGui import Qt


def plain_tip(text: str) -> str:
    """Return a tooltip for words that other people may have written (names, titles, cards, codes)."""
    return f"<span>{escape(text)}</span>" if Qt.mightBeRichText(text) else text
