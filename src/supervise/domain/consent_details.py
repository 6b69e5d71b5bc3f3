"""What a consent record says besides its scopes: the form, who signed how, capacity, who else is heard."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from supervise.domain.errors import UsageError

SIGNER_ROLES = ("client", "guardian", "interpreter", "representative")
METHODS = ("paper", "screen", "spoken", "correction")
KEPT_KINDS = ("sound", "transcript", "moments", "recall")
_DAYS = ("valid_from", "review_on", "adult_on")
_CODE = re.compile(r"[^=]{1,40}")


@dataclass(frozen=True, slots=True)
class ConsentDetails:
    """The rest of a record; everything may be left out.

    `form` is the text that was signed, `form_sha256` the hash of its bytes. `audible` are others who are
    heard (partner, group, interpreter), each code with `granted` or `refused`. `assent` is a minor's own
    answer, `adult_on` the day from which the client must be asked anew. `keep_days` says per kind of thing
    how many days after the meeting (a recall: after it) it may be kept. `spoken_at` is
    `SESSION@MILLISECONDS`, where the consent was spoken. `takes_back` is the id of a record of a
    withdrawal that was a mistake.
    """

    form: str = ""
    form_sha256: str = ""
    language: str = ""
    signer_role: str = "client"
    method: str = ""
    witness: str = ""
    capacity: str = ""
    minor: bool = False
    assent: bool | None = None
    guardian: str = ""
    adult_on: date | None = None
    valid_from: date | None = None
    review_on: date | None = None
    audible: tuple[tuple[str, str], ...] = ()
    keep_days: tuple[tuple[str, int], ...] = ()
    spoken_at: str = ""
    takes_back: str = ""
    note: str = ""

    def missing(self, signed_on: date, today: date) -> str:
        """Say why this record cannot cover anything although its scope was granted; empty when it can."""
        refused = [code for code, answer in self.audible if answer != "granted"]
        if refused:
            return f"{', '.join(refused)} can be heard too and has not agreed."
        if self.minor and self.assent is False:
            return "the child did not agree."
        if self.minor and not self.guardian:
            return "the client is a minor, and no guardian has signed."
        if self.adult_on is not None and signed_on < self.adult_on <= today:
            return f"the client came of age on {self.adult_on} and must be asked anew."
        return ""

    def plain(self) -> dict[str, Any]:
        """Return what is not left out as JSON-able values; `details_from_plain` reads it back."""
        blank = asdict(ConsentDetails())
        values = {name: value for name, value in asdict(self).items() if value != blank[name]}
        for name in _DAYS:
            if name in values:
                values[name] = values[name].isoformat()
        for name in ("audible", "keep_days"):
            if name in values:
                values[name] = dict(values[name])
        return values


def details_from_plain(plain: Mapping[str, Any]) -> ConsentDetails:
    """Read what `plain` wrote; unknown keys are ignored, so that newer records stay readable."""
    known = {field.name for field in fields(ConsentDetails)}
    values = {name: value for name, value in plain.items() if name in known}
    for name in _DAYS:
        if name in values:
            values[name] = date.fromisoformat(values[name])
    for name in ("audible", "keep_days"):
        if name in values:
            values[name] = tuple(sorted(values[name].items()))
    return ConsentDetails(**values)


def form_hash(form: bytes) -> str:
    """Return the SHA-256 of a form's bytes, as the record and the certificate give it."""
    return hashlib.sha256(form).hexdigest()


def check_details(details: ConsentDetails) -> None:
    """Raise UsageError for a record that contradicts itself."""
    if details.signer_role not in SIGNER_ROLES:
        raise UsageError(f"Who signed is one of: {', '.join(SIGNER_ROLES)}.")
    if details.method and details.method not in METHODS:
        raise UsageError(f"The way of signing is one of: {', '.join(METHODS)}.")
    if details.minor and details.signer_role == "client":
        raise UsageError("A guardian signs for a minor: add --signer-role guardian.")
    for code, answer in details.audible:
        if not _CODE.fullmatch(code) or not code.isprintable() or answer not in ("granted", "refused"):
            raise UsageError(f"“{code}={answer}” should look like P-2=granted or P-2=refused.")
    for kind, days in details.keep_days:
        if kind not in KEPT_KINDS or not 0 <= days <= 36_525:
            raise UsageError(f"“{kind}={days}” should look like sound=90; kinds: {', '.join(KEPT_KINDS)}.")
