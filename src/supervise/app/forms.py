"""The form a client signed, read from a file: its text if it is one, and its hash in any case."""

from pathlib import Path

from supervise.domain.consent_details import form_hash
from supervise.domain.errors import NotReadableError

MOST_FORM_BYTES = 1 << 20


def read_form(path: Path) -> tuple[str, str]:
    """Return the form's text (empty for a scan, of which only the hash is kept) and SHA-256.

    Raises NotReadableError.
    """
    try:
        with path.open("rb") as stream:
            form = stream.read(MOST_FORM_BYTES + 1)
    except OSError as error:
        raise NotReadableError(f"The form {path} cannot be read.") from error
    if not form or len(form) > MOST_FORM_BYTES:
        raise NotReadableError(f"The form {path} is empty or larger than 1 MB.")
    try:
        text = form.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    return text, form_hash(form)
