"""What the clock and other floors' events set off here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_noop

from apps.access.commands import (
    activate_grant,
    check_condition,
    expire_grant,
    finish_replay,
    keep_request_going,
    lapse_condition,
    pseudonymize_grants,
    reevaluate_request,
    remind_condition,
    reopen_request,
    resume_grant,
    revoke_grant,
    sanction_break_glass,
    suspend_grant,
    withdraw_request,
)
from apps.access.commands.ticket_checks import ask_system
from apps.access.lifecycle import (
    EVALUATED_REQUEST,
    GIVING_GRANT,
    LIVE_GRANT,
    OPEN_REQUEST,
    ConditionStatus,
    GrantState,
    RequestState,
)
from apps.access.models import (
    BreakGlass,
    Condition,
    Decision,
    Grant,
    PolicyReplay,
    Request,
    Stage,
    TicketCheck,
    TicketSystem,
)
from apps.access.queries.conditions import current
from apps.access.queries.evaluation import answer, current_rulebook
from apps.access.queries.grants import ask_again, version_in_use, why_not_lawful, why_nothing_opened
from apps.access.queries.ledger import people_to_pseudonymize
from apps.access.queries.recalls import grants_reached, held_back_on, held_back_on_asset
from apps.access.queries.replays import compared, latest_decisions, replayed
from apps.accounts.models import ProjectMember
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.queries import all_made_from
from apps.compliance.lifecycle.occurrences import EFFECTS, AccessEffect
from apps.compliance.models import AffectedVersion, ModelAssessment, Occurrence
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.outbound import outbound
from apps.labeling.models import LabelSet, RedactionCheck
from apps.policy.conditions import ConditionCheck, ConditionKind

BATCH = 500
PERSON_LEFT = gettext_noop("The person has left.")
OPEN_AGAIN = gettext_noop("The data may be opened again.")
PURPOSE_WITHDRAWN = gettext_noop("The purpose of the grant was withdrawn.")


@shared_task
def keep_grants_in_step() -> None:
    """Write down what has begun, run out or lapsed; nothing depends on this being on time."""
    now = database_now()
    begun = Grant.objects.filter(state=GrantState.SCHEDULED, not_before__lte=now, not_after__gt=now)
    for uid, request_uid in begun.values_list("uid", "revision__request__uid")[:BATCH]:
        if activate_grant(actor=SYSTEM, grant_id=uid).state == GrantState.SCHEDULED:
            reopen_request(actor=SYSTEM, request_id=request_uid)
    over = Grant.objects.filter(ended_at__isnull=True, not_after__lte=now)
    for uid in over.values_list("uid", flat=True)[:BATCH]:
        expire_grant(actor=SYSTEM, grant_id=uid)
    _keep_conditions_in_time(now)
    unreviewed = BreakGlass.objects.filter(reviewed_at=None, sanctioned_at=None, sanction_at__lte=now)
    for uid in unreviewed.values_list("uid", flat=True)[:BATCH]:
        sanction_break_glass(actor=SYSTEM, break_glass_id=uid)


def _keep_conditions_in_time(now: datetime) -> None:
    """Call to mind what is due soon, and let lapse what was not confirmed in time."""
    waits = Q(grant=None, request__state=RequestState.AWAITING_CONDITIONS)
    lasts = Q(kind=ConditionKind.DURING, grant__state__in=LIVE_GRANT)
    follows = Q(kind=ConditionKind.AFTER, grant__ended_at__isnull=False)
    unmet = ~Q(status=ConditionStatus.MET)
    asked = Condition.objects.filter(current(), lasts | (waits | follows) & unmet)
    for uid in asked.filter(remind_at__lte=now).values_list("uid", flat=True)[:BATCH]:
        remind_condition(actor=SYSTEM, condition_id=uid)
    overdue = asked.filter(due_at__lte=now).exclude(status=ConditionStatus.LAPSED)
    for uid in overdue.values_list("uid", flat=True)[:BATCH]:
        lapse_condition(actor=SYSTEM, condition_id=uid)


@shared_task
def check_conditions() -> None:
    """Look at what the portal itself can find: what waits for it, and what has to go on being so."""
    now = database_now()
    waits = Q(grant=None, request__state=RequestState.AWAITING_CONDITIONS)
    ended = Q(grant__ended_at__isnull=False) | Q(grant__not_after__lte=now)
    open_ones = ~Q(status=ConditionStatus.MET)
    asked = (waits | Q(kind=ConditionKind.AFTER) & ended) & open_ones
    lasting = Q(kind=ConditionKind.DURING, grant__state__in=LIVE_GRANT)
    automatic = Condition.objects.filter(asked | lasting, check_by=ConditionCheck.AUTOMATIC)
    for uid in automatic.order_by("pk").values_list("uid", flat=True):
        check_condition(actor=SYSTEM, condition_id=uid)


@shared_task
def keep_stages_in_time() -> None:
    """Remind, escalate and let lapse. While nobody does, requests wait; none is ever approved."""
    late = Stage.objects.filter(closed_at__isnull=True, remind_at__lte=database_now())
    waiting = late.filter(decision__revision__request__state=RequestState.IN_REVIEW)
    uids = waiting.order_by("remind_at").values_list("decision__revision__request__uid", flat=True)
    for uid in dict.fromkeys(uids[:BATCH]):
        keep_request_going(actor=SYSTEM, request_id=uid)


@shared_task
def keep_going(request_id: str) -> None:
    keep_request_going(actor=SYSTEM, request_id=UUID(request_id))


@shared_task
def look_for_people() -> None:
    """See whether every open request still has people enough, and whether those that had not now have."""
    look_for_people_again(None)


def look_for_people_again(_uid: UUID | None) -> None:
    waiting = Request.objects.filter(state=RequestState.IN_REVIEW)
    for uid in waiting.order_by("pk").values_list("uid", flat=True):
        keep_going.delay(str(uid))


def look_for_people_of_request(request_uid: UUID) -> None:
    keep_going.delay(str(request_uid))


@shared_task
def reevaluate(request_id: str) -> None:
    """Also what the portal itself can find for it: the same facts may have met a condition."""
    uid = UUID(request_id)
    reevaluate_request(actor=SYSTEM, request_id=uid)
    reopen_request(actor=SYSTEM, request_id=uid)
    waits = Condition.objects.filter(request__uid=uid, request__state=RequestState.AWAITING_CONDITIONS)
    found = waits.filter(grant=None, check_by=ConditionCheck.AUTOMATIC, status=ConditionStatus.OPEN)
    for condition_uid in found.order_by("pk").values_list("uid", flat=True):
        check_condition(actor=SYSTEM, condition_id=condition_uid)


def suspend_grants_for_purpose(purpose_uid: UUID) -> None:
    """A purpose was withdrawn for good. Nothing was given for it since; here it is written down."""
    _suspend(PURPOSE_WITHDRAWN, purpose__uid=purpose_uid)


def suspend_grants_of_person(person_uid: UUID) -> None:
    """Somebody left, and what they and the programs they answered for held gives nothing since."""
    _suspend(PERSON_LEFT, person__uid=person_uid, project__isnull=True)


def act_on_occurrence(occurrence_uid: UUID) -> None:
    """What happened to data reaches the grants on them: some end, some are held back until there is a version
    without the rows, and some are asked anew. Nothing was given for what is closed since; here it is written
    down."""
    occurrence = Occurrence.objects.get(uid=occurrence_uid)
    access = EFFECTS[occurrence.kind_of].access
    affected = AffectedVersion.objects.filter(occurrence=occurrence)
    for grant in grants_reached(occurrence, affected.values("version")).order_by("pk"):
        if AccessEffect.REVOKE_BY_COUNTRY in access or _is_to_end(grant, access):
            revoke_grant(actor=SYSTEM, grant_id=grant.uid, comment=occurrence.ref)
        elif grant.state != GrantState.SUSPENDED and _is_to_wait(grant):
            suspend_grant(
                actor=SYSTEM, grant_id=grant.uid, comment=occurrence.ref, occurrence_id=occurrence.uid
            )


def _is_to_end(grant: Grant, access: Collection[AccessEffect]) -> bool:
    """Data that must not be there. A model that learned from them is only held back until it is assessed."""
    return AccessEffect.REVOKE in access and grant.asset.kind != AssetKind.MODEL


def _is_to_wait(grant: Grant) -> bool:
    """There is nothing left to open, or policy, asked anew, wants more than was passed."""
    if why_nothing_opened(grant):
        return True
    now = database_now()
    return bool(why_not_lawful(grant, answer(ask_again(grant, version_in_use(grant), at=now), at=now)))


def go_on_after_lifting(occurrence_uid: UUID) -> None:
    """An occurrence holds no more: what was held back on the versions it reached may go on."""
    _go_on(held_back_on(occurrence_uid))


def go_on_on_version(version_uid: UUID) -> None:
    """There is a version without the rows: grants that follow the asset go on with it."""
    _go_on(held_back_on_asset(AssetVersion.objects.select_related("asset").get(uid=version_uid).asset.uid))


def go_on_with_model(assessment_uid: UUID) -> None:
    """A model was assessed, and perhaps kept."""
    assessed = ModelAssessment.objects.select_related("version__asset").get(uid=assessment_uid)
    _go_on(held_back_on_asset(assessed.version.asset.uid))


def _go_on(held_back: QuerySet[Grant]) -> None:
    """Where something is open again, and policy, asked anew, still says what the grant has gone through."""
    for grant in held_back:
        if not why_nothing_opened(grant) and not _is_to_wait(grant):
            resume_grant(actor=SYSTEM, grant_id=grant.uid, comment=OPEN_AGAIN)


def withdraw_requests_of_person(person_uid: UUID) -> None:
    """Somebody left: nobody is left to answer for what they asked, so it is taken back in their place."""
    asked = Request.objects.filter(requester__uid=person_uid, state__in=OPEN_REQUEST)
    for uid in asked.order_by("pk").values_list("uid", flat=True):
        withdraw_request(actor=SYSTEM, request_id=uid)


def _suspend(comment: str, **about: UUID | bool) -> None:
    held = Grant.objects.filter(state__in=GIVING_GRANT, **about)
    for uid in held.order_by("pk").values_list("uid", flat=True):
        suspend_grant(actor=SYSTEM, grant_id=uid, comment=comment)


def reevaluate_requests_on_asset(asset_uid: UUID) -> None:
    _reevaluate(revision__items__asset__uid=asset_uid)


def reevaluate_requests_on_version(version_uid: UUID) -> None:
    """Also those on what was made from it, which is never laxer."""
    _reevaluate(Q(revision__items__version__in=all_made_from(uid=version_uid)))


def reevaluate_requests_after_check(check_uid: UUID) -> None:
    """Those that wait for a check of the redaction go on, and others may have to wait for a better one."""
    checked = RedactionCheck.objects.filter(uid=check_uid).values("version")
    _reevaluate(Q(revision__items__version__in=checked))


def reevaluate_requests_after_labels(label_set_uid: UUID) -> None:
    """What labels are good for was found, or found anew: for the data, and for all made from them."""
    version = LabelSet.objects.values_list("version__uid", flat=True).get(uid=label_set_uid)
    _reevaluate(Q(revision__items__version__in=all_made_from(uid=version)))


def reevaluate_requests_on_lineage(asset_uid: UUID) -> None:
    """On every version of the asset, and on what was made from them."""
    _reevaluate(Q(revision__items__version__in=all_made_from(asset__uid=asset_uid)))


def reevaluate_requests_of_person(person_uid: UUID) -> None:
    """What they ask, and what is asked for them, for a program they answer for or a project of theirs."""
    belongs = ProjectMember.objects.filter(person__uid=person_uid).not_over()
    party = Q(requester__uid=person_uid) | Q(revision__person__uid=person_uid)
    _reevaluate(party | Q(revision__project__in=belongs.values("project")))


def reevaluate_requests_of_project(project_uid: UUID) -> None:
    _reevaluate(revision__project__uid=project_uid)


def reevaluate_requests_on_purpose(purpose_uid: UUID) -> None:
    _reevaluate(revision__purpose__uid=purpose_uid)


def reevaluate_all_open_requests(_uid: UUID) -> None:
    _reevaluate()


@shared_task
def reevaluate_under_new_rulebooks() -> None:
    """Each open request is answered by the newest rules as a whole; those answered by older ones are anew.

    Also finds the rulebooks whose day has come.
    """
    now = database_now()
    newest = Decision.objects.filter(revision=OuterRef("revision")).order_by("-pk").values("rulebook")[:1]
    waiting = Request.objects.filter(state=RequestState.IN_REVIEW).annotate(answered_by=Subquery(newest))
    for organization_id in waiting.order_by().values_list("organization", flat=True).distinct():
        book = current_rulebook(organization_id, at=now)
        older = waiting.filter(organization=organization_id).exclude(answered_by=book.pk)
        for uid in older.order_by("pk").values_list("uid", flat=True):
            reevaluate.delay(str(uid))


def reevaluate_under_rulebook(_rulebook_uid: UUID) -> None:
    reevaluate_under_new_rulebooks.delay()


@shared_task
def ask_ticket_system(check_id: int) -> None:
    ask_system(check_id, outbound())


@shared_task
def ask_ticket_systems() -> None:
    """Sweep what no worker was woken for, and what was not answered."""
    _ask_systems()


def ask_systems_about(request_uid: UUID) -> None:
    """A request has been evaluated: whoever has to be asked about its ticket is asked at once."""
    _ask_systems(revision__request__uid=request_uid)


def _ask_systems(**about: UUID) -> None:
    due = TicketCheck.objects.waiting().filter(next_at__lte=database_now(), **about)
    for check_id in due.order_by("next_at").values_list("pk", flat=True)[:BATCH]:
        ask_ticket_system.delay(check_id)


def reevaluate_request_with_ticket(request_uid: UUID) -> None:
    reevaluate.delay(str(request_uid))


def reevaluate_requests_with_tickets(system_uid: UUID) -> None:
    """A ticket system was connected or asked again: what waits for its word asks for it now."""
    organization = TicketSystem.objects.get(uid=system_uid).organization_id
    waiting = Request.objects.filter(state__in=EVALUATED_REQUEST, organization=organization)
    with_ticket = waiting.exclude(revision__ticket="")
    for uid in with_ticket.order_by("pk").values_list("uid", flat=True):
        reevaluate.delay(str(uid))


@shared_task
def run_replay(replay_id: str) -> None:
    """Answer the past anew, tell how far it is, and keep what was found."""
    replay = PolicyReplay.objects.select_related("policy_set__organization").get(uid=UUID(replay_id))
    if replay.finished_at is not None:
        return
    decisions = latest_decisions(replay.policy_set.organization_id, since=replay.since)
    unfinished = PolicyReplay.objects.filter(pk=replay.pk, finished_at__isnull=True)
    unfinished.update(total=decisions.count(), done=0)
    report = replayed(decisions, *compared(replay), tell=lambda done: unfinished.update(done=done))
    finish_replay(
        actor=SYSTEM,
        policy_replay_id=replay.uid,
        total=report.total,
        counts=report.counts,
        changed=report.changed,
    )


def run_started_replay(replay_uid: UUID) -> None:
    run_replay.delay(str(replay_uid))


def _reevaluate(*conditions: Q, **about: UUID) -> None:
    waiting = Request.objects.filter(*conditions, state__in=EVALUATED_REQUEST, **about)
    for uid in waiting.order_by("pk").values_list("uid", flat=True).distinct():
        reevaluate.delay(str(uid))


@shared_task
def pseudonymize_ledger() -> None:
    """Names of those who left go six years after their last access."""
    for uid in people_to_pseudonymize(database_now()).values_list("uid", flat=True):
        pseudonymize_grants(actor=SYSTEM, person_id=uid)
