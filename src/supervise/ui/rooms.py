"""What a person records with in each room: how many microphones and which, kept in the vault's settings."""

from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from supervise.ui.settings import Settings


class Way(StrEnum):
    """How many devices hear, and on which side."""

    ONE = "one"
    SIDES = "sides"  # one device with two channels
    TWO = "two"
    REMOTE = "remote"  # a microphone, and what the computer plays


WAY_WORDS = {
    Way.ONE: "One microphone",
    Way.SIDES: "One device, left and right",
    Way.TWO: "Two microphones",
    Way.REMOTE: "Microphone and the call",
}
SECOND_WORDS = {Way.TWO: "For the c&lient", Way.REMOTE: "Sound of the ca&ll"}
FIRST_WORDS = {Way.TWO: "For the therap&ist", Way.REMOTE: "Your m&icrophone"}
SIDES = {
    Way.ONE: ("",),
    Way.SIDES: ("Left: therapist", "Right: client"),
    Way.TWO: ("Therapist", "Client"),
    Way.REMOTE: ("You", "The call"),
}

RECALL_MICROPHONE, RECALL_LOUDSPEAKER = "recall_microphone", "recall_loudspeaker"


@dataclass(frozen=True, slots=True)
class Room:
    """One room: `device` and `second` are names of input devices (`second` where the way has one)."""

    name: str = ""
    way: str = Way.ONE.value
    device: str = ""
    second: str = ""

    @property
    def channels(self) -> int:
        """How many channels are recorded."""
        return 1 if self.way == Way.ONE else 2

    @property
    def sides(self) -> tuple[str, ...]:
        """Who is on which channel, in words."""
        return SIDES[Way(self.way)]


def rooms_of(settings: Settings) -> dict[str, Room]:
    """Return the rooms that are known, by name."""
    return {name: _room(name, kept) for name, kept in settings.rooms.items()}


def with_room(settings: Settings, room: Room) -> Settings:
    """Return settings that remember a room, as the one used last."""
    kept: dict[str, Any] = asdict(room)
    kept.pop("name")
    return _keeping(settings, room.name, kept)


def recall_devices(settings: Settings, room: str) -> tuple[str, str]:
    """Return microphone and loudspeaker last used for a recall in a room; empty where nothing is known."""
    kept = settings.rooms.get(room, {})
    return kept.get(RECALL_MICROPHONE, ""), kept.get(RECALL_LOUDSPEAKER, "")


def with_recall_devices(settings: Settings, room: str, microphone: str, loudspeaker: str) -> Settings:
    """Return settings that remember what a recall was held with in a room, as the one used last."""
    return _keeping(settings, room, {RECALL_MICROPHONE: microphone, RECALL_LOUDSPEAKER: loudspeaker})


def _keeping(settings: Settings, room: str, values: dict[str, Any]) -> Settings:
    kept = {**settings.rooms.get(room, {}), **values}
    return replace(settings, room=room, rooms={**settings.rooms, room: kept})


def _room(name: str, kept: dict[str, str]) -> Room:
    known = {entry.name for entry in fields(Room)}
    values = {key: value for key, value in kept.items() if key in known and key != "name"}
    if values.get("way") not in set(Way):
        values["way"] = Way.ONE.value
    return Room(name, **values)
