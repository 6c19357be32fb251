"""How people hear of what they are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings

from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, rule_broken
from apps.notifications.commands.telling import is_mandatory
from apps.notifications.errors import ALARM_STAYS, LANGUAGE_UNKNOWN
from apps.notifications.events import MailLanguageChosen, MailPreferenceChanged
from apps.notifications.models import MailLanguage, MailMode, MailPreference, NoticeKind


@command(lock=Person)
def choose_mail(
    *, actor: Actor, person_id: UUID, kind: NoticeKind, mode: MailMode, at: datetime
) -> MailPreference:
    """Choose how one is mailed about a kind of notices. In the portal all of them are shown, always.

    Raises: NotFound, NotPermitted (another person's), RuleBroken (alarms).
    """
    person = _oneself(actor, person_id)
    if is_mandatory(kind):
        raise rule_broken(ALARM_STAYS, field="kind")
    found, _ = MailPreference.objects.update_or_create(
        person=person, kind=kind, defaults={"mode": mode}, create_defaults={"mode": mode, "created_at": at}
    )
    record(MailPreferenceChanged(person_id=person.uid, kind=kind.value, mail=mode.value), actor=actor, at=at)
    return found


@command(lock=Person)
def choose_mail_language(*, actor: Actor, person_id: UUID, language: str, at: datetime) -> MailLanguage:
    """Choose in which of the languages of the portal one is written to.

    Raises: NotFound, NotPermitted (another person's), InvalidInput.
    """
    person = _oneself(actor, person_id)
    known = [code for code, _name in settings.LANGUAGES]
    if language not in known:
        raise invalid("language", LANGUAGE_UNKNOWN, language=language, known=", ".join(known))
    found, _ = MailLanguage.objects.update_or_create(
        person=person,
        defaults={"language": language},
        create_defaults={"language": language, "created_at": at},
    )
    record(MailLanguageChosen(person_id=person.uid, language=language), actor=actor, at=at)
    return found


def _oneself(actor: Actor, person_id: UUID) -> Person:
    """Raises: NotFound, NotPermitted."""
    person = Person.objects.visible_to(actor).one(person_id)
    resource = Resource(
        kind="person",
        uid=person.uid,
        organization_id=person.organization_id,
        persons=frozenset({person.pk}),
    )
    authorize(actor=actor, operation=Operation.CHOOSE_MAIL, resource=resource)
    return person
