"""A codebook: families of codes with definitions, rating scales and how each is marked."""

from dataclasses import dataclass, field
from enum import StrEnum

from supervise.domain.errors import UsageError
from supervise.domain.ids import CodebookKey


class Kind(StrEnum):
    """The gesture a code expects; it guides the hand and never refuses a mark."""

    POINT = "point"
    SPAN = "span"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Scale:
    """How an attribute is rated: whole numbers, numbers in steps, or one of `values`."""

    scale: str
    type: str
    minimum: float = 0
    maximum: float = 0
    step: float = 1
    values: tuple[str, ...] = ()
    anchors: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """A group of codes drawn in one lane, told apart by colour *and* pattern."""

    family: str
    label: str
    color: str
    pattern: str
    text_color: str = "#ffffff"


@dataclass(frozen=True, slots=True)
class Code:
    """One code; `speakers` are letters.

    C client, T therapist, D both, R recaller, Q inquirer, S supervisor.
    """

    code: str
    family: str
    label: str
    definition: str
    speakers: tuple[str, ...] = ()
    kind: Kind = Kind.EITHER
    audio: str = "ok"
    core: bool = False
    key: str = ""
    rates: tuple[str, ...] = ()
    parent: str = ""
    note: str = ""
    private: bool = False
    form: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A directed link that may join two moments; empty `sources` or `targets` mean any family."""

    relation: str
    label: str
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


LISTED = "To see them all, type: supervise codebook VAULT"


@dataclass(frozen=True, slots=True)
class Codebook:
    """A whole codebook; `codebook` and `version` together name what a moment was made under."""

    codebook: str
    version: str
    language: str
    families: tuple[Family, ...]
    codes: tuple[Code, ...]
    scales: tuple[Scale, ...] = ()
    notes: str = ""
    relations: tuple[Relation, ...] = field(default=())
    wording_license: str = ""

    @property
    def key(self) -> CodebookKey:
        """The name a moment keeps: `codebook@version`."""
        return CodebookKey(f"{self.codebook}@{self.version}")

    def code(self, code: str) -> Code:
        """Return the code named `code`; raises UsageError naming the nearest codes when absent."""
        for entry in self.codes:
            if entry.code == code:
                return entry
        near = [c.code for c in self.codes if c.code.split(".")[0] == code.split(".", maxsplit=1)[0]]
        hint = f" Codes of that kind: {', '.join(near)}." if near else ""
        raise UsageError(f"The codebook has no code “{code}”.{hint} {LISTED}")

    def family(self, family: str) -> Family:
        """Return the family named `family`; raises UsageError when absent."""
        for entry in self.families:
            if entry.family == family:
                return entry
        raise UsageError(f"The codebook has no family “{family}”.")

    def scale(self, scale: str) -> Scale:
        """Return the scale named `scale`; raises UsageError when absent."""
        for entry in self.scales:
            if entry.scale == scale:
                return entry
        raise UsageError(f"The codebook has no attribute “{scale}”.")


def check_rating(scale: Scale, value: object) -> None:
    """Raise UsageError unless `value` fits `scale`."""
    if scale.type == "enum":
        if value not in scale.values:
            raise UsageError(f"“{scale.scale}” takes one of: {', '.join(scale.values)}.")
        return
    whole = scale.type == "int"
    number = isinstance(value, int) or (isinstance(value, float) and not whole)
    in_range = number and not isinstance(value, bool) and scale.minimum <= value <= scale.maximum  # type: ignore[operator]
    on_step = in_range and (((value - scale.minimum) / scale.step) % 1 == 0)  # type: ignore[operator]
    if not on_step:
        span = f"{scale.minimum:g} to {scale.maximum:g}"
        raise UsageError(f"“{scale.scale}” takes a number from {span} in steps of {scale.step:g}.")
