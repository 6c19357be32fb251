"""Organizations and their domains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

import holidays

from apps.accounts.authorization import Resource, authorize
from apps.accounts.errors import (
    CALENDAR_UNKNOWN,
    COUNTRY_UNKNOWN,
    EMPTY_NAME,
    NAME_TAKEN,
    NAME_TOO_LONG,
    ORGANIZATION_CODE,
    TEXT_TOO_LONG,
    TIME_ZONE_UNKNOWN,
    UNANSWERED_TOO_LONG,
    UNDO_TOO_LONG,
)
from apps.accounts.events import DomainChanged, DomainCreated, OrganizationChanged, OrganizationCreated
from apps.accounts.models import Audience, Domain, Organization, Team
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.characters import check_name, is_blank
from apps.kernel.errors import conflict, invalid

LONGEST_NAME = 200
LONGEST_UNDO = 24 * 60
LONGEST_UNANSWERED = 90
"""Days."""


@command
def create_organization(
    *,
    actor: Actor,
    name: str,
    code: str,
    country: str,
    time_zone: str,
    address: str = "",
    contact: str = "",
    at: datetime,
) -> Organization:
    """Add a legal entity. Only the machine does (at first boot, or by the operator's command line).

    Raises: NotPermitted, InvalidInput, Conflict.
    """
    authorize(actor=actor, operation=Operation.MANAGE_ORGANIZATION, resource=_no_organization())
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise invalid("country", COUNTRY_UNKNOWN, country=country)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", code):
        raise invalid("code", ORGANIZATION_CODE, value=code)
    if time_zone not in available_timezones():
        raise invalid("time_zone", TIME_ZONE_UNKNOWN, time_zone=time_zone)
    if Organization.objects.filter(code__iexact=code).exists():
        raise conflict(NAME_TAKEN, kind="organization", name=code)
    for field, text, longest in (("address", address, 300), ("contact", contact, 200)):
        check_length(text, longest, field=field)
    organization = Organization.objects.create(
        name=present(name),
        code=code,
        country=country,
        time_zone=time_zone,
        address=address,
        contact=contact,
        created_at=at,
    )
    record(OrganizationCreated(organization_id=organization.uid, code=code), actor=actor, at=at)
    return organization


@command(lock=Organization)
def change_organization(
    *,
    actor: Actor,
    organization_id: UUID,
    calendar: str | None = None,
    address: str | None = None,
    contact: str | None = None,
    undo_minutes: int | None = None,
    unanswered_days: int | None = None,
    is_public_authority: bool | None = None,
    is_under_gdpr: bool | None = None,
    seen_version: int | None = None,
    at: datetime,
) -> Organization:
    """Change what is given. The calendar says which days are public holidays; empty: none.

    What people approve begins `undo_minutes` later. Programs for which nobody can answer go on for
    `unanswered_days`.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput.
    """
    organization = Organization.objects.visible_to(actor).for_update(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.MANAGE_ORGANIZATION, resource=resource)
    organization.expect_version(seen_version)
    if calendar:
        _check_calendar(calendar)
    for field, text, longest in (("address", address, 300), ("contact", contact, 200)):
        check_length(text or "", longest, field=field)
    if undo_minutes is not None and not 0 <= undo_minutes <= LONGEST_UNDO:
        raise invalid("undo_minutes", UNDO_TOO_LONG, longest=LONGEST_UNDO)
    if unanswered_days is not None and not 0 <= unanswered_days <= LONGEST_UNANSWERED:
        raise invalid("unanswered_days", UNANSWERED_TOO_LONG, longest=LONGEST_UNANSWERED)
    given: dict[str, object] = {
        "calendar": calendar,
        "address": address,
        "contact": contact,
        "undo_minutes": undo_minutes,
        "unanswered_days": unanswered_days,
        "is_public_authority": is_public_authority,
        "is_under_gdpr": is_under_gdpr,
    }
    changed = {field: value for field, value in given.items() if value is not None}
    for field, value in changed.items():
        setattr(organization, field, value)
    organization.write(*changed)
    event = OrganizationChanged(
        organization_id=organization.uid, changed=tuple(sorted(changed)), calendar=organization.calendar
    )
    record(event, actor=actor, at=at)
    return organization


@command(lock=Organization)
def create_domain(
    *,
    actor: Actor,
    organization_id: UUID,
    name: str,
    audience: Audience,
    audience_team_ids: Sequence[UUID] = (),
    description: str = "",
    at: datetime,
) -> Domain:
    """Add a named area of assets.  Raises: NotFound, NotPermitted, InvalidInput, Conflict."""
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.MANAGE_DOMAIN, resource=resource)
    if Domain.objects.filter(organization=organization, name__iexact=name.strip()).exists():
        raise conflict(NAME_TAKEN, kind="domain", name=name.strip())
    domain = Domain.objects.create(
        organization=organization,
        name=present(name),
        description=description,
        audience=audience,
        created_at=at,
    )
    domain.audience_teams.set(_teams(actor, audience_team_ids))
    event = DomainCreated(domain_id=domain.uid, domain_name=domain.name, audience=domain.audience)
    record(event, actor=actor, at=at)
    return domain


@command(lock=Domain)
def change_domain(
    *,
    actor: Actor,
    domain_id: UUID,
    name: str | None = None,
    description: str | None = None,
    audience: Audience | None = None,
    audience_team_ids: Sequence[UUID] | None = None,
    seen_version: int | None = None,
    at: datetime,
) -> Domain:
    """Change what is given, leave the rest.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, Conflict.
    """
    domain = Domain.objects.visible_to(actor).for_update(domain_id)
    authorize(actor=actor, operation=Operation.MANAGE_DOMAIN, resource=domain_resource(domain))
    domain.expect_version(seen_version)
    given = {"name": name, "description": description, "audience": audience}
    changed = {field: value for field, value in given.items() if value is not None}
    if name is not None:
        taken = Domain.objects.filter(organization=domain.organization_id, name__iexact=present(name))
        if taken.exclude(pk=domain.pk).exists():
            raise conflict(NAME_TAKEN, kind="domain", name=name)
    for field, value in changed.items():
        setattr(domain, field, value)
    if audience_team_ids is not None:
        domain.audience_teams.set(_teams(actor, audience_team_ids))
        changed["audience_teams"] = audience_team_ids  # type: ignore[assignment]
    domain.write(*(field for field in changed if field != "audience_teams"))
    event = DomainChanged(domain_id=domain.uid, changed=tuple(sorted(changed)), audience=domain.audience)
    record(event, actor=actor, at=at)
    return domain


def domain_resource(domain: Domain) -> Resource:
    return Resource(
        kind="domain", uid=domain.uid, organization_id=domain.organization_id, domain_id=domain.pk
    )


def present(name: str, *, longest: int = LONGEST_NAME) -> str:
    """A name without spaces around it.

    Raises: InvalidInput where nothing is left that can be seen, where a character misleads the eye, or where
    it is longer than its column.
    """
    stripped = name.strip()
    if is_blank(stripped):
        raise invalid("name", EMPTY_NAME)
    check_name(stripped)
    if len(stripped) > longest:
        raise invalid("name", NAME_TOO_LONG, longest=longest)
    return stripped


def check_length(text: str, longest: int, *, field: str) -> None:
    """Raises: InvalidInput where a text is longer than its column."""
    if len(text) > longest:
        raise invalid(field, TEXT_TOO_LONG, longest=longest)


def _check_calendar(calendar: str) -> None:
    """Raises: InvalidInput where no public holidays are known for the country, or for that part of it."""
    country, _, part = calendar.partition("-")
    known = holidays.list_supported_countries()
    if country not in known or (part and part not in known[country]) or calendar.endswith("-"):
        raise invalid("calendar", CALENDAR_UNKNOWN, calendar=calendar)


def _teams(actor: Actor, team_ids: Sequence[UUID]) -> list[Team]:
    return [Team.objects.visible_to(actor).one(team_id) for team_id in team_ids]


def _no_organization() -> Resource:
    return Resource(kind="organization", organization_id=0)
