"""Conditions of national law, where the GDPR leaves it to a country (Art. 8(1), 9(4), 10, 88, 89(2))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.activity import DataSubjectCategory
from apps.compliance.lifecycle.data_sheets import Revealed
from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Around,
    Choice,
    Content,
    Group,
    Kind,
    choice,
    country,
    flag,
    found,
    line,
    many,
    text,
)
from apps.policy.reason import Reason, declare


class NationalEffect(Choice):
    DENY = "deny", _("Forbidden"), "", _("Nothing of it is allowed.")
    BLOCK = "block", _("Waits for something"), "", _("Nothing is allowed until it is on record.")
    REFER = "refer", _("Somebody decides"), "", _("A compliance officer looks at each request.")


@dataclass(frozen=True, kw_only=True)
class NationalContent(Content):
    country: str = country(_("Country, two letters"), _("Whose law it is."), needed=True)
    article: str = line(
        _("Opening of the GDPR"), _("The article that leaves it to the country, such as 9(4)."), needed=True
    )
    provision: str = line(_("Provision"), _("The law, with its paragraph."), needed=True)
    demand: str = text(_("What it says"), _("In plain words."), needed=True)
    effect: NationalEffect | None = choice(NationalEffect, _("What follows"), rule="NATIONAL", needed=True)
    special_kinds: frozenset[Revealed] = many(
        Revealed, _("For which sensitive data"), article="Art. 9(4) GDPR"
    )
    subjects: frozenset[DataSubjectCategory] = many(
        DataSubjectCategory, _("For data of whom"), article="Art. 8(1), 88 GDPR"
    )
    covers_criminal: bool | None = flag(_("For convictions and offences?"), article="Art. 10 GDPR")


NATIONAL_ABOUT_NOTHING = declare(
    "NATIONAL_ABOUT_NOTHING",
    "Nothing says for which data the condition holds.",
    "Name sensitive data, people, or convictions and offences.",
)


def _faults(content: NationalContent, around: Around) -> Iterator[Reason]:
    if not content.special_kinds and not content.subjects and not content.covers_criminal:
        yield found(NATIONAL_ABOUT_NOTHING, "special_kinds", "NATIONAL", "GDPR Art. 9(4)")


NATIONALS = Kind(
    slug="national-conditions",
    prefix="NC",
    one=_("Condition of national law"),
    many=_("Conditions of national law"),
    new=_("New condition of national law"),
    lead=_("What the law of a country adds, where the GDPR leaves it to the country."),
    empty=_("Where nothing is recorded, no such condition is asked for."),
    icon="law",
    content=NationalContent,
    aspect="effect",
    article="Art. 8(1), 9(4), 10, 88, 89(2) GDPR",
    groups=(
        Group(id="what", title=_("What it is"), names=("name", "country", "article", "provision", "demand")),
        Group(
            id="matter",
            title=_("When it holds, and what follows"),
            names=("special_kinds", "subjects", "covers_criminal", "effect"),
        ),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
)
