"""What drafting, changing, sending and amending have in common: revisions, and putting them to policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection

from apps.access import evaluation, routing
from apps.access.carrying import carry_over
from apps.access.drafts import RequestDraft
from apps.access.errors import (
    END_BEFORE_START,
    END_IN_THE_PAST,
    EXTENSION_OF_ANOTHER,
    LONGER_THAN_GIVEN,
    NO_DECIDER_IN_COMMON,
    TOO_MANY_OPEN,
)
from apps.access.events import (
    RequestDrafted,
)
from apps.access.facts import Ask, Item, revision_sha256
from apps.access.lifecycle import OPEN_REQUEST
from apps.access.models import Decision, Grant, Request, Revision, RevisionItem, SubjectKind, Verdict
from apps.access.queries.agreements import items_of, missing_for, receivers_of
from apps.access.queries.evaluation import Answer
from apps.access.queries.roles import apart
from apps.accounts.models import Person
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.clock import last_day
from apps.kernel.errors import RuleBroken, invalid, rule_broken
from apps.policy.reason import Reason

GRANT_END = "A20"
"""The rule by which a grant ends with the first thing it depends on."""


MOST_OPEN = 100
"""So many requests of one person may be drafts, in review, returned or waiting for conditions at a time."""


def new_request(ask: Ask, *, extends: Grant | None = None, at: datetime) -> Request:
    """Raises: RuleBroken, where the requester has as many open as anybody may."""
    _expect_room(ask.requester)
    return Request.objects.create(
        number=_next_number(),
        organization=ask.requester.organization,
        requester=ask.requester,
        extends=extends,
        created_at=at,
    )


def _expect_room(requester: Person) -> None:
    """Two that are made at once are counted one after the other."""
    Person.objects.select_for_update(no_key=True).get(pk=requester.pk)
    number = Request.objects.filter(requester=requester, state__in=OPEN_REQUEST).count()
    if number >= MOST_OPEN:
        raise rule_broken(TOO_MANY_OPEN, number=number, most=MOST_OPEN)


def put_to_policy(
    request: Request,
    revision: Revision,
    *,
    before: Decision | None = None,
    accept_shorter: bool,
    at: datetime,
) -> tuple[Decision, Answer, list[Verdict]]:
    """Freeze the revision, ask policy and keep what it answered, with what was said `before` that counts.

    Raises: RuleBroken (amiss, denied, of assets that nobody decides together, or longer than would be given,
    unless that is accepted).
    """
    if revision.ends_at <= at:
        raise rule_broken(END_IN_THE_PAST, field="ends_on", ends_on=revision.ends_at.isoformat())
    items = items_of(revision)
    gone = evaluation.not_requestable(item.asset for item in items)
    if gone:
        raise RuleBroken(*gone)
    missing = missing_for(items, receivers_of(revision, at=at))
    if missing:
        raise RuleBroken(*missing)
    if request.extends is not None:
        evaluation.expect_extendable(request.extends, at=at)
    revision.starts_at = max(revision.starts_at, at)
    answered = evaluation.ask_policy(revision, at=at)
    if not answered.decision.may_be_submitted:
        raise RuleBroken(*answered.decision.deciding_reasons)
    _expect_together(items, answered, at=at)
    if not accept_shorter:
        _expect_no_longer(revision, answered)
    revision.sha256, revision.frozen_at = revision_sha256(revision), at
    revision.write("starts_at", "sha256", "frozen_at")
    decision = evaluation.store_decision(revision, answered, at=at)
    carried = carry_over(request, before, decision, at=at) if before is not None else []
    request.submitted_at = at
    routing.open_next(request, decision, at=at)
    return decision, answered, carried


def _expect_together(items: Sequence[Item], answered: Answer, *, at: datetime) -> None:
    """Raises: RuleBroken, where each asset alone has people who could decide, and all of them have none."""
    found = apart(answered.decision.stages, [item.asset for item in items], at=at)
    if found is not None:
        names = tuple(sorted(asset.name for asset in found.assets))
        raise rule_broken(NO_DECIDER_IN_COMMON, field="items", role=found.role, names=names)


def _expect_no_longer(revision: Revision, answered: Answer) -> None:
    """Days are compared as people pick them: in the zone of the organization.  Raises: RuleBroken."""
    zone = revision.request.organization.time_zone
    asked, capped = last_day(revision.ends_at, zone), last_day(answered.decision.ends_at, zone)
    if capped < asked:
        factor, _, about = answered.decision.limiting_factor.partition(":")
        days = {"asked": asked.isoformat(), "capped": capped.isoformat()}
        facts = {**days, "factor": factor, "about": about}
        reason = Reason(code=LONGER_THAN_GIVEN, rule=GRANT_END, facts=facts, field="ends_on")
        raise RuleBroken(reason)


def add_revision(request: Request, ask: Ask, draft: RequestDraft, *, actor: Actor, at: datetime) -> None:
    """The next revision: what is asked now, with the files that were not removed."""
    if request.extends is not None:
        ask = _carrying_on(request.extends, ask)
    number = request.revisions.count() + 1
    revision = Revision.objects.create(
        request=request,
        number=number,
        subject_kind=_subject_kind(ask),
        person=ask.person,
        service_account=ask.service_account,
        project=ask.project,
        purpose=ask.purpose,
        actions=sorted(ask.actions),
        starts_at=ask.starts_at,
        ends_at=ask.ends_at,
        place_of_processing=ask.place_of_processing,
        ticket=ask.ticket,
        labeling_part=ask.labeling_part or "",
        justification=draft.justification,
        mode=draft.mode,
        edited_by=ask.requester,
        created_at=at,
    )
    RevisionItem.objects.bulk_create(
        RevisionItem(revision=revision, asset=item.asset, version=item.version, columns=list(item.columns))
        for item in ask.items
    )
    if number > 1:
        revision.attachments.set(request.attachments.filter(removed_at__isnull=True))
    request.revision = revision
    request.write("revision")
    event = RequestDrafted(
        request_id=request.uid,
        revision_number=number,
        assets=tuple(item.asset.uid for item in ask.items),
        purpose_id=ask.purpose.uid,
        labeling_part=ask.labeling_part or "",
    )
    record(event, actor=actor, at=at)


def _carrying_on(grant: Grant, ask: Ask) -> Ask:
    """An extension asks for the same again, from the end of the grant.  Raises: RuleBroken, InvalidInput."""
    subject = ask.project or ask.service_account or ask.person
    same = ({item.asset.pk for item in ask.items}, ask.purpose.pk, subject)
    if same != ({grant.asset_id}, grant.purpose_id, grant.project or grant.service_account or grant.person):
        raise rule_broken(EXTENSION_OF_ANOTHER)
    starts_at = max(ask.starts_at, grant.not_after)
    if ask.ends_at <= starts_at:
        facts = {"ends_on": ask.ends_at.isoformat(), "starts_on": starts_at.isoformat()}
        raise invalid("ends_on", END_BEFORE_START, **facts)
    return replace(ask, starts_at=starts_at)


def _subject_kind(ask: Ask) -> SubjectKind:
    if ask.project is not None:
        return SubjectKind.PROJECT
    return SubjectKind.SERVICE_ACCOUNT if ask.service_account is not None else SubjectKind.PERSON


def current_revision(request: Request) -> Revision:
    """The revision that is asked for now, with what policy reads of it.

    Most who ask write it themselves, for themselves, in the organization that is asked: whoever is one of
    these already is not read again. With a join for each, planning took PostgreSQL fifty times as long as
    answering.
    """
    related = ("request__organization", "request__requester", "purpose")
    found = Revision.objects.select_related(*related).get(pk=request.revision_key)
    requester, organization = found.request.requester, found.request.organization
    if requester.organization_id == organization.pk:
        requester.organization = organization
    if found.person_id == requester.pk:
        found.person = requester
    if found.edited_by_id == requester.pk:
        found.edited_by = requester
    return found


def _next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('access_request_number')")
        return int(cursor.fetchone()[0])
