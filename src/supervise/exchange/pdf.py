"""A plain PDF: lines of text on A4 pages in a font every reader has (ISO 32000-1, 7.5 and 9.6.2.2)."""

from collections.abc import Sequence

_LINES_A_PAGE = 52
_HEIGHT, _WIDTH, _MARGIN = 842, 595, 56


def pdf_document(title: str, lines: Sequence[str]) -> bytes:
    """Return a PDF with a title and lines of at most about 95 letters; what Latin-1 lacks is written `?`."""
    rows = list(lines) or [""]
    pages = [rows[at : at + _LINES_A_PAGE] for at in range(0, len(rows), _LINES_A_PAGE)]
    count = len(pages)
    kids = " ".join(f"{5 + 2 * index} 0 R" for index in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Title (" + _escaped(title) + b") >>",
    ]
    for index, page in enumerate(pages):
        content = _content(title if index == 0 else "", page)
        box = f"/MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {6 + 2 * index} 0 R >>".encode())
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects)


def _content(title: str, lines: Sequence[str]) -> bytes:
    parts = [
        b"BT",
        b"/F1 16 Tf",
        b"%d %d Td" % (_MARGIN, _HEIGHT - _MARGIN),
        b"(" + _escaped(title) + b") Tj",
    ]
    parts += [b"/F1 10 Tf", b"0 -28 Td", b"13 TL"]
    parts += [b"(" + _escaped(line) + b") Tj T*" for line in lines]
    return b"\n".join([*parts, b"ET"])


def _escaped(text: str) -> bytes:
    plain = text.encode("cp1252", errors="replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 4 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
    )
    return bytes(out)
