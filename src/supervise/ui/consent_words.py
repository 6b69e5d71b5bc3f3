"""How the consent pages say records, answers and decisions."""

from datetime import date

from supervise.app.client_page import CopyOut, Decision, Part
from supervise.domain.consent import ConsentRecord
from supervise.domain.consent_details import ConsentDetails
from supervise.domain.consent_overview import ENDED, GRANTED, Standing, scopes_words, use_words
from supervise.domain.times import day_words

SIGNERS = {
    "client": "the client",
    "guardian": "a guardian",
    "interpreter": "an interpreter",
    "representative": "a representative",
}
METHODS = {"": "not noted", "paper": "on paper", "screen": "on screen", "spoken": "spoken, on the recording"}
KINDS = {
    "sound": "the sound",
    "transcript": "the transcripts",
    "moments": "the moments and notes",
    "recall": "the recalls",
}
RECALLED = {
    "recall": ("recall", "recalls"),
    "interview": ("interview", "interviews"),
    "series": ("rating", "ratings"),
}
COPIES = {
    "backup": "a backup of the vault",
    "subject_access": "what the client was given",
}
PARTS = {
    "owner": "therapist of the case",
    "supervisor": "supervisor",
    "group": "member of the group",
    "trainee": "trainee, for training and teaching",
    "researcher": "researcher in the study",
    "inquirer": "inquirer in a recall",
    "client": "the client, for their own recall",
}
BACKUPS = (
    "Backups made before this still hold everything, and open with the passphrase of that time. Nothing done "
    "here reaches them: destroy them where they are, and make a new one."
)


def capital(words: str) -> str:
    """Return words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def standing_cells(entry: Standing) -> tuple[str, str, str]:
    """Return use, answer, and when: three cells of the page's table."""
    when = f"since {day_words(entry.signed_on)}" if entry.signed_on else ""
    if entry.until and entry.state in (GRANTED, ENDED):
        when = f"until {day_words(entry.until)}"
    return capital(use_words(entry.grant)), entry.state, when


def record_words(record: ConsentRecord) -> str:
    """Say a whole record, a line for each thing."""
    details = record.details
    lines = [day_words(record.signed_on)]
    for verb, scopes in (
        ("Agreed", record.granted),
        ("Refused", record.refused),
        ("Withdrawn", record.withdrawn),
    ):
        if scopes:
            lines.append(f"{verb}: {scopes_words([str(grant) for grant in record.grants(scopes)])}")
    if details.takes_back:
        lines.append("A withdrawal made by mistake was taken back; what was agreed before holds again.")
    if record.granted or record.refused:
        lines.append(_signed(details))
    if record.granted:
        lines.append(_holds(record))
    lines += _persons(details)
    if details.form_sha256:
        lines.append(f"Form: SHA-256 {details.form_sha256[:16]}…{_form_note(details)}")
    if details.keep_days:
        kept = ", ".join(f"{KINDS[kind]} {days} days" for kind, days in details.keep_days)
        lines.append(f"Kept at most: {kept}")
    if details.note:
        lines.append(f"Note: {details.note}")
    return "\n".join(lines)


def _signed(details: ConsentDetails) -> str:
    how = METHODS.get(details.method, details.method) if details.method else "how is not noted"
    words = f"Signed by {SIGNERS[details.signer_role]}, {how}"
    if details.witness:
        words += f", with {details.witness} there"
    return words


def _holds(record: ConsentRecord) -> str:
    words = f"Holds from {day_words(record.starts_on)}"
    if record.expires_on:
        words += f" until {day_words(record.expires_on)}"
    if record.details.review_on:
        words += f"; to be talked about again on {day_words(record.details.review_on)}"
    return words


def _persons(details: ConsentDetails) -> list[str]:
    lines = []
    if details.capacity:
        lines.append(f"Able to decide: {details.capacity}")
    if details.minor:
        agreed = {True: "the child agreed too", False: "the child did not agree"}.get(
            details.assent,  # type: ignore[arg-type]
            "the child was not asked",
        )
        lines.append(f"A minor; {agreed}; guardian {details.guardian or 'not noted'}")
    if details.adult_on:
        lines.append(f"Comes of age on {day_words(details.adult_on)}")
    if details.audible:
        heard = ", ".join(
            f"{code} ({'agrees' if a == 'granted' else 'refuses'})" for code, a in details.audible
        )
        lines.append(f"Also heard: {heard}")
    if details.spoken_at:
        lines.append("Spoken at the beginning of a session, and kept there as a moment")
    return lines


def _form_note(details: ConsentDetails) -> str:
    language = f", in {details.language}" if details.language else ""
    return f" (text kept{language})" if details.form else f" (a scan, kept by you{language})"


def decision_words(entry: Decision, today: date) -> str:
    """Say a decision and what becomes of it."""
    what = {
        "retention": "The time for keeping was over",
        "portion": "A portion was deleted",
        "recall": "A recall was destroyed",
    }.get(entry.kind, f"Withdrawn: {scopes_words(entry.scopes)}")
    return f"{day_words(entry.decided_on)}  {what}. {_fate(entry, today)}"


def _fate(entry: Decision, today: date) -> str:
    if entry.kind == "taken_back":
        return "Taken back."
    if entry.destroyed_on is not None:
        gone = entry.goes or entry.kind == "portion"
        return f"Destroyed on {day_words(entry.destroyed_on)}." if gone else "Done."
    if entry.kind == "restrict":
        return "Locked and kept."
    if entry.held:
        return "Locked. A legal hold keeps it from being destroyed."
    if not entry.goes:
        return "No longer used for that; nothing is destroyed, since something else agreed to allows it."
    left = (entry.due_on - today).days if entry.due_on else 0
    days = "today" if left <= 0 else ("tomorrow" if left == 1 else f"in {left} days")
    on = f", on {day_words(entry.due_on)}" if entry.due_on else ""
    return f"Locked. Destroyed for good {days}{on}; until then it can be taken back."


def copy_words(entry: CopyOut) -> str:
    """Say a copy that left."""
    what = COPIES.get(entry.kind, f"{entry.kind.upper()} of a session")
    to = f", for {entry.recipient}" if entry.recipient and entry.kind != "subject_access" else ""
    return f"{day_words(entry.made_on)}  {capital(what)}{to}: {entry.place}"


def part_words(entry: Part) -> str:
    """Say somebody's part in the case."""
    word, _, name = entry.part.partition("=")
    until = f", until {day_words(entry.until_on)}" if entry.until_on else ""
    return f"{entry.person}: {PARTS[word]}{f' {name}' if name else ''}{until}"
