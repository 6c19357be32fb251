"""How people hear of what they are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import rule_broken
from apps.notifications.commands.telling import is_mandatory
from apps.notifications.errors import ALARM_STAYS
from apps.notifications.events import MailPreferenceChanged
from apps.notifications.models import MailMode, MailPreference, NoticeKind


@command(lock=Person)
def choose_mail(
    *, actor: Actor, person_id: UUID, kind: NoticeKind, mode: MailMode, at: datetime
) -> MailPreference:
    """Choose how one is mailed about a kind of notices. In the portal all of them are shown, always.

    Raises: NotFound, NotPermitted (another person's), RuleBroken (alarms).
    """
    person = Person.objects.visible_to(actor).one(person_id)
    resource = Resource(
        kind="person",
        uid=person.uid,
        organization_id=person.organization_id,
        persons=frozenset({person.pk}),
    )
    authorize(actor=actor, operation=Operation.CHOOSE_MAIL, resource=resource)
    if is_mandatory(kind):
        raise rule_broken(ALARM_STAYS, field="kind")
    found, _ = MailPreference.objects.update_or_create(
        person=person, kind=kind, defaults={"mode": mode}, create_defaults={"mode": mode, "created_at": at}
    )
    record(MailPreferenceChanged(person_id=person.uid, kind=kind.value, mail=mode.value), actor=actor, at=at)
    return found
