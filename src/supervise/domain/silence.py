"""Silence in a stop of a recall: how long nobody has spoken, and when an inquirer may be reminded of it.

Nobody's silence is judged: in a recall it is often where something comes back. A nudge is given only
where it was asked for, once a stop.
"""

from dataclasses import dataclass

SPEECH_OVER_DB = 10.0  # a voice stands out from the room by this much
LIKELY_ROOM_DB = -50.0  # at most, until more is known: whoever speaks at first is no room
LEAST_SPEECH_DB = -60.0  # what is quieter on average is no voice at a microphone that is any use
RISE_DB_A_S = 1.0  # how fast the room is taken to have become louder; quieter, at once


@dataclass(frozen=True, slots=True)
class Silence:
    """What has been heard since the tape came to stand; times in seconds of any one clock.

    `room_db` is the level of the room when nobody speaks, as far as is known; `heard_s` is when a voice was
    heard last (or the tape came to stand); `looked_s` is the last look.
    """

    heard_s: float
    looked_s: float
    room_db: float | None = None

    def after(self, now_s: float, level_db: float) -> "Silence":
        """Return the silence after one more look, at which the level since the last was `level_db`."""
        known_db = LIKELY_ROOM_DB if self.room_db is None else self.room_db
        room_db = min(level_db, known_db + RISE_DB_A_S * max(0.0, now_s - self.looked_s))
        voice = level_db >= max(LEAST_SPEECH_DB, room_db + SPEECH_OVER_DB)
        return Silence(now_s if voice else self.heard_s, now_s, room_db)

    @property
    def quiet_s(self) -> float:
        """For how long nobody has spoken."""
        return max(0.0, self.looked_s - self.heard_s)


def nudge_words(quiet_s: float) -> str:
    """Say that it has been quiet, in words that push nobody."""
    minutes, seconds = divmod(round(quiet_s), 60)
    parts = [f"{minutes} min"] * bool(minutes) + [f"{seconds} s"] * bool(seconds or not minutes)
    return f"Quiet for {' '.join(parts)}. There is time: wait, ask with a card, or go on."
