"""Who asks and who would receive, as the policy hears of them, and for whom those from outside work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from apps.access.facts.asks import Ask
from apps.accounts.models import Person, PersonStatus, Project, Relation
from apps.accounts.queries import members_now
from apps.compliance.facts import Party
from apps.policy import facts as policy
from apps.policy.facts import NO_LIMIT
from apps.policy.law_words import PartyPart

OUTSIDE = frozenset({Relation.CONTRACTOR, Relation.VENDOR})


def behind(ask: Ask, *, now: datetime) -> list[Person]:
    """The people who would see the data: the subject, who answers for it, or the members."""
    if ask.project is None:
        return [ask.person]
    return [ask.member] if ask.member else members_of(ask.project, at=now)


def subject_facts(
    ask: Ask, members: list[Person], assets: Iterable[policy.AssetFacts], *, now: datetime
) -> policy.SubjectFacts:
    """`members` are the people behind the ask."""
    described_by = frozenset[str]().union(*(asset.described_by for asset in assets))
    if ask.project is not None:
        stated = _project_facts(ask.project, [person_facts(member) for member in members], now=now)
        return replace(stated, describers=_describers(members, described_by))
    if ask.service_account is None:
        return person_facts(ask.person)
    owner = person_facts(ask.person)
    return policy.SubjectFacts(
        uid=str(ask.service_account.uid),
        kind=policy.SubjectKind.SERVICE_ACCOUNT,
        relation=policy.Relation.SERVICE_ACCOUNT,
        employer_country=owner.employer_country,
        cleared_rank=owner.cleared_rank,
        contract_ends_on=owner.contract_ends_on,
        is_active=bool(owner.is_active and ask.service_account.is_active),
        location=owner.location,
        undertaking_on=owner.undertaking_on,
        trained_on=owner.trained_on,
        describers=_describers([ask.person], described_by),
    )


def _describers(people: Iterable[Person], described_by: frozenset[str]) -> frozenset[str] | None:
    """Nobody else is named, so that who joins a project later changes nothing about what it asked for."""
    return frozenset(str(person.uid) for person in people) & described_by or None


def _project_facts(
    project: Project, members: list[policy.SubjectFacts], *, now: datetime
) -> policy.SubjectFacts:
    """What holds for every one of its active members: the lowest rank, the earliest end. What is not known of
    one of them, or differs, is not known."""
    active = [member for member in members if member.is_active]
    ranks = [member.cleared_rank for member in active]
    known = [rank for rank in ranks if rank is not None]
    countries = {member.employer_country for member in active}
    ends = [member.contract_ends_on for member in active]
    days = [end for end in ends if isinstance(end, date)]
    is_end_known = bool(active) and None not in ends
    places = {member.location for member in active}
    return policy.SubjectFacts(
        uid=str(project.uid),
        kind=policy.SubjectKind.PROJECT,
        relation=policy.Relation.PROJECT,
        employer_country=countries.pop() if len(countries) == 1 else None,
        cleared_rank=min(known) if known and len(known) == len(ranks) else None,
        contract_ends_on=min(days, default=NO_LIMIT) if is_end_known else None,
        is_active=bool(active) and project.ends_at > now,
        location=places.pop() if len(places) == 1 else None,
        undertaking_on=_first([member.undertaking_on for member in active]),
        trained_on=_first([member.trained_on for member in active]),
    )


def _first(days: list[date | None]) -> date | None:
    """Of every one of them; not known where it is not known of one."""
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None


def members_of(project: Project, *, at: datetime) -> list[Person]:
    """Who belongs to the project now, whether active or not."""
    found = members_now(project_ids=[project.pk], at=at)[project.pk]
    people = Person.objects.filter(pk__in=[member.person_id for member in found])
    return list(people.select_related("organization").order_by("pk"))


def person_facts(person: Person) -> policy.SubjectFacts:
    """A permanent contract has no end; a contractor's or vendor's whose end nobody recorded is unknown."""
    is_permanent = person.relation == Relation.EMPLOYEE and person.contract_ends_on is None
    return policy.SubjectFacts(
        uid=str(person.uid),
        kind=policy.SubjectKind.PERSON,
        relation=policy.Relation(person.relation),
        employer_country=person.organization.country,
        cleared_rank=person.cleared_rank,
        contract_ends_on=NO_LIMIT if is_permanent else person.contract_ends_on,
        is_active=person.status == PersonStatus.ACTIVE,
        location=person.works_from or None,
        undertaking_on=person.undertaking_on,
        trained_on=person.trained_on,
    )


def employers(ask: Ask, people: Iterable[Person]) -> Iterator[Party]:
    """Of everybody from outside who asks or would see the data.

    Of the requester and the subject the rules ask themselves, as long as nobody else names an employer; who
    is not asked about by them and names none is a party nobody knows anything about.
    """
    seen = {person.pk: person for person in (ask.requester, *people)}
    named = sorted({person.employer_ref for person in seen.values() if person.employer_ref})
    for ref in named:
        yield Party(part=PartyPart.EMPLOYER, named=ref)
    asked = {ask.requester.pk} | ({ask.person.pk} if not ask.project and not ask.service_account else set())
    for person in seen.values():
        is_outside = person.relation in OUTSIDE and not person.employer_ref
        if is_outside and (named or person.pk not in asked):
            yield Party(part=PartyPart.EMPLOYER, named=str(person.uid))
