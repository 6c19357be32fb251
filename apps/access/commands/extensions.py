"""Carrying a grant on: a new request, which those who decide see like any other."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.access.commands.revisions import add_revision, new_request
from apps.access.drafts import ItemDraft, RequestDraft, read_draft
from apps.access.errors import EXTENSION_OPEN, ONLY_PEOPLE_ASK
from apps.access.evaluation import expect_extendable
from apps.access.events import ExtensionDrafted
from apps.access.facts import grant_resource
from apps.access.lifecycle import CLOSED_REQUEST
from apps.access.models import Grant, GrantMode, Request
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import invalid_state, rule_broken
from apps.policy.facts import Action


@command(lock=Grant)
def extend_grant(
    *,
    actor: Actor,
    grant_id: UUID,
    actions: Collection[str] | None = None,
    ends_on: date | None = None,
    justification: str = "",
    at: datetime,
) -> Request:
    """Draft a request that would carry the grant on from its end, for as long again unless a day is named.

    `actions` leaves some out. The grant keeps its own clock: neither draft nor request prolongs anything.
    Raises: NotFound, NotPermitted, InvalidState (cannot be extended, or is being), InvalidInput, RuleBroken.
    """
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    if actor.kind is not ActorKind.PERSON:
        raise rule_broken(ONLY_PEOPLE_ASK)
    authorize(actor=actor, operation=Operation.EXTEND_GRANT, resource=grant_resource(grant))
    expect_extendable(grant, at=at)
    is_open = Request.objects.filter(extends=grant).exclude(state__in=sorted(CLOSED_REQUEST)).first()
    if is_open is not None:
        raise invalid_state(EXTENSION_OPEN, ref=is_open.ref)
    wanted = grant.actions if actions is None else [each for each in grant.actions if each in actions]
    draft = _same_again(grant, wanted, ends_on or _as_long_again(grant, at=at), justification)
    ask = read_draft(actor, draft, at=at)
    request = new_request(ask, extends=grant, at=at)
    add_revision(request, ask, draft, actor=actor, at=at)
    record(ExtensionDrafted(grant_id=grant.uid, request_id=request.uid), actor=actor, at=at)
    return request


def _same_again(grant: Grant, actions: list[str], ends_on: date, justification: str) -> RequestDraft:
    is_pinned = grant.mode == GrantMode.PINNED
    version_id = grant.version.uid if is_pinned else None
    service, revision = grant.service_account, grant.revision
    return RequestDraft(
        items=[ItemDraft(asset_id=grant.asset.uid, version_id=version_id, columns=tuple(grant.columns))],
        purpose_id=grant.purpose.uid,
        actions=actions,
        ends_on=ends_on,
        service_account_id=service.uid if service else None,
        project_id=grant.project.uid if grant.project else None,
        place_of_processing=revision.place_of_processing,
        justification=justification or revision.justification,
        mode=grant.mode,
        labeling_part=revision.labeling_part if Action.LABEL in actions else "",
    )


def _as_long_again(grant: Grant, *, at: datetime) -> date:
    end = max(at, grant.not_after) + (grant.not_after - grant.not_before)
    zone = ZoneInfo(grant.organization.time_zone)
    return (end - timedelta(microseconds=1)).astimezone(zone).date()
