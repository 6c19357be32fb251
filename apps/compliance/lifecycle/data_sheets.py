"""Data sheets: where data may be processed, whom they tell about, and what was left out of which version.

What a sheet states holds for every asset it names. Nothing here is guessed: what is not stated is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Around,
    Choice,
    Content,
    Group,
    Kind,
    count,
    flag,
    found,
    line,
    many,
    rows,
    some,
)
from apps.policy.reason import Reason, declare

NONE = "none"
"""Written where a list is known to be empty."""


class Revealed(Choice):
    """GDPR Art. 9(1); what can be inferred counts (CJEU C-184/20)."""

    RACIAL_ETHNIC_ORIGIN = "racial_ethnic_origin", _("Racial or ethnic origin"), "Art. 9(1) GDPR"
    POLITICAL_OPINIONS = "political_opinions", _("Political opinions"), "Art. 9(1) GDPR"
    BELIEFS = "religious_philosophical_beliefs", _("Religious or philosophical beliefs"), "Art. 9(1) GDPR"
    TRADE_UNION_MEMBERSHIP = "trade_union_membership", _("Trade union membership"), "Art. 9(1) GDPR"
    GENETIC = "genetic", _("Genetic data"), "Art. 9(1) GDPR"
    BIOMETRIC = "biometric_unique_identification", _("Biometric identification"), "Art. 9(1) GDPR"
    HEALTH = "health", _("Health"), "Art. 9(1) GDPR"
    SEX_LIFE = "sex_life", _("Sex life"), "Art. 9(1) GDPR"
    SEXUAL_ORIENTATION = "sexual_orientation", _("Sexual orientation"), "Art. 9(1) GDPR"


@dataclass(frozen=True, kw_only=True)
class MadeWith:
    """Which list of rows to leave out a version was made with; 0 where there was none yet."""

    version: int | None = count(_("Version of the data"), needed=True)
    list_number: int | None = count(_("Number of the list it leaves out"), needed=True)


@dataclass(frozen=True, kw_only=True)
class DataSheetContent(Content):
    assets: tuple[UUID, ...] = some("asset", _("For which data"), needed=True)
    countries: str = line(
        _("Where the people are from"),
        _("Codes of countries, separated by commas: their law has a say in some things."),
        article="Art. 9(4), 88 GDPR",
    )
    is_pinned: bool | None = flag(
        _("Is there a limit to where or by whom they are processed?"),
        _("By a contract, a law, or a decision of our own. «No» says that there is none."),
        article="Art. 28(3)(a), 44 GDPR",
        rule="A24",
        needed=True,
    )
    places: str = line(
        _("Where they may be processed"),
        _("Codes of countries, separated by commas; EEA stands for all of its countries. Empty: anywhere."),
        article="Art. 44 GDPR",
        rule="A24",
    )
    operators: tuple[UUID, ...] = some(
        "parties",
        _("By whom, beside ourselves"),
        _("Who may operate the place. Empty: anybody who is bound by a contract."),
        article="Art. 28 GDPR",
        rule="A24",
    )
    direct_identifiers: str = line(
        _("Columns that name a person by themselves"),
        _("Names of columns, separated by commas; «none» where there is none."),
        article="Art. 4(5) GDPR",
        rule="A15",
        needed=True,
    )
    has_pseudonymised_view: bool | None = flag(
        _("Is there a view with codes in place of names?"),
        article="Art. 25, 89(1) GDPR",
        rule="A15",
        needed=True,
    )
    is_revealing: bool | None = flag(
        _("Linked with other data, do they reveal something sensitive?"),
        _("As an address reveals a religion where it is that of a parish."),
        article="Art. 9(1) GDPR, C-184/20",
        rule="A10",
        needed=True,
    )
    reveals: frozenset[Revealed] = many(
        Revealed,
        _("What they reveal"),
        article="Art. 9(1) GDPR",
        rule="A10",
        needed=lambda content: content.is_revealing is True,
    )
    made_with: tuple[MadeWith, ...] = rows(
        MadeWith,
        _("Rows left out"),
        _("For each version made since people objected, withdrew or were erased: the list it leaves out."),
        article="Art. 7(3), 17, 18, 21 GDPR",
        rule="A30",
    )


PIN_SAYS_NOTHING = declare(
    "SHEET_PIN_SAYS_NOTHING",
    "There is a limit to where or by whom the data are processed, and neither is named.",
    "Name the places or the operators, or say that there is no limit.",
)
PLACES_MALFORMED = declare(
    "SHEET_PLACES_MALFORMED",
    "«%(given)s» is no code of a country.",
    "Write codes of ISO 3166-1 with commas between them, such as DE, FR; or EEA.",
)


def listed(typed: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(word for each in typed.split(",") if (word := each.strip()))


def _faults(content: DataSheetContent, around: Around) -> Iterator[Reason]:
    if content.is_pinned and not content.places.strip() and not content.operators:
        yield found(PIN_SAYS_NOTHING, "places", "A24", "GDPR Art. 28(3)(a)")
    for name in ("places", "countries"):
        known = {"EEA"} if name == "places" else set()
        for word in listed(getattr(content, name)):
            if word not in known and not (len(word) == 2 and word.isascii() and word.isupper()):
                yield found(PLACES_MALFORMED, name, "A24", "GDPR Art. 44", given=word)


DATA_SHEETS = Kind(
    slug="data-sheets",
    prefix="SH",
    one=_("Data sheet"),
    many=_("Data sheets"),
    new=_("New data sheet"),
    lead=_(
        "Where data may be processed and by whom, what names people in them, and which rows are left out."
    ),
    empty=_("Record one for every asset with data about people: without it, access waits."),
    icon="dataset",
    content=DataSheetContent,
    aspect="is_pinned",
    article="Art. 25, 28(3)(a), 44 GDPR",
    groups=(
        Group(id="what", title=_("Which data"), names=("name", "assets", "countries")),
        Group(id="pin", title=_("Where, and by whom"), names=("is_pinned", "places", "operators")),
        Group(
            id="people",
            title=_("What tells who people are"),
            names=("direct_identifiers", "has_pseudonymised_view", "is_revealing", "reveals"),
        ),
        Group(id="rows", title=_("Rows left out"), names=("made_with",), is_seldom=True),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
)
