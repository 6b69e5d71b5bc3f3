"""Contrast, as WCAG AA asks for it, in light and dark; families told apart without colour."""

import numpy as np
import pytest
from samples import codebook

from supervise.domain.recall import StoppedBy
from supervise.ui.colors import contrast, mixed
from supervise.ui.patterns import edge_color, fill_color, ink_color, ink_mask
from supervise.ui.recall_lines_paint import HEARD_DARK, HEARD_EDGE, HEARD_LIGHT, STOP_SHADE
from supervise.ui.stop_badges import stop_color
from supervise.ui.theme import DARK, LIGHT, Colors

LOOKS = pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
TEXT = ("text", "muted", "accent", "danger", "warn", "good", "voice_a", "voice_b", "voice_other")
GROUNDS = ("window", "surface")


@LOOKS
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_text_can_be_read(look: Colors, ground: str, text: str) -> None:
    assert contrast(getattr(look, text), getattr(look, ground)) >= 4.5


@LOOKS
def test_text_on_coloured_grounds_can_be_read(look: Colors) -> None:
    pairs = [
        (look.on_accent, look.accent),
        (look.on_accent, look.accent_hover),
        (look.text, look.accent_soft),
        (look.muted, look.accent_soft),
        (look.warn, look.warn_soft),
        (look.on_word, look.word),
        (look.text, look.hit),
        (look.muted, look.sunken),
        (look.muted, look.pause),
        (look.on_danger, look.danger),
    ]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


@LOOKS
def test_shapes_can_be_seen(look: Colors) -> None:
    shapes = [(look.control, look.surface), (look.focus, look.window), (look.playhead, look.surface)]
    shapes += [(look.wave_core, look.surface), (look.focus, look.surface), (look.accent, look.sunken)]
    shapes += [(edge_color(family, look), look.surface) for family in codebook().families]
    assert [pair for pair in shapes if contrast(*pair) < 3] == []


@LOOKS
@pytest.mark.parametrize("who", StoppedBy)
def test_stops_of_a_recall_can_be_seen_and_their_letters_read(look: Colors, who: StoppedBy) -> None:
    shade, heard = stop_color(who, look), HEARD_DARK if look.dark else HEARD_LIGHT
    grounds = (look.window, look.surface, mixed(look.window, look.wave_core, heard))
    assert min(contrast(shade, ground) for ground in grounds) >= 3
    assert contrast(look.surface, shade) >= 4.5
    stopped = mixed(look.surface, shade, STOP_SHADE)
    assert contrast(mixed(look.wave_core, shade, STOP_SHADE), stopped) >= 3


@LOOKS
def test_what_was_heard_has_edges_that_can_be_seen(look: Colors) -> None:
    assert contrast(mixed(look.window, look.wave_core, HEARD_EDGE), look.window) >= 3


@LOOKS
def test_patterns_show_on_their_fill(look: Colors) -> None:
    patterned = [family for family in codebook().families if ink_mask(family.pattern, 1).any()]
    assert len(patterned) >= 4
    for family in patterned:
        assert contrast(ink_color(family, look), fill_color(family, look)) >= 2


def test_patterns_differ_in_shape() -> None:
    masks = [ink_mask(name, 2) for name in ("solid", "diag", "cross", "dots")]
    for number, one in enumerate(masks):
        for other in masks[number + 1 :]:
            assert np.mean(one != other) > 0.1
