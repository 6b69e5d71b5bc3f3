"""The form a client signed, read from a file: its text if it is one, and its hash in any case."""

from pathlib import Path

from supervise.domain.consent_details import form_hash
from supervise.domain.errors import NotReadableError
from supervise.exchange.small_files import read_small

MOST_FORM_BYTES = 1_048_576


def read_form(path: Path) -> tuple[str, str]:
    """Return the form's text (empty for a scan, of which only the hash is kept) and SHA-256.

    Raises NotReadableError.
    """
    form = read_small(path, MOST_FORM_BYTES, f"The form {path}", "Choose its text, or its scan.")
    if not form:
        raise NotReadableError(f"The form {path} is empty.")
    try:
        text = form.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    return text, form_hash(form)
