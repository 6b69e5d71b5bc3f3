"""`recall cards`, the words of a card that was used, and the nudge, as scripts see them."""

from pathlib import Path
from typing import Any

from test_recall_terminal import DEVICES, Room, acknowledged, room
from test_terminal import Call, call, services, session, sound, vault

__all__ = ["call", "room", "services", "session", "sound", "vault"]


def test_cards_are_listed_saved_changed_loaded_and_the_standard_comes_back(
    call: Call, vault: Path, tmp_path: Path
) -> None:
    found = call("recall", "cards", vault).json
    assert (found["cards_id"], found["version"], found["standard"]) == ("supervise-default", "1.0.0", True)
    assert found["groups"][0] == {"group": "affect", "label": "Affect"}
    assert found["cards"][0] == {
        "card": "affect.feel",
        "group": "affect",
        "key": "F",
        "text": "What did you feel there?",
        "used": 0,
    }
    file = tmp_path / "cards.yaml"
    assert call("recall", "cards", vault, "--save", file).code == 0
    assert call("recall", "cards", vault, "--save", file).code == 2
    assert call("recall", "cards", vault, "--save", file, "--force").code == 0
    text = file.read_text("utf-8").replace("What did you feel there?", "Was haben Sie da gespürt?")
    file.write_text(text.replace("id: supervise-default", "id: praxis").replace("'1.0.0'", "2"), "utf-8")
    file.write_text(file.read_text("utf-8").replace("version: 1.0.0", "version: 2"), "utf-8")
    own = call("recall", "cards", vault, "--load", file).json
    assert (own["cards_id"], own["version"], own["standard"]) == ("praxis", "2", False)
    assert call("recall", "cards", vault).json == own
    words = call("recall", "cards", vault, as_json=False).out
    assert words.splitlines()[:3] == [
        "praxis@2",
        "1 Affect",
        "  F  affect.feel            Was haben Sie da gespürt?",
    ]
    assert call("recall", "cards", vault, "--standard").json == found
    assert call("recall", "cards", vault, "--standard", "--load", file).code == 2


def test_a_file_with_mistakes_is_refused_line_by_line(call: Call, vault: Path, tmp_path: Path) -> None:
    file = tmp_path / "cards.yaml"
    file.write_text("prompts: {id: x, version: 1}\ngroups:\n  - {id: a}\ncards: []\n", "utf-8")
    said = call("recall", "cards", vault, "--load", file)
    assert said.code != 0
    assert "line 3: a group needs “label”." in said.err
    assert call("recall", "cards", vault).json["standard"]


def test_a_card_that_was_used_is_shown_with_its_words_and_an_unknown_one_is_noted_with_a_warning(
    call: Call, vault: Path, session: str, room: Room, tmp_path: Path
) -> None:
    script = tmp_path / "commands"
    script.write_text("@1 stop recaller\nprompt our.own\nprompt body.tell\n@1.3 end\n")
    said = call("recall", "start", vault, session, "--kind", "therapist", *DEVICES, "--commands", script)
    assert said.code == 0, said.err
    told = acknowledged(said.err)
    assert [line["done"] for line in told] == [
        "ready",
        "stop recaller",
        "prompt our.own",
        "prompt body.tell",
        "end",
    ]
    assert said.err.count("No prompt card is called “our.own”") == 1
    assert "called “body.tell”" not in said.err
    recall: dict[str, Any] = call("recall", "show", vault, said.json["recall"]).json
    stop = recall["stops"][0]
    assert (stop["prompt"], stop["prompt_words"]) == ("body.tell", "Did your body tell you anything?")
    assert stop["prompts"] == ["our.own", "body.tell"]
    in_words = call("recall", "show", vault, said.json["recall"], as_json=False).out
    assert "[Did your body tell you anything?]" in in_words
    used = {card["card"]: card["used"] for card in call("recall", "cards", vault).json["cards"]}
    assert (used["body.tell"], used["affect.feel"]) == (1, 0)


def test_a_nudge_comes_once_when_it_was_asked_for(
    call: Call, vault: Path, session: str, room: Room, tmp_path: Path
) -> None:
    room.quiet_after_s = 1.0
    script = tmp_path / "commands"
    script.write_text("@1 stop recaller\n@8 end\n")
    start = ("recall", "start", vault, session, "--kind", "therapist", *DEVICES, "--commands", script)
    said = call(*start, "--nudge", "5")
    assert said.code == 0, said.err
    assert said.err.count("Quiet for 5 s.") == 1
    assert call("recall", "show", vault, said.json["recall"]).json["setup"]["nudge_s"] == 5
    refused = call(*start, "--nudge", "3")
    assert refused.code == 2
    assert "Nudge after 5 to 600 seconds of silence, or never." in refused.err
