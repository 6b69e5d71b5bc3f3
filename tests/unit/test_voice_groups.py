"""Grouping voice vectors: the right people, also when one hardly speaks."""

import numpy as np
import pytest
from numpy.typing import NDArray

from supervise.speech.voice_groups import average_linkage, group

SIZE = 192
Matrix = NDArray[np.float32]


def spoken(counts: list[int], spread: float = 0.6, seed: int = 3) -> tuple[Matrix, NDArray[np.intp]]:
    """Vectors of people whose centres are nearly at right angles, in mixed order, and whose they are."""
    random = np.random.default_rng(seed)
    owners = random.permutation(np.repeat(np.arange(len(counts)), counts))
    centres = random.normal(size=(len(counts), SIZE))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    vectors = centres[owners] + random.normal(size=(len(owners), SIZE)) * spread / np.sqrt(SIZE)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), owners


@pytest.mark.parametrize(
    "counts", [[20, 20], [200, 5], [3000, 400], [40, 30, 20], [25, 25, 25, 8], [2, 2]], ids=str
)
def test_everybody_keeps_their_own(counts: list[int]) -> None:
    vectors, owners = spoken(counts)
    groups = group(vectors, np.ones(len(vectors), np.float32), len(counts))
    labels = (vectors @ groups.centres.T).argmax(axis=1)
    pairs = set(zip(labels.tolist(), owners.tolist(), strict=True))
    assert len(pairs) == len(counts)
    assert groups.alike < 0.5


def test_one_person_split_in_two_is_much_alike() -> None:
    vectors, _ = spoken([60])
    assert group(vectors, np.ones(60, np.float32), 2).alike > 0.8


def test_a_single_cough_does_not_make_a_voice() -> None:
    vectors, owners = spoken([30, 12, 1])
    groups = group(vectors, np.where(owners == 2, 0.6, 1.0).astype(np.float32), 2)
    labels = (vectors @ groups.centres.T).argmax(axis=1)
    assert len(set(labels[owners == 0])) == len(set(labels[owners == 1])) == 1
    assert labels[owners == 0][0] != labels[owners == 1][0]


def test_fewer_vectors_than_voices_give_fewer_groups() -> None:
    vectors, _ = spoken([1])
    assert group(vectors, np.ones(1, np.float32), 3).centres.shape == (1, SIZE)


def test_identical_vectors_do_not_upset_it() -> None:
    vectors = np.tile(spoken([1])[0], (7, 1))
    groups = group(vectors, np.ones(7, np.float32), 2)
    assert np.isfinite(groups.centres).all()


def test_average_linkage_leaves_as_many_groups_as_asked() -> None:
    vectors, owners = spoken([5, 6, 7])
    labels = average_linkage(vectors, np.ones(18, np.float32), 3)
    assert sorted(set(labels.tolist())) == [0, 1, 2]
    assert len(set(zip(labels.tolist(), owners.tolist(), strict=True))) == 3
