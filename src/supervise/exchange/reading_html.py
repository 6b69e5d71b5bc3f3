"""A reading copy as one HTML file: no scripts, nothing from elsewhere, to be read, heard read or printed."""

from collections.abc import Sequence
from html import escape

from supervise.domain.reading_copy import CopyRow, Fact, Line, LineKind, ReadingCopy, RecallHeading
from supervise.exchange.content import TakenOut
from supervise.exchange.plain_text import lines as fit

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2327; --soft: #525c63; --rule: #c9d0d4; --page: #fff;
  --shade: #f1f4f5; --stop: #7a3b00; --tag: #e4ebee; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaec; --soft: #aab4ba; --rule: #3d474d;
  --page: #15191c; --shade: #1d2327; --stop: #ffb774; --tag: #2b353b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 84rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 "Noto Sans", "Segoe UI", "DejaVu Sans", system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .4rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.heads { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 0 2.5rem; }
header { margin-bottom: 1.2rem; }
.notice { margin: .3rem 0; padding-left: .8rem; border-left: .25rem solid var(--rule); }
.keys { grid-template-columns: minmax(6rem, max-content) 1fr; }
table { width: 100%; table-layout: fixed; border-collapse: collapse; margin-top: 1.5rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: start; vertical-align: top; padding: .5rem .7rem; border-top: 1px solid var(--rule); }
thead th { border-top: 0; border-bottom: 2px solid var(--ink); overflow-wrap: anywhere; }
tbody th { font-weight: normal; color: var(--soft); font-variant-numeric: tabular-nums; }
tr > th:first-child { padding-left: 0; }
.clock { width: 7.5rem; } td { overflow-wrap: anywhere; }
tr.bare td, tr.bare th { border-top-color: transparent; padding-top: .15rem; padding-bottom: .15rem; }
td.has { background: var(--shade); }
tr.told > * { border-bottom: 1px solid var(--rule); }
p { margin: 0 0 .35rem; } p:last-child { margin-bottom: 0; }
.who { font-weight: 600; } .at { color: var(--soft); font-size: .85em; font-variant-numeric: tabular-nums; }
.mute { color: var(--soft); } .stop { font-weight: 600; color: var(--stop); }
p.said + p.stop, p.over + p.stop, p.nothing + p.stop, p.rating + p.stop { margin-top: .9rem; }
.prompt { font-style: italic; padding-left: .8rem; border-left: .2rem solid var(--rule); }
.tag { display: inline-block; padding: 0 .45em; border: 1px solid var(--rule); border-radius: .3em;
  background: var(--tag); font-size: .85em; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media screen and (max-width: 44rem) { table, caption, tbody, tr, td, tbody th { display: block; }
  thead { display: none; } tr > td, tbody tr > th, tbody tr.told > * { padding: .3rem 0; border: 0; }
  tr.told { margin: .6rem 0; } td:empty { display: none; } td.has { padding: .5rem .7rem; }
  td.has::before { content: attr(data-of); color: var(--soft); font-size: .85em; } }
@page { size: A4; margin: 16mm 14mm 18mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; } }
@media print { :root { --ink: #000; --soft: #444; --rule: #aaa; --page: #fff; --shade: #f3f3f3;
  --stop: #5a2c00; --tag: #fff; } body { font-size: 9.5pt; padding: 0; max-width: none; }
  .clock { width: 5.2rem; }
  thead { display: table-header-group; } tr, .notice, dl { break-inside: avoid; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_reading_html(copy: ReadingCopy) -> TakenOut:
    """Return the copy as UTF-8 HTML. `rows` counts rows of the table."""
    parts = [*_head(copy), *_above(copy), *_table(copy), "</main>\n</body>\n</html>\n"]
    return TakenOut(len(copy.rows), tuple(part.encode("utf-8", "replace") for part in parts))


def _text(text: str) -> str:
    return escape(fit(text))


def _head(copy: ReadingCopy) -> list[str]:
    title = _text(copy.title)
    return [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n',
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
        f"<header>\n<h1>{title}</h1>\n",
    ]


def _above(copy: ReadingCopy) -> list[str]:
    parts = [_facts(copy.facts), '<div class="heads">\n', *map(_heading, copy.recalls), "</div>\n</header>\n"]
    parts.append("<main>\n")
    parts += [f'<p class="notice">{_text(notice)}</p>\n' for notice in copy.notices]
    for title, facts in (("How to read it", copy.legend), ("Prompts used", copy.prompts)):
        if facts:
            parts.append(f"<section>\n<h2>{title}</h2>\n{_facts(facts, 'keys')}</section>\n")
    return parts


def _heading(head: RecallHeading) -> str:
    return f"<section>\n<h2>{_text(head.column)}</h2>\n{_facts(head.facts)}</section>\n"


def _facts(facts: Sequence[Fact], kind: str = "") -> str:
    rows = "".join(f'<dt dir="auto">{_text(f.name)}</dt><dd dir="auto">{_text(f.text)}</dd>\n' for f in facts)
    return f'<dl class="{kind}">\n{rows}</dl>\n' if kind else f"<dl>\n{rows}</dl>\n"


def _table(copy: ReadingCopy) -> list[str]:
    caption = "In the order of the session: its words, and beside them what was recalled about them."
    columns = ["The session", *(head.column for head in copy.recalls)]
    cells = "".join(f'<th scope="col">{_text(name)}</th>' for name in columns)
    parts = [f"<table>\n<caption>{caption}</caption>\n<thead>\n<tr>"]
    parts.append(f'<th scope="col" class="clock">Time</th>{cells}</tr>\n</thead>\n<tbody>\n')
    parts += [_row(row, columns[1:], copy.language) for row in copy.rows]
    parts.append("</tbody>\n</table>\n")
    return parts


def _row(row: CopyRow, columns: Sequence[str], language: str) -> str:
    kind = "told" if any(row.recalled) else "bare"
    session = "".join(_line(line, language, clock=False) for line in row.session)
    cells = "".join(_cell(cell, name, language) for cell, name in zip(row.recalled, columns, strict=True))
    return f'<tr class="{kind}"><th scope="row">{_text(row.clock)}</th><td>{session}</td>{cells}</tr>\n'


def _cell(lines: Sequence[Line], column: str, language: str) -> str:
    inside = "".join(_line(line, language) for line in lines)
    return f'<td class="has" data-of="{_text(column)}">\n{inside}</td>' if lines else "<td></td>"


def _line(line: Line, language: str, *, clock: bool = True) -> str:
    """Return a paragraph; what people said is marked as being in their language."""
    own = f' lang="{_text(language)}"' if language and not line.mute else ""
    who = f'<span class="who">{_text(line.who)}:</span> ' if line.who else ""
    at = f' <span class="at">{_text(line.clock)}</span>' if clock and line.clock and not line.mute else ""
    tags = "".join(f' <span class="tag">{_text(tag)}</span>' for tag in line.tags)
    quoted = f"“{_text(line.text)}”" if line.kind is LineKind.PROMPT else _text(line.text)
    text = f'<span dir="auto"{own}>{quoted}</span>' if line.text else ""
    hint = '<span class="hidden">Prompt: </span>' if line.kind is LineKind.PROMPT else ""
    soft = (LineKind.PAUSE, LineKind.DELETED, LineKind.APART, LineKind.NOTHING, LineKind.RATING)
    kind = f"{line.kind} mute" if line.kind in soft else str(line.kind)
    return f'<p class="{kind}">{who}{hint}{text}{tags}{at}</p>\n'
