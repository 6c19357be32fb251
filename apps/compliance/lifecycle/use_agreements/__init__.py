"""Data-use agreements: what they say, how far they have come, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import EVIDENCE, TIME, Around, Group, Kind, found
from apps.compliance.lifecycle.use_agreements.content import Modifier, Permission, UseAgreementContent
from apps.compliance.lifecycle.use_agreements.term import (
    CYCLE,
    ENDED,
    EXPIRING,
    AgreementStage,
    ends_on,
    stage_on,
)
from apps.policy.reason import Reason, declare

__all__ = [
    "ENDED",
    "EXPIRING",
    "USE_AGREEMENTS",
    "AgreementStage",
    "Modifier",
    "Permission",
    "UseAgreementContent",
    "ends_on",
    "stage_on",
]

TERM_MISSING = declare(
    "AGREEMENT_TERM_MISSING",
    "The agreement has no end.",
    "Name the first day on which it no longer holds.",
)
TERMS_CONTRADICT = declare(
    "AGREEMENT_TERMS_CONTRADICT",
    "«%(one)s» and «%(other)s» cannot both hold.",
    "Keep the one that was agreed.",
)


def _faults(content: UseAgreementContent, around: Around) -> Iterator[Reason]:
    if content.effective_to is None:
        yield found(TERM_MISSING, "effective_to", "", "GDPR Art. 5(1)(e)")
    if content.permission is Permission.POA and Modifier.NPOA in content.modifiers:
        yield found(TERMS_CONTRADICT, "modifiers", "DUO", one="POA", other="NPOA")


USE_AGREEMENTS = Kind(
    slug="use-agreements",
    prefix="DUA",
    one=_("Data-use agreement"),
    many=_("Data-use agreements"),
    new=_("New data-use agreement"),
    lead=_("What was agreed with those the data come from: for what, for how long, and what is forbidden."),
    empty=_("Record one for data that came under a contract."),
    icon="agreement",
    content=UseAgreementContent,
    aspect="permission",
    article="DUO",
    groups=(
        Group(
            id="what",
            title=_("With whom, for what data"),
            names=("name", "parties", "assets", "versions", "purposes", "document_ref", "signed_on"),
        ),
        Group(
            id="terms",
            title=_("What they may be used for"),
            names=(
                "permission",
                "diseases",
                "modifiers",
                "moratorium_until",
                "users",
                "institutions",
                "project",
                "regions",
                "months",
                "topic",
            ),
        ),
        Group(
            id="duties",
            title=_("What we owe"),
            names=(
                "forbids_reidentification",
                "forbids_sharing",
                "security_tier",
                "breach_notice_hours",
                "has_audit_right",
                "needs_publication_review",
                "needs_destruction_certificate",
                "renewals",
            ),
        ),
        TIME,
        EVIDENCE,
    ),
    faults=_faults,
    cycle=CYCLE,
)
