"""Kill -9 at random moments over everything that writes: nothing acknowledged may be lost.

SOAK_ROUNDS is the number of kills (200), SOAK_ONLY a list of kinds, SOAK_MODEL a model's name or `fake`.
"""

import os
import shutil
import sys

from ground import Count, add_transcript, bring_in, new_vault, say, size, speech, spoken, workplace
from kill_keys import KeysTrial
from kill_media import BackupTrial, ImportTrial
from kill_moments import MomentsTrial
from kill_speech import SpeechTrial

SHARES = {"import": 0.225, "mark": 0.325, "transcribe": 0.2, "keys": 0.125, "backup": 0.125}


def main() -> int:
    """Kill as often as wanted and count."""
    count = Count("kill")
    only = [name for name in os.environ.get("SOAK_ONLY", "").split(",") if name] or list(SHARES)
    rounds = size(200)
    with workplace() as folder:
        template = folder / "template"
        desk = new_vault(template)
        source = speech("libri_p1.flac", "libri_p2.flac", "libri_s1.flac")[0]
        session = bring_in(desk, source, "Monday")
        add_transcript(desk, session, spoken("one two three four five six seven " * 20))
        desk.close()
        trials = {
            "import": ImportTrial,
            "mark": MomentsTrial,
            "transcribe": SpeechTrial,
            "keys": KeysTrial,
            "backup": BackupTrial,
        }
        for name in only:
            wanted = max(1, round(rounds * SHARES[name])) if len(only) > 1 else rounds
            place = folder / name
            place.mkdir()
            shutil.copytree(template, place / "vault")
            trial = trials[name](count, place, session)
            trial.prepare()
            for number in range(wanted):
                trial.once(number)
                count.add("kills")
                count.add(f"kills_{name}")
                if number % 10 == 9:
                    say(f"{name}: {number + 1} of {wanted} killed, {len(count.failures)} failures")
            trial.conclude()
            shutil.rmtree(place)
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
