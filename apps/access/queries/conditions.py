"""Reads about conditions: those of a request or a grant, and those that wait for somebody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.access.facts import grant_resource, request_resources
from apps.access.lifecycle import LIVE_GRANT, ConditionStatus, RequestState
from apps.access.models import Condition, Confirmation, Decision, Grant, Request, RevisionItem
from apps.access.models.sight import covered_by
from apps.access.queries.inbox import projects_where
from apps.access.queries.requests import assets_of
from apps.access.queries.seats import interests_of
from apps.accounts.authorization import Resource, may, standing_of
from apps.accounts.operations import Operation
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.policy.conditions import ConditionCheck, ConditionKind

MOST_DUE = 500
UNDECIDED = frozenset({RequestState.DRAFT, RequestState.IN_REVIEW, RequestState.RETURNED})


def conditions_visible_to(actor: Actor) -> QuerySet[Condition]:
    related = ("request", "grant__asset", "evidence_by", "checker")
    return Condition.objects.visible_to(actor).select_related(*related)


def conditions_due(actor: Actor, *, until: datetime) -> QuerySet[Condition]:
    """Those that wait for something to be shown until then, or are late. One query, bounded."""
    waiting = Q(status=ConditionStatus.OPEN) | Q(kind=ConditionKind.DURING, grant__ended_at__isnull=True)
    found = conditions_visible_to(actor).filter(waiting, due_at__isnull=False, due_at__lte=until)
    return found.select_related("request", "subject").order_by("due_at", "pk")[:MOST_DUE]


def conditions_of_request(actor: Actor, request_uid: UUID) -> QuerySet[Condition]:
    """What stands before its grants, by its newest decision, and what its grants are bound to.

    Raises: NotFound, where the request is hidden.
    """
    return conditions_on(actor, Request.objects.visible_to(actor).one(request_uid))


def conditions_on(actor: Actor, request: Request) -> QuerySet[Condition]:
    """`conditions_of_request` of one that was read already. One query; none before the route is complete,
    which is when conditions are made."""
    if request.state in UNDECIDED:
        return Condition.objects.none()
    return conditions_visible_to(actor).filter(current(), request=request).order_by("pk")


def conditions_of_grant(actor: Actor, grant_uid: UUID) -> QuerySet[Condition]:
    """Raises: NotFound, where the grant is hidden."""
    return conditions_visible_to(actor).filter(grant=Grant.objects.visible_to(actor).one(grant_uid))


def conditions_asked(actor: Actor, *, at: datetime) -> QuerySet[Condition]:
    """Those to see to, the most urgent first.

    One's own without evidence, where what lasts has to be shown for its next day; and those of others that
    one may confirm, with evidence, or due since the end of a grant and not met.
    """
    waits = Q(grant=None, request__state=RequestState.AWAITING_CONDITIONS)
    waits |= Q(kind=ConditionKind.DURING, grant__state__in=LIVE_GRANT)
    waits |= Q(kind=ConditionKind.AFTER) & (Q(grant__ended_at__isnull=False) | Q(grant__not_after__lte=at))
    asked = conditions_visible_to(actor).filter(current(), waits, check_by=ConditionCheck.MANUAL)
    rounds = Q(kind=ConditionKind.DURING, due_days__isnull=False)
    unmet = asked.filter(~Q(status=ConditionStatus.MET) | rounds)
    own = Q(requester=actor.person_key) | Q(subject=actor.person_key)
    shown = ~Q(evidence="")
    mine = own & ~shown
    overdue = Q(kind=ConditionKind.AFTER, status=ConditionStatus.LAPSED)
    theirs = ~own & (shown | overdue) & _may_confirm(actor)
    return unmet.filter(mine | theirs).order_by(F("due_at").asc(nulls_last=True), "pk")


def may_confirm(actor: Actor, condition: Condition, *, at: datetime) -> bool:
    """Whether the actor is one of those who confirm it; whether this is the time is another question."""
    resources = watched(condition)
    operation = Operation.SATISFY_CONDITION
    if not all(may(actor=actor, operation=operation, resource=resource) for resource in resources):
        return False
    return not interests_of(actor, decisions=condition.decision_id, at=at)


def watched(condition: Condition) -> tuple[Resource, ...]:
    """The assets it is about: of its grant, or all of the request."""
    if condition.grant is not None:
        return (grant_resource(condition.grant),)
    return request_resources(condition.request, assets_of(condition.decision.revision))


def confirmations_of(actor: Actor, condition_uid: UUID) -> QuerySet[Confirmation]:
    """Each time it was confirmed, newest first.  Raises: NotFound, where the condition is hidden."""
    return confirmations_on(Condition.objects.visible_to(actor).one(condition_uid))


def confirmations_on(condition: Condition) -> QuerySet[Confirmation]:
    related = ("evidence_by", "checker")
    return condition.confirmations.select_related(*related).order_by("-pk")


def current() -> Q:
    """What a grant is bound to, and what stands before one by the newest decision."""
    later = Decision.objects.filter(revision=OuterRef("decision__revision"), pk__gt=OuterRef("decision"))
    return Q(grant__isnull=False) | Q(~Exists(later))


def _may_confirm(actor: Actor) -> Q:
    """Those that `may_confirm` holds of, as far as roles, object permissions and interests go."""
    kept = covered_by(held for held in standing_of(actor).roles if held.role is Role.COMPLIANCE_OFFICER)
    kept |= Q(asset__in=Asset.objects.where_may(actor, ObjectPermission.OWN).values("pk"))
    items = RevisionItem.objects.filter(revision=OuterRef("decision__revision"))
    whole = Q(grant=None) & ~Exists(items.exclude(kept))
    of_grant = Q(grant__in=Grant.objects.filter(kept, pk=OuterRef("grant")).values("pk"))
    return (whole | of_grant) & ~_party(actor)


def _party(actor: Actor) -> Q:
    """Those of requests in which the actor, or whoever a delegation ties them to, has an interest."""
    barred = standing_of(actor).ties.barred
    party = Q(decision__revision__project__in=projects_where(lambda path: Q(**{f"{path}__in": barred})))
    for path in ("requester", "subject", "decision__revision__edited_by"):
        party |= Q(**{f"{path}__in": barred})
    return party
