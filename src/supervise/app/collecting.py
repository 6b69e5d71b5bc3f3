"""Python's garbage collection: a full one stops every thread, the sound's too, for as long as it looks."""

import gc


def hold() -> None:
    """Collect nothing while the program is put together: next to nothing made then is garbage."""
    gc.disable()


def settle() -> None:
    """Collect from now on, but never look again at what the program is made of.

    That is most of what there is: a full collection takes a tenth of the time. How often Python collects
    stays as it is, for the frequent small collections are short, and larger ones would not be.
    """
    gc.freeze()
    gc.enable()
