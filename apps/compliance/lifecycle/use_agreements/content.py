"""What an agreement says, in the terms of the Data Use Ontology (CC BY 4.0)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import (
    Choice,
    Content,
    Needed,
    choice,
    count,
    day,
    flag,
    line,
    many,
    some,
    text,
)


class Permission(Choice):
    NRES = "NRES", _("No restriction"), "DUO:0000004"
    GRU = "GRU", _("General research use"), "DUO:0000042"
    HMB = "HMB", _("Health, medical and biomedical research"), "DUO:0000006"
    DS = "DS", _("Research on named diseases"), "DUO:0000007"
    POA = "POA", _("Research on population origins or ancestry"), "DUO:0000011"


class Modifier(Choice):
    IRB = "IRB", _("Approval of an ethics board"), "DUO:0000021"
    PUB = "PUB", _("Results must be published"), "DUO:0000019"
    MOR = "MOR", _("Nothing published before a day"), "DUO:0000024"
    COL = "COL", _("Together with those who collected them"), "DUO:0000020"
    RTN = "RTN", _("Derived data go back"), "DUO:0000029"
    NMDS = "NMDS", _("No development of methods"), "DUO:0000015"
    GSO = "GSO", _("Genetic studies only"), "DUO:0000016"
    NPOA = "NPOA", _("No research on origins or ancestry"), "DUO:0000044"
    NCU = "NCU", _("No commercial use"), "DUO:0000046"
    NPU = "NPU", _("Not-for-profit organizations only"), "DUO:0000045"
    NPUNCU = "NPUNCU", _("Not-for-profit organizations, no commercial use"), "DUO:0000018"
    US = "US", _("Named users only"), "DUO:0000026"
    IS = "IS", _("Named institutions only"), "DUO:0000028"
    PS = "PS", _("Named project only"), "DUO:0000027"
    GS = "GS", _("Named regions only"), "DUO:0000022"
    TS = "TS", _("For a number of months"), "DUO:0000025"
    RS = "RS", _("Named kind of research only"), "DUO:0000012"
    CC = "CC", _("Clinical care"), "DUO:0000043"


def _has(modifier: Modifier) -> Needed:
    """A term that says nothing without its parameter."""
    return lambda content: modifier in content.modifiers


@dataclass(frozen=True, kw_only=True)
class UseAgreementContent(Content):
    parties: tuple[UUID, ...] = some("parties", _("With whom"), needed=True)
    assets: tuple[UUID, ...] = some("asset", _("For which data"), needed=True)
    versions: tuple[UUID, ...] = some("version", _("Which versions of them"), _("Empty means: all."))
    purposes: tuple[UUID, ...] = some(
        "purpose", _("Permitted purposes"), _("Each by itself."), article="Art. 5(1)(b) GDPR"
    )
    document_ref: str = line(_("Document"), _("Where the signed agreement is kept."), needed=True)
    signed_on: date | None = day(_("Signed on"), needed=True)
    permission: Permission | None = choice(
        Permission, _("What the data may be used for"), _("Exactly one."), rule="DUO", needed=True
    )
    diseases: str = line(
        _("Diseases"),
        _("Codes of MONDO, separated by commas."),
        needed=lambda c: c.permission is Permission.DS,
    )
    modifiers: frozenset[Modifier] = many(Modifier, _("On what terms"))
    moratorium_until: date | None = day(_("Nothing published before"), needed=_has(Modifier.MOR))
    users: str = line(_("Users"), needed=_has(Modifier.US))
    institutions: str = line(_("Institutions"), needed=_has(Modifier.IS))
    project: str = line(_("Project"), needed=_has(Modifier.PS))
    regions: str = line(_("Regions"), _("Codes of countries, separated by commas."), needed=_has(Modifier.GS))
    months: int | None = count(_("Months"), needed=_has(Modifier.TS))
    topic: str = line(_("Kind of research"), needed=_has(Modifier.RS))
    forbids_reidentification: bool | None = flag(
        _("Is it forbidden to find out who people are?"), needed=True
    )
    forbids_sharing: bool | None = flag(_("Is passing on forbidden?"), needed=True)
    security_tier: str = line(_("Level of security"), article="Art. 32 GDPR")
    breach_notice_hours: int | None = count(_("Hours to tell of a breach"), article="Art. 33(2) GDPR")
    has_audit_right: bool | None = flag(_("May they audit us?"))
    needs_publication_review: bool | None = flag(_("Do they see publications first?"))
    needs_destruction_certificate: bool | None = flag(
        _("Is destruction certified at the end?"), article="Art. 28(3)(g) GDPR", needed=True
    )
    renewals: str = text(_("Renewals"))
