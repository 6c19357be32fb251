"""Reads about grants. Whether one is effective is computed, here, whenever it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from apps.access.errors import (
    ASSET_NOT_IN_USE,
    CONDITION_LAPSED,
    DECIDED_ITSELF,
    GRANT_AWAITS_TICKET,
    GRANT_ENDED,
    GRANT_NEEDS_CONDITIONS,
    GRANT_NEEDS_REVIEW,
    GRANT_NOT_STARTED,
    GRANT_OVER,
    GRANT_SUSPENDED,
    GRANT_TOO_LONG_NOW,
    HANDED_OVER_SINCE,
    NOT_A_MEMBER,
    NOTHING_CARRIED_ON,
    PROJECT_OVER,
    SUBJECT_INACTIVE,
)
from apps.access.facts import Ask, Item, members_of, part_of
from apps.access.lifecycle import LIVE_GRANT, GrantState
from apps.access.models import Condition, Decision, Grant, GrantMode, Stage, TicketCheck
from apps.access.models.sight import projects_of
from apps.access.queries.agreements import missing_agreements
from apps.access.queries.evaluation import Answer
from apps.accounts.models import Person, PersonStatus
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import AssetVersion
from apps.classification.facts import ColumnStanding, column_standings
from apps.classification.models import WHOLE_VERSION
from apps.compliance.facts.reach import why_closed
from apps.kernel.actor import Actor
from apps.kernel.questions import Given, Question
from apps.policy.conditions import ConditionKind
from apps.policy.decision import Decision as PolicyDecision
from apps.policy.decision import Effect
from apps.policy.facts import Action, Identifiability
from apps.policy.reason import Reason, Value

TAKEN_BACK = frozenset({GrantState.REVOKED, GrantState.GIVEN_BACK})
Standings = dict[int, dict[str, ColumnStanding]]
PASSED = ("name", "roles", "count", "is_independent")
"""What is told of a stage that was passed."""
GoneThrough = tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]
"""Of an earlier decision its conditions, and its stages that were passed."""
_IDENTIFYING = (
    Identifiability.NOT_PERSONAL,
    Identifiability.ANONYMISED,
    Identifiability.PSEUDONYMISED,
    Identifiability.IDENTIFIED,
)


def grants_visible_to(actor: Actor) -> QuerySet[Grant]:
    related = (
        "asset",
        "version",
        "purpose",
        "person",
        "service_account",
        "project",
        "decision",
        "revision__request",
    )
    return Grant.objects.visible_to(actor).select_related(*related)


def grants_held_by(actor: Actor) -> QuerySet[Grant]:
    """What is theirs: as a person, through service accounts they answer for, and through projects of now."""
    own = Q(person=actor.person_key, project__isnull=True) | Q(project__lead=actor.person_key)
    return grants_visible_to(actor).filter(own | Q(project__in=projects_of(actor)))


def why_not_effective(grant: Grant, *, at: datetime) -> tuple[Reason, ...]:
    """Empty where the grant gives its right now. Records and rules are asked apart, by a fresh decision."""
    service, project = grant.service_account, grant.project
    is_active = grant.person.status == PersonStatus.ACTIVE and (service is None or service.is_active)
    is_active = is_active or project is not None  # its members are looked at one by one
    facts: dict[str, Value] = {
        "state": grant.state,
        "not_before": grant.not_before.isoformat(),
        "not_after": grant.not_after.isoformat(),
    }
    carried_on = extended_state(grant)
    tests = (
        (GRANT_ENDED, grant.state not in LIVE_GRANT),
        (GRANT_SUSPENDED, GrantState.SUSPENDED in {grant.state, carried_on}),
        (NOTHING_CARRIED_ON, carried_on in TAKEN_BACK),
        (GRANT_NOT_STARTED, at < grant.not_before),
        (GRANT_AWAITS_TICKET, _awaits_ticket(grant, at=at)),
        (GRANT_OVER, at >= grant.not_after),
        (SUBJECT_INACTIVE, not is_active),
        (HANDED_OVER_SINCE, service is not None and service.person_id != grant.person_id),
        (CONDITION_LAPSED, grant.state in LIVE_GRANT and bool(_LAPSED.rows(grant=grant.pk, at=at))),
        (PROJECT_OVER, project is not None and project.ends_at <= at),
        (ASSET_NOT_IN_USE, grant.asset.state == AssetState.RETIRED),
    )
    return tuple(Reason(code=code, facts=facts) for code, holds in tests if holds)


_LAPSED: Question[int] = Question(
    lambda: Condition.objects.filter(
        grant=Given("grant"), kind=ConditionKind.DURING, due_at__lte=Given("at")
    ).values_list("pk", flat=True)[:1]
)


def _awaits_ticket(grant: Grant, *, at: datetime) -> bool:
    """Whether it should have begun, and the word of a ticket system from before is not fresh any more."""
    if grant.state != GrantState.SCHEDULED or at < grant.not_before:
        return False
    return TicketCheck.objects.stale(grant.revision_id, since=grant.not_before).exists()


def extended_state(grant: Grant) -> str:
    """How the grant stands that this one is to carry on once it begins; empty where there is none."""
    if grant.state != GrantState.SCHEDULED:
        return ""
    extended = Grant.objects.filter(extensions__revision=grant.revision_id)
    return extended.values_list("state", flat=True).first() or ""


def is_carried_on(grant: Grant) -> bool:
    """Whether an extension of it has been granted and is to begin."""
    return Grant.objects.filter(revision__request__extends=grant.pk, state=GrantState.SCHEDULED).exists()


def was_taken_back(grant: Grant) -> bool:
    """Whether somebody has ended the grant that this one is to carry on."""
    return extended_state(grant) in TAKEN_BACK


def why_not_lawful(grant: Grant, answered: Answer) -> tuple[Reason, ...]:
    """What policy, asked anew, demands beyond what the grant has gone through; empty where it covers all.

    A denial or a missing record opens nothing. Stages now demanded must have been passed on the decision the
    grant was born of: a grant that nobody had to agree to does not outlive the rule that let it. In an
    emergency only a denial stands in the way (A40).
    """
    if grant.is_break_glass:
        return answered.decision.deciding_reasons if answered.decision.effect is Effect.DENY else ()
    # by one statement, without the facts of the decision, which are many
    return _why_beyond(lambda: _GONE_THROUGH.rows(decision=grant.decision_id)[0], answered.decision)


def why_not_so_long(grants: Iterable[Grant], now: PolicyDecision) -> tuple[Reason, ...]:
    """Where the rules would by now end it before one of the grants does. Such a grant does not begin; of one
    that has begun no key outlives the earlier end."""
    if all(now.ends_at >= grant.not_after for grant in grants):
        return ()
    facts: dict[str, Value] = {"ends_at": now.ends_at.isoformat(), "limiting_factor": now.limiting_factor}
    return (Reason(code=GRANT_TOO_LONG_NOW, facts=facts),)


def why_not_covered(decision: Decision, now: PolicyDecision) -> tuple[Reason, ...]:
    """What policy says now beyond the stages passed and the conditions set on an earlier decision."""

    def gone_through() -> GoneThrough:
        passed = [
            {name: getattr(each, name) for name in PASSED} for each in decision.stages.all() if each.closed_at
        ]
        return decision.trace["conditions"], passed

    return _why_beyond(gone_through, now)


def _why_beyond(gone_through: Callable[[], GoneThrough], now: PolicyDecision) -> tuple[Reason, ...]:
    if now.effect in {Effect.DENY, Effect.BLOCK}:
        return now.deciding_reasons
    conditions, stages = gone_through()
    passed = {each["name"]: (set(each["roles"]), each["count"], each["is_independent"]) for each in stages}
    missing = []
    for stage in now.stages:
        roles, count, is_independent = passed.get(stage.name, (set(), 0, False))
        is_as_free = is_independent or not stage.is_independent
        if not (set(stage.roles) <= roles and stage.count <= count and is_as_free):
            missing.append(stage.name)
    tests = (
        (GRANT_NEEDS_REVIEW, "stages", tuple(missing)),
        (GRANT_NEEDS_CONDITIONS, "conditions", _new_conditions(conditions, now)),
    )
    return tuple(Reason(code=code, facts={name: found}) for code, name, found in tests if found)


def _gone_through() -> QuerySet[Decision, GoneThrough]:
    stated = JSONObject(**{name: name for name in PASSED})
    passed = Stage.objects.filter(decision=OuterRef("pk"), closed_at__isnull=False).order_by("position")
    found = Decision.objects.filter(pk=Given("decision"))
    return found.values_list("trace__conditions", ArraySubquery(passed.values_list(stated)))


_GONE_THROUGH: Question[GoneThrough] = Question(_gone_through)


def _new_conditions(set_then: Iterable[Mapping[str, Any]], now: PolicyDecision) -> tuple[str, ...]:
    """The texts of those that stand before or last, and were not wanted at the time, or only afterwards."""
    afterwards = ConditionKind.AFTER
    known = {each["code"] for each in set_then if each["kind"] != afterwards}
    return tuple(
        each.text for each in now.conditions if each.kind is not afterwards and each.code not in known
    )


def why_not_usable(grant: Grant, person: Person, *, at: datetime) -> tuple[Reason, ...]:
    """Why this person may not use a grant that is effective: no member of the project, or a member since who
    decided on it before, or an agreement is not accepted. Who a grant of a person or of a service account
    belongs to is asked by `authorize`."""
    if grant.project is not None and person not in members_of(grant.project, at=at):
        return (Reason(code=NOT_A_MEMBER),)
    answered = Q(person=person) | Q(on_behalf_of=person)
    if grant.project is not None and grant.decision.verdicts.filter(answered).exists():
        return (Reason(code=DECIDED_ITSELF),)
    return missing_agreements(grant, person)


def takers_of(grant: Grant, *, at: datetime) -> frozenset[int]:
    """The people who may take a key of their own: the subject, or each member of the project now."""
    if grant.service_account_id is not None:
        return frozenset()
    if grant.project is None:
        return frozenset({grant.person_id})
    return frozenset(member.pk for member in members_of(grant.project, at=at))


def ask_again(grant: Grant, version: AssetVersion, *, member: Person | None = None, at: datetime) -> Ask:
    """The ask that made the grant, put anew for what is left of it and for one version; a project's grant for
    one of its members, where one is named."""
    actions = frozenset(Action(action) for action in grant.actions)
    return Ask(
        requester=grant.revision.request.requester,
        person=grant.person,
        service_account=grant.service_account,
        project=grant.project,
        member=member if grant.project else None,
        purpose=grant.purpose,
        items=(Item(asset=grant.asset, version=version, columns=tuple(grant.columns)),),
        actions=actions,
        starts_at=max(at, grant.not_before),
        ends_at=grant.not_after,
        place_of_processing=grant.revision.place_of_processing,
        ticket=grant.revision.ticket,
        labeling_part=part_of(grant.revision, actions),
        justification=grant.revision.justification,
        revision=grant.revision,
    )


def version_in_use(grant: Grant) -> AssetVersion:
    """By which the grant is judged: the first that it opens, or the approved one where it opens none."""
    return next(iter(versions_opened(grant)), grant.version)


def why_nothing_opened(grant: Grant) -> tuple[Reason, ...]:
    """Empty where the grant opens a version; else what closes the approved one."""
    return () if versions_opened(grant) else why_closed([grant.version_id]).get(grant.version_id, ())


def versions_opened(grant: Grant) -> tuple[AssetVersion, ...]:
    """Those that the grant covers, without those that something in effect closes."""
    covered = versions_covered(grant)
    shut = why_closed([version.pk for version in covered])
    return tuple(version for version in covered if version.pk not in shut)


def versions_covered(grant: Grant) -> tuple[AssetVersion, ...]:
    """The approved version; for a following grant also later ones that are no stricter.

    No stricter: every column was there and is confirmed in no higher class, no further category and no more
    identifying, and the data lie beside the approved ones. A later version that is stricter is withheld.
    """
    approved = grant.version
    if grant.mode == GrantMode.PINNED:
        return (approved,)
    later = grant.asset.versions.filter(number__gt=approved.number).select_related("location")
    candidates = list(later.order_by("number"))
    seen = _by_version(column_standings([approved.pk, *(version.pk for version in candidates)]))
    return (approved, *(version for version in candidates if _is_no_stricter(version, approved, seen)))


def _by_version(standings: Mapping[tuple[int, str], ColumnStanding]) -> Standings:
    by_version: Standings = {}
    for (version, column), standing in standings.items():
        by_version.setdefault(version, {})[column] = standing
    return by_version


def _is_no_stricter(later: AssetVersion, approved: AssetVersion, seen: Standings) -> bool:
    if not _same_root(later, approved):
        return False
    before, after = seen.get(approved.pk, {}), seen.get(later.pk, {})
    columns = set(later.columns.values_list("name", flat=True)) or {WHOLE_VERSION}
    return columns == after.keys() and all(
        name in before
        and _is_no_higher(column.class_rank, before[name].class_rank)
        and column.categories <= before[name].categories
        and column.is_confirmed
        and _IDENTIFYING.index(column.identifiability) <= _IDENTIFYING.index(before[name].identifiability)
        for name, column in after.items()
    )


def _is_no_higher(later: int | None, approved: int | None) -> bool:
    """A class that is not known is not known to be as low."""
    return later is not None and approved is not None and later <= approved


def _same_root(later: AssetVersion, approved: AssetVersion) -> bool:
    one, other = later.location, approved.location
    if one is None or other is None:
        return one is other
    is_same_place = (one.lake_id, one.bucket) == (other.lake_id, other.bucket)
    return is_same_place and one.prefix.startswith(_parent(other.prefix))


def _parent(prefix: str) -> str:
    """ "wells/logs/v1/" lies in "wells/logs/": where the versions of an asset lie beside each other."""
    return prefix.rstrip("/").rpartition("/")[0] + "/"
