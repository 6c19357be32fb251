"""What a request says, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import Content, choice, count, flag, line, moment, some, text
from apps.compliance.lifecycle.rights.words import Channel, RightsType


@dataclass(frozen=True, kw_only=True)
class RightsContent(Content):
    type: RightsType | None = choice(
        RightsType, _("What is asked for"), article="Art. 15-22 GDPR", needed=True
    )
    received_at: datetime | None = moment(
        _("Received"), _("The month runs from here."), article="Art. 12(3) GDPR", needed=True
    )
    channel: Channel | None = choice(Channel, _("How it came in"))
    calendar: str = line(
        _("Public holidays of"),
        _("The place whose holidays count, as DE, DE-BY or FR."),
        article="Reg. 1182/71",
        needed=True,
    )
    person_ref: str = line(
        _("Who asks"),
        _("A number under which the file is kept; no name here."),
        article="Art. 5(1)(c) GDPR",
        needed=True,
    )
    is_identified: bool | None = flag(
        _("Do we know that it is them?"),
        _("Ask only where there is reason to doubt."),
        article="Art. 12(6) GDPR",
    )
    is_unidentifiable: bool | None = flag(
        _("Can we not tell whose data are whose?"),
        _(
            "Then Articles 15 to 20 wait until the person gives something that tells. They are told so, and "
            "the clock stands from the step that says it."
        ),
        article="Art. 11(2) GDPR",
    )
    was_told_unidentifiable: bool | None = flag(
        _("Was the person told?"),
        article="Art. 11(2) GDPR",
        needed=lambda content: content.is_unidentifiable is True,
    )
    is_unfounded: bool | None = flag(
        _("Is it manifestly unfounded or excessive?"),
        _("That is for us to prove."),
        article="Art. 12(5) GDPR",
    )
    assets: tuple[UUID, ...] = some("asset", _("Where their data are"), _("Also in what was made from them."))
    list_number: int | None = count(
        _("Number of the list that leaves their rows out"),
        _("Of objections, restrictions, withdrawals and erasures. Versions made with an older list wait."),
        article="Art. 7(3), 17, 18, 21 GDPR",
        rule="A30",
    )
    actions: str = text(_("What was done, asset by asset"))
    recipients_told: str = text(_("Which recipients were told"), article="Art. 19 GDPR")
