"""Statements of use: what data are used for under a purpose, in the terms in which agreements ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Choice,
    Content,
    Group,
    Kind,
    choice,
    flag,
    line,
    one,
)


class ResearchUse(Choice):
    """Data Use Ontology."""

    NOT_RESEARCH = "not_research", _("No research")
    GENERAL = "general", _("Research"), "DUO:0000042"
    HEALTH = "health", _("Research on health"), "DUO:0000006"
    DISEASE = "disease", _("Research on named diseases"), "DUO:0000007"
    ANCESTRY = "ancestry", _("Research on origins or ancestry"), "DUO:0000011"
    METHODS = "methods", _("Development of methods"), "DUO:0000015"
    CLINICAL_CARE = "clinical_care", _("Care of patients"), "DUO:0000043"


@dataclass(frozen=True, kw_only=True)
class UseContent(Content):
    purpose: UUID | None = one("purpose", _("For which purpose"), needed=True)
    use: ResearchUse | None = choice(ResearchUse, _("What the data are used for"), rule="DUO", needed=True)
    is_commercial: bool | None = flag(_("Is the use commercial?"), article="DUO:0000046", needed=True)
    is_for_profit: bool | None = flag(
        _("Are we an organization for profit?"), article="DUO:0000045", needed=True
    )
    diseases: str = line(
        _("Diseases"),
        _("Codes of MONDO, separated by commas."),
        article="DUO:0000007",
        needed=lambda content: content.use is ResearchUse.DISEASE,
    )
    is_genetic: bool | None = flag(_("Is it a genetic study?"), article="DUO:0000016")
    ethics_ref: str = line(
        _("Approval of an ethics board"), _("Where it is kept. Empty: there is none."), article="DUO:0000021"
    )
    collaboration_ref: str = line(
        _("Agreement with those who collected the data"),
        _("Where it is kept. Empty: there is none."),
        article="DUO:0000020",
    )
    topic: str = line(_("Kind of research"), _("As the agreement names it."), article="DUO:0000012")


USES = Kind(
    slug="statements-of-use",
    prefix="SU",
    one=_("Statement of use"),
    many=_("Statements of use"),
    new=_("New statement of use"),
    lead=_("What data are used for under a purpose. Agreements on the use of data ask for it."),
    empty=_("Record one for a purpose whose data came under an agreement."),
    icon="purpose",
    content=UseContent,
    aspect="use",
    article="DUO",
    groups=(
        Group(
            id="what",
            title=_("What for"),
            names=("name", "purpose", "use", "is_commercial", "is_for_profit"),
        ),
        Group(
            id="terms",
            title=_("What some agreements ask for"),
            names=("diseases", "is_genetic", "topic", "ethics_ref", "collaboration_ref"),
        ),
        TIME,
        EVIDENCE,
    ),
)
