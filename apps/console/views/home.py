"""Where one begins: what needs me, what I have, what ends soon."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access import queries
from apps.access.lifecycle import LIVE_GRANT, OPEN_REQUEST
from apps.accounts.authorization import standing_of
from apps.accounts.roles import Role
from apps.catalog.queries import AssetState, assets_visible_to
from apps.classification.queries import progress_of, versions_to_classify
from apps.compliance.queries import duties_asked_of, model_assessments_asked_of
from apps.console.page import Page
from apps.console.records import records_to_review
from apps.kernel.actor import Actor

ROWS = 5
SOON = timedelta(days=14)


class Home(Page):
    section = "home"
    template = "console/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = list(queries.without_blocked(queries.inbox_of(self.actor)).order_by("submitted_at")[:ROWS])
        mine = queries.requests_visible_to(self.actor).filter(requester=self.actor.person_key)
        mine = mine.annotate(has_question=Exists(queries.open_questions().filter(request=OuterRef("pk"))))
        asked = list(mine.filter(state__in=OPEN_REQUEST).order_by("-has_question", "-pk")[:ROWS])
        roles = {held.role for held in standing_of(self.actor).roles}
        watches = not roles.isdisjoint({Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR})
        unroutable = _unroutable(self.actor) if watches else []
        queries.look_up_assets([*waiting, *asked, *unroutable])
        held = queries.grants_held_by(self.actor)
        grants = list(held.filter(state__in=LIVE_GRANT).order_by("not_after")[: ROWS + 1])
        soon = timezone.now() + SOON
        conditions = list(queries.conditions_asked(self.actor, at=timezone.now())[:ROWS])
        questions = [each for each in asked if each.has_question]
        context: dict[str, Any] = {
            "waiting": waiting,
            "conditions": conditions,
            "questions": questions,
            "owed": len(conditions) + len(questions),
            "asked": asked,
            "to_do": _to_do(self.actor),
            "grants": grants[:ROWS],
            "has_more_grants": len(grants) > ROWS,
            "soon": soon,
            "ending": [grant for grant in grants if grant.not_after < soon],
            "is_steward": Role.STEWARD in roles,
            "unroutable": unroutable,
        }
        if Role.COMPLIANCE_OFFICER in roles:
            context["records"] = records_to_review(self.actor, ROWS)
            context["glasses"] = list(queries.glass_to_review(self.actor)[:ROWS])
        if Role.ON_CALL in roles:
            context["own_glasses"] = list(queries.own_open_glass(self.actor, at=timezone.now()))
        if context["is_steward"]:
            context |= self._to_keep_right()
        return self.show(context)

    def _to_keep_right(self) -> dict[str, Any]:
        """A steward's drafts, and the newest versions that wait for a class or for somebody who vouches."""
        drafts = assets_visible_to(self.actor).filter(state=AssetState.DRAFT).order_by("-pk")
        waiting = [(version, progress_of(version)) for version in _newest(self.actor)]
        return {"drafts": list(drafts[:ROWS]), "unclassified": waiting}


def _unroutable(actor: Actor) -> list[Any]:
    """The oldest requests that too few people may decide."""
    found = queries.requests_visible_to(actor).filter(
        state=queries.RequestState.IN_REVIEW, unroutable_since__isnull=False
    )
    return list(found.order_by("unroutable_since")[:ROWS])


def _to_do(actor: Actor) -> list[Any]:
    """Duties, models to assess and copies to answer for, the next one due first. One statement."""
    columns = ("what", "uid", "text", "asset_name", "due_on")
    of: tuple[tuple[Any, str, Any, str], ...] = (
        (duties_asked_of(actor), "duty", F("title"), "asset__name"),
        (model_assessments_asked_of(actor), "model", Value(""), "version__asset__name"),
        (queries.recalls_asked_of(actor), "recall", Value(""), "grant__asset__name"),
    )
    first, *others = (
        rows.order_by()
        .annotate(
            what=Value(what, output_field=CharField()),
            text=Cast(text, CharField()),
            asset_name=Cast(F(asset), CharField()),
        )
        .values_list(*columns, named=True)
        for rows, what, text, asset in of
    )
    return list(first.union(*others, all=True).order_by("due_on")[:ROWS])


def _newest(actor: Actor) -> list[Any]:
    return list(versions_to_classify(actor).order_by("-pk")[:ROWS])
