"""Text made safe for formats that cannot hold every character: control characters, line ends, cells."""

import re

_LINE_ENDS = re.compile(r"\r\n|[\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\n]")


def lines(text: str) -> str:
    """Return the text with every kind of line end as a newline, and U+FFFD for what no file should hold."""
    return _UNFIT.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """Return the text on one line: runs of white space and line ends become single spaces."""
    return " ".join(lines(text).split())


def cell(text: str) -> str:
    """Return the text for a spreadsheet cell: never a formula (an apostrophe is put before one).

    Guards the characters OWASP names for CSV injection (=, +, -, @, tab, line end), also behind white
    space and in their full-width forms.
    """
    kept = lines(text)
    return f"'{kept}" if _FORMULA.match(kept) else kept
