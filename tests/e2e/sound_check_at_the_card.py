"""The sound check of a recall between two devices of a real card; prints what it found.

sound_check_at_the_card.py MICROPHONE LOUDSPEAKER
"""

import json
import sys
import threading

from supervise.app.recall_sound_check import RecallSoundCheck
from supervise.bootstrap import Services


def main() -> None:
    """Check, and say what was found."""
    services, pause = Services.default(), threading.Event()
    microphone, loudspeaker = sys.argv[1:]
    check = RecallSoundCheck(services.make_input(microphone), services.make_output(loudspeaker))
    found = None
    while found is None:
        pause.wait(0.05)
        check.levels()
        found = check.poll()
    sys.stdout.write(json.dumps({"leaks": found.leaks, "db": found.leaked_db, "peak_db": found.peak_db}))


if __name__ == "__main__":
    main()
