"""What was said about a request, as far as it is for the reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.access.models import Comment, CommentAudience, CommentKind, Request, Revision, Slot
from apps.access.queries.requests import assets_of
from apps.accounts.authorization import has_any_object_permission, standing_of
from apps.accounts.models import ProjectMember
from apps.accounts.roles import ASKED_BY_ROUTES, ObjectPermission, Role
from apps.catalog.models import Asset
from apps.kernel.actor import Actor, ActorKind

_DECIDING = (Role.COMPLIANCE_OFFICER, Role.DPO, *ASKED_BY_ROUTES)
_STANDING_IN = (Role.STEWARD, Role.ADMINISTRATOR)
"""Where the route falls back or escalates to them; otherwise they decide nothing."""


def comments_of(actor: Actor, request: Request) -> QuerySet[Comment]:
    """Of a request the actor sees: what is for them, and what they wrote themselves."""
    revision = Revision.objects.select_related("request").get(pk=request.revision_key)
    return comments_on(actor, revision, assets_of(revision))


def comments_on(actor: Actor, revision: Revision, assets: Sequence[Asset]) -> QuerySet[Comment]:
    """`comments_of` where the revision is at hand with its request and its assets. The oldest first."""
    return _for(actor, revision, audiences_of(actor, revision, assets))


def _for(actor: Actor, revision: Revision, audiences: Sequence[CommentAudience]) -> QuerySet[Comment]:
    rows = Comment.objects.filter(request=revision.request_id).select_related("author", "answers", "request")
    rows = rows.order_by("pk")
    if actor.is_system:
        return rows
    mine = Q(author=actor.person_id) if actor.kind is ActorKind.PERSON else Q()
    return rows.filter(Q(audience__in=audiences) | mine)


def open_questions() -> QuerySet[Comment]:
    """Those that nobody has answered yet; to be narrowed to requests that the reader sees."""
    return Comment.objects.filter(kind=CommentKind.QUESTION, answer__isnull=True)


def audiences_of(actor: Actor, revision: Revision, assets: Sequence[Asset]) -> tuple[CommentAudience, ...]:
    """Those the actor is one of. Nobody is on both sides: who asks does not read what deciders write."""
    if actor.kind is ActorKind.PERSON and actor.person_id in side_of(revision):
        return (CommentAudience.EVERYONE, CommentAudience.REQUESTER_SIDE)
    if decides(actor, revision, assets):
        return (CommentAudience.EVERYONE, CommentAudience.DECIDERS)
    return (CommentAudience.EVERYONE,)


def side_of(revision: Revision) -> frozenset[int]:
    """Who asks, who would receive, and who wrote the revision."""
    people = {revision.request.requester_id, revision.person_id, revision.edited_by_id}
    if revision.project_id is not None:
        members = ProjectMember.objects.filter(project=revision.project_id).not_over()
        people |= set(members.values_list("person", flat=True))
    return frozenset(people)


def decides(actor: Actor, revision: Revision, assets: Sequence[Asset]) -> bool:
    """Whether the actor may be asked for a verdict or an opinion on every one of the assets."""
    if actor.kind is not ActorKind.PERSON:
        return False
    standing = standing_of(actor)

    def holds(role: Role) -> bool:
        return all(
            standing.holds(role, organization_id=asset.organization_id, domain_id=asset.domain_id)
            for asset in assets
        )

    if any(holds(role) for role in _DECIDING):
        return True
    standing_in = [role.value for role in _STANDING_IN if holds(role)]
    if standing_in and _admits(revision, standing_in):
        return True
    keys = frozenset(asset.pk for asset in assets)
    return has_any_object_permission(actor, frozenset({ObjectPermission.OWN, ObjectPermission.APPROVE}), keys)


def _admits(revision: Revision, words: Sequence[str]) -> bool:
    """Whether the route of the newest evaluation asks any of the roles."""
    newest = revision.decisions.order_by("-pk").values("pk")[:1]
    asked = Q(role__in=words) | Q(also_roles__overlap=list(words))
    return Slot.objects.filter(asked, stage__decision=newest).exists()


@dataclass(frozen=True, kw_only=True)
class Talk:
    """`comments` are remarks and questions, the oldest first; `answers` by the question."""

    comments: tuple[Comment, ...]
    answers: Mapping[int, Comment]
    audiences: tuple[CommentAudience, ...]
    may_comment: bool


def talk_about(actor: Actor, revision: Revision, assets: Sequence[Asset]) -> Talk:
    """What is shown under a request, and what the reader may add."""
    audiences = audiences_of(actor, revision, assets)
    said = list(_for(actor, revision, audiences))
    return Talk(
        comments=tuple(each for each in said if each.kind != CommentKind.ANSWER),
        answers={each.answers_id: each for each in said if each.answers_id is not None},
        audiences=audiences,
        may_comment=len(audiences) > 1,
    )
