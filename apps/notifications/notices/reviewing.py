"""What is told to those who look at something once more: access, and rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from apps.access.models import PolicySet
from apps.accounts.queries import role_holders
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.classification.facts import bound_organizations
from apps.classification.lifecycle import LadderChangeState
from apps.classification.models import LadderChange
from apps.notifications.notices.people import accounts_of, holders_of, reviewers_in
from apps.notifications.notices.registry import Telling, subject_of, tells
from apps.reviews.models import Campaign


@tells("reviews.campaign.opened", "reviews.campaign.reminded")
def reviews_wait(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """One notice a person, however many reviews wait for them."""
    campaign = Campaign.objects.get(uid=subject_of(event))
    facts = {"due": campaign.due_at.isoformat()}
    yield Telling(code="reviews_wait", to=reviewers_in(campaign, at=at), facts=facts)


@tells("access.policy_set.submitted")
def policy_set_submitted(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Who may publish it, and did not write it."""
    policy_set = PolicySet.objects.get(uid=subject_of(event))
    people = holders_of({Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR}, policy_set.organization_id, at=at)
    others = [account for account in people if account.person_id != policy_set.author_id]
    yield Telling(code="policy_set_submitted", to=others, about=policy_set.uid)


@tells("classification.ladder.proposed")
def ladder_change_proposed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """The officers of every organization with data; nobody, where it is in force already."""
    change = LadderChange.objects.get(uid=subject_of(event))
    if change.state != LadderChangeState.PROPOSED:
        return
    wanted = bound_organizations() | {change.organization_id}
    officers = role_holders({Role.COMPLIANCE_OFFICER}, organization_ids=wanted, at=at).filter(domain=None)
    others = officers.exclude(person=change.proposed_by_id).values_list("person", flat=True)
    yield Telling(code="ladder_change_proposed", to=accounts_of(others), about=change.uid)


@tells("classification.ladder.rejected")
def ladder_change_rejected(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    change = LadderChange.objects.get(uid=subject_of(event))
    yield Telling(code="ladder_change_rejected", to=accounts_of([change.proposed_by_id]), about=change.uid)


@tells("classification.ladder.agreed")
def ladder_change_in_force(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever agreed to it before, once it holds."""
    change = LadderChange.objects.get(uid=subject_of(event))
    if change.state != LadderChangeState.IN_FORCE:
        return
    people = change.consents.exclude(person=change.closed_by_id).values_list("person", flat=True)
    yield Telling(code="ladder_change_in_force", to=accounts_of(people), about=change.uid)
