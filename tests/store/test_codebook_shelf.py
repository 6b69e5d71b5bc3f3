"""The codebook a vault has: the shipped one goes on with the program, one's own never does."""

from pathlib import Path

from supervise.app.commands import MarkMoment
from supervise.app.workspace import Workspace
from supervise.domain.moments import MomentCode
from workspaces import add_session, default_codebook

ADDED = ("ip.judged", "ip.taught", "ip.interpreted")


def shipped_before() -> str:
    """The text of version 1.0.0, which differs by its number and three codes."""
    lines = default_codebook().replace("  version: 1.1.0\n", "  version: 1.0.0\n").splitlines(keepends=True)
    return "".join(line for line in lines if not any(f"{{id: {code}," in line for code in ADDED))


def test_an_unchanged_codebook_of_an_earlier_program_gives_way(workspace: Workspace) -> None:
    session = add_session(workspace)
    workspace.store.codebooks.put("supervise-default@1.0.0", shipped_before())
    assert workspace.codebook().version == "1.1.0"
    assert workspace.codebook().code("ip.taught").label == "Inquirer taught"
    workspace.execute(MarkMoment(session, 1000, (MomentCode("wf.flag"),)))
    assert workspace.moments(session)[0].codebook == "supervise-default@1.1.0"
    old = workspace.codebooks.by_key("supervise-default@1.0.0")
    assert (old.version, len(old.codes)) == ("1.0.0", len(workspace.codebook().codes) - 3)


def test_a_codebook_somebody_changed_stays(workspace: Workspace, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(shipped_before().replace("label: Feeling recalled", "label: Affect"), encoding="utf-8")
    workspace.codebooks.load(mine)
    assert workspace.codebook().version == "1.0.0"
    assert workspace.codebook().code("ip.affect").label == "Affect"
