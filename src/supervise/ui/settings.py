"""What a person can set in the window, with sensible beginnings and limits."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from supervise.ui.theme import Mode


@dataclass(frozen=True, slots=True)
class Settings:
    """Times in milliseconds and minutes; `keys` holds only what differs from the given keys.

    `output` is the device that plays (empty: the system's), `rooms` what is recorded with in each room.
    """

    look: str = Mode.SYSTEM.value
    reaction_lag_ms: int = 2000
    pre_roll_ms: int = 2000
    lock_minutes: int = 10
    live_lag_ms: int = 2500
    output: str = ""
    room: str = ""
    rooms: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the values as JSON can hold them."""
        return asdict(self)

    def with_key(self, name: str, keys: str | None) -> "Settings":
        """Return settings in which an action has other keys; None gives the given ones back."""
        chosen = {**self.keys}
        chosen.pop(name, None)
        if keys is not None:
            chosen[name] = keys
        return replace(self, keys=chosen)


LIMITS = {
    "reaction_lag_ms": (0, 10_000),
    "pre_roll_ms": (0, 30_000),
    "lock_minutes": (1, 240),
    "live_lag_ms": (0, 10_000),
}


def settings_from(kept: dict[str, Any]) -> Settings:
    """Read stored settings; what does not fit falls back to the beginning value."""
    base = Settings()
    values: dict[str, Any] = {}
    for name, (least, most) in LIMITS.items():
        value = kept.get(name, getattr(base, name))
        values[name] = min(max(value, least), most) if isinstance(value, int) else getattr(base, name)
    look = kept.get("look", base.look)
    values["look"] = look if look in set(Mode) else base.look
    for name in ("output", "room"):
        values[name] = str(kept.get(name, ""))
    values["rooms"] = _rooms(kept.get("rooms"))
    keys = kept.get("keys", {})
    if isinstance(keys, dict):
        values["keys"] = {str(name): str(held) for name, held in keys.items()}
    return Settings(**values)


def _rooms(kept: object) -> dict[str, dict[str, str]]:
    if not isinstance(kept, dict):
        return {}
    return {
        str(room): {str(key): str(value) for key, value in entry.items()}
        for room, entry in kept.items()
        if isinstance(entry, dict)
    }
