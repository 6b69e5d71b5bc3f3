"""The two codes the program itself relies on, present in every codebook: the flag and the redaction."""

from dataclasses import replace

from supervise.domain.codebook import Code, Codebook, Family, Kind
from supervise.domain.moments import FLAG, REDACT

FAMILY = Family("workflow", "Review workflow", "#444444", "outline")
PROGRAM_CODES = (
    Code(
        FLAG,
        FAMILY.family,
        "Flag (decide later)",
        "Bare bookmark with no meaning yet.",
        ("D",),
        Kind.POINT,
        core=True,
        key="0",
    ),
    Code(
        REDACT,
        FAMILY.family,
        "Redact before sharing",
        "Mute or remove on any export (names, third parties, client's request).",
        ("D",),
        Kind.SPAN,
    ),
)


def with_program_codes(codebook: Codebook) -> Codebook:
    """Return the codebook with `wf.flag` and `wf.redact` added where it leaves them out.

    A key that one of its own codes uses stays with that code.
    """
    present = {code.code for code in codebook.codes}
    taken = {code.key.casefold() for code in codebook.codes}
    missing = [code for code in PROGRAM_CODES if code.code not in present]
    if not missing:
        return codebook
    added = tuple(replace(code, key="") if code.key in taken else code for code in missing)
    families = codebook.families
    if FAMILY.family not in {family.family for family in families}:
        families = (*families, FAMILY)
    return replace(codebook, families=families, codes=(*codebook.codes, *added))
