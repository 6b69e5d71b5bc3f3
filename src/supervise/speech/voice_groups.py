"""Which voice vectors belong to one person: a given number of groups, found without a library."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Labels = NDArray[np.intp]

_SAMPLE = 600
_SEEDS = 8
_LEAST_GROUP_S = 1.5
_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Groups:
    """One direction a voice (rows of length one); `alike` is the largest cosine between two of them."""

    centres: Matrix
    alike: float


def group(vectors: Matrix, weights: Matrix, count: int) -> Groups:
    """Split `vectors` (rows of length one, heard for `weights` seconds each) among `count` voices.

    Average linkage on a sample gives at most eight seeds. Every choice of `count` seeds is settled by
    spherical k-means and scored by its mean margin (own centre against next best, an imbalance-proof
    silhouette) times the root of its smallest share, so that neither a cough nor a mood makes a voice.
    Fewer vectors than voices give fewer groups; vectors must not be empty.
    """
    count = min(count, len(vectors))
    step = -(-len(vectors) // _SAMPLE)
    sample, sample_weights = vectors[::step], weights[::step]
    if len(sample) < count:
        sample, sample_weights = vectors, weights
    seeds = _seeds(sample, sample_weights, count)
    best, best_score = sample[:count], -1.0
    for chosen in combinations(range(len(seeds)), count):
        centres = _settled(sample, sample_weights, seeds[list(chosen)])
        score = _score(sample, sample_weights, centres)
        if score > best_score:
            best, best_score = centres, score
    centres = _settled(vectors, weights, best)
    return Groups(centres, _largest_likeness(centres))


def _seeds(vectors: Matrix, weights: Matrix, count: int) -> Matrix:
    """Return the centres of the groups that average linkage leaves, without the tiniest ones."""
    labels = average_linkage(vectors, weights, max(_SEEDS, count))
    centres = _centres(vectors, weights, labels, int(labels.max()) + 1)
    sizes = np.bincount(labels, weights)
    order = np.argsort(-sizes, kind="stable")
    large = int((sizes >= _LEAST_GROUP_S).sum())
    return centres[order[: max(count, large)]]


def average_linkage(vectors: Matrix, weights: Matrix, count: int) -> Labels:
    """Join the two most alike groups until `count` are left; likeness is the mean cosine."""
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    sizes = weights.astype(np.float32)
    labels = np.arange(len(vectors))
    for _ in range(len(vectors) - count):
        kept, gone = sorted(divmod(int(likeness.argmax()), len(vectors)))
        size = sizes[kept] + sizes[gone]
        row = (likeness[kept] * sizes[kept] + likeness[gone] * sizes[gone]) / size
        row[[kept, gone]] = -np.inf
        likeness[kept], likeness[:, kept] = row, row
        likeness[gone], likeness[:, gone] = -np.inf, -np.inf
        sizes[kept] = size
        labels[labels == gone] = kept
    return np.unique(labels, return_inverse=True)[1]


def _settled(vectors: Matrix, weights: Matrix, centres: Matrix) -> Matrix:
    """Move the centres by k-means on the sphere until they rest."""
    for _ in range(_ROUNDS):
        labels = (vectors @ centres.T).argmax(axis=1)
        if len(np.unique(labels)) < len(centres):
            return centres
        moved = _centres(vectors, weights, labels, len(centres))
        if np.allclose(moved, centres, atol=1e-5):
            return moved
        centres = moved
    return centres


def _centres(vectors: Matrix, weights: Matrix, labels: Labels, count: int) -> Matrix:
    member = (labels[:, None] == np.arange(count)) * weights[:, None]
    sums = member.T.astype(np.float32) @ vectors
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)


def _score(vectors: Matrix, weights: Matrix, centres: Matrix) -> float:
    if len(centres) < 2:
        return 0.0
    likeness = vectors @ centres.T
    near = np.sort(likeness, axis=1)
    margin = ((near[:, -1] - near[:, -2]) * weights).sum() / weights.sum()
    spoken = np.bincount(likeness.argmax(axis=1), weights, minlength=len(centres))
    return float(margin * np.sqrt(spoken.min() / weights.sum()))


def _largest_likeness(centres: Matrix) -> float:
    likeness = centres @ centres.T
    return max((float(likeness[pair]) for pair in combinations(range(len(centres)), 2)), default=0.0)
