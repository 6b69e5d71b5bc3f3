"""The text formats a session can be taken out as, by the word that names them."""

from collections.abc import Callable, Mapping

from supervise.exchange.content import SessionContent, TakenOut
from supervise.exchange.moments import write_csv
from supervise.exchange.session_json import write_json
from supervise.exchange.transcripts import write_srt, write_txt, write_vtt

TEXT_FORMATS: Mapping[str, Callable[[SessionContent], TakenOut]] = {
    "txt": write_txt,
    "vtt": write_vtt,
    "srt": write_srt,
    "csv": write_csv,
    "json": write_json,
}
