"""The rules of the house that no linter knows: sizes, rooms, words, and what must never be written."""

import ast
import functools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "supervise"
MOST_LINES = 400
MOST_STATEMENTS = 30
MOST_ADR_LINES = 40
# Broad handlers that keep an error: a cleanup that ends in `raise` is free, these carry or show it.
CRASH_HOOKS = {
    "src/supervise/ui/crash.py",  # shows a bug to the person instead of closing the window
    "src/supervise/ui/jobs.py",  # carries what a job raised to the window's thread
    "src/supervise/app/background.py",  # carries what a job raised to the thread that asked for it
}
# Where a person asks for the network by name: `supervise models add`.
NETWORK_ROOMS = {"src/supervise/speech/model_sources.py"}
NETWORK_LIBRARIES = {
    "aiohttp",
    "ftplib",
    "http",
    "httpx",
    "huggingface_hub",
    "requests",
    "socket",
    "urllib",
    "urllib3",
}
PICKLING = {"cloudpickle", "dill", "joblib", "marshal", "multiprocessing", "pickle", "shelve"}
PROGRAMS = ["src", "tests", "benchmarks", "scripts"]
SKIPS = re.compile(r"(pytest\.)?(importorskip|skip|mark\.skip|mark\.skipif)")
INSTALL_WORDS = re.compile(r"install|make setup|needs (linux|root)", re.IGNORECASE)
# Written in two halves, so that this file does not name them either.
REGISTRY_HOSTS = [
    "pypi." + "org",
    "python" + "hosted",
    "deb." + "debian",
    "registry." + "npmjs",
    "snapshot." + "debian",
]
MACHINE_PATHS = ["/work/" + "main", "/work/" + "shared", "/root/" + "."]


def _files(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@functools.cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), _name(path))


@pytest.fixture(scope="module", autouse=True)
def trees_let_go() -> Iterator[None]:
    """Keep the parsed program no longer than for this file: whoever looks at all objects looks at it too."""
    yield
    _tree.cache_clear()


def _trees(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for path in _files(*folders):
        yield _name(path), _tree(path)


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _importers(libraries: set[str], *folders: str) -> list[str]:
    return [
        f"{name} imports {imported}"
        for name, tree in _trees(*folders)
        for imported in _imports(tree)
        if imported.split(".")[0] in libraries
    ]


def _statements(function: ast.AST) -> int:
    count, waiting = 0, list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        count += isinstance(node, ast.stmt) and not docstring
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return count


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func)


def test_no_file_is_over_the_cap():
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _files(*PROGRAMS)}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_function_is_too_long():
    long = [
        f"{name}:{node.lineno} {node.name} has {_statements(node)} statements"
        for name, tree in _trees(*PROGRAMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _statements(node) > MOST_STATEMENTS
    ]
    assert long == []


def test_no_broad_except_outside_the_crash_hooks():
    broad = [
        f"{name}:{node.lineno}"
        for name, tree in _trees(*PROGRAMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or re.search(r"\b(Exception|BaseException)\b", ast.unparse(node.type)))
        and name not in CRASH_HOOKS
        and ast.unparse(node.body[-1]) != "raise"
    ]
    assert broad == []


def test_nothing_is_pickled_or_evaluated():
    assert _importers(PICKLING, *PROGRAMS) == []
    evaluated = [
        f"{name}:{node.lineno}"
        for name, tree in _trees(*PROGRAMS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _called(node) in {"eval", "exec", "yaml.load", "np.load", "numpy.load"}
    ]
    assert evaluated == []


def test_qt_stays_in_its_room():
    found = _importers({"PySide6", "shiboken6"}, "src")
    assert [line for line in found if not line.startswith("src/supervise/ui/")] == []


def test_the_domain_knows_the_standard_library_only():
    allowed = sys.stdlib_module_names
    strangers = [
        f"{name} imports {imported}"
        for name, tree in _trees("src/supervise/domain")
        for imported in _imports(tree)
        if imported.split(".")[0] not in allowed and not imported.startswith("supervise.domain")
    ]
    assert strangers == []


def test_the_network_has_one_door():
    found = _importers(NETWORK_LIBRARIES, "src")
    assert [line for line in found if line.split(" ")[0] not in NETWORK_ROOMS] == []


def test_no_temporary_files_in_the_program():
    assert _importers({"tempfile"}, "src") == []


def test_names_say_what_things_are():
    vague = re.compile(r"(Manager|Helper|Utils?|Handler)$")
    classes = [
        f"{name}: {node.name}"
        for name, tree in _trees("src")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and vague.search(node.name)
    ]
    modules = [
        _name(path) for path in _files("src") if re.search(r"(manager|helper|utils?|handler)s?$", path.stem)
    ]
    assert classes + modules == []


def test_tests_use_no_mocks_and_no_fixed_waits():
    assert [line for line in _importers({"mock", "unittest"}, "tests") if "mock" in line] == []
    waits = [
        f"{name}:{node.lineno}"
        for name, tree in _trees("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _called(node) in {"time.sleep", "sleep", "qtbot.wait", "QTest.qWait"}
    ]
    assert waits == []


def test_every_skip_names_what_to_install():
    silent = []
    for name, tree in _trees("tests"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and SKIPS.fullmatch(_called(node)):
                words = " ".join(
                    part.value
                    for part in ast.walk(node)
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                )
                if not INSTALL_WORDS.search(words):
                    silent.append(f"{name}:{node.lineno}")
    assert silent == []


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_lock_files_pin_by_version_and_hash_only(lock: Path):
    text = lock.read_text(encoding="utf-8")
    entries = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert entries
    assert all(re.fullmatch(r"[a-z0-9._-]+==[0-9][\w.+-]* \\", line) for line in entries)
    assert text.count("--hash=sha256:") >= len(entries)
    assert not re.search(r"://|find-links|index-url|trusted-host|^-", text, re.MULTILINE)


def _committed() -> list[Path]:
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listing.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_committed_names_a_registry_or_this_machine():
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone: install git and clone the repository to check what is committed")
    words = [word.encode() for word in REGISTRY_HOSTS + MACHINE_PATHS]
    named = [
        f"{_name(path)}: {word.decode()}"
        for path in _committed()
        for word in words
        if word in path.read_bytes()
    ]
    assert named == []


def test_decisions_are_short():
    lengths = {
        _name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.glob("docs/adr/*.md")
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > MOST_ADR_LINES} == {}
