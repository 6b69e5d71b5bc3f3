"""Colour arithmetic: contrast as WCAG 2.2 defines it, and shades that keep enough of it."""

from PySide6.QtGui import QColor

TEXT_CONTRAST = 4.5
SHAPE_CONTRAST = 3.0


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def luminance(color: str | QColor) -> float:
    """Return the relative luminance, 0 black to 1 white (WCAG 2.2, “relative luminance”)."""
    shade = QColor(color)
    red, green, blue = (_linear(part) for part in (shade.redF(), shade.greenF(), shade.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str | QColor, other: str | QColor) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def mixed(one: str | QColor, other: str | QColor, share: float) -> str:
    """Return `one` with `share` (0 to 1) of `other` mixed in, as `#rrggbb`."""
    first, second = QColor(one), QColor(other)
    parts = [
        round(a * (1 - share) + b * share)
        for a, b in zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*parts).name()


def visible_on(color: str | QColor, ground: str | QColor, ratio: float = SHAPE_CONTRAST) -> str:
    """Return `color`, moved towards black or white until it has `ratio` against `ground`."""
    pole = "#000000" if luminance(ground) > 0.18 else "#ffffff"
    for step in range(21):
        shade = mixed(color, pole, step / 20)
        if contrast(shade, ground) >= ratio:
            return shade
    return pole


def ink_on(ground: str | QColor) -> str:
    """Return black or white, whichever reads better on `ground`."""
    return "#000000" if contrast("#000000", ground) >= contrast("#ffffff", ground) else "#ffffff"
