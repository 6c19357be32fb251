"""From a draft of rules to rules in force: replayed, sent, read by another person, published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from apps.access import commands, queries
from apps.access.queries import PolicySetState
from apps.console.forms.house import HouseForm
from apps.console.forms.policies import PublishPolicyForm, ReplayForm, ReturnPolicyForm
from apps.console.page import Page, uid_of
from apps.console.pointers import pointers
from apps.console.policies import changes_shown, counts_shown, rules_shown
from apps.console.reached import Reached, reached_by
from apps.console.views.rulebook import PolicySet
from apps.kernel.contributions import impact_of
from apps.kernel.errors import NotPermitted


class StartReplay(PolicySet):
    def get(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        return redirect("console:policy-set", policy_set_id)

    def post(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        form = ReplayForm(request.POST)
        started: Any = None

        def start(given: dict[str, Any]) -> None:
            nonlocal started
            started = commands.start_replay(actor=self.actor, policy_set_id=policy_set_id, **given)

        if form.carries(start):
            return redirect("console:policy-replay", policy_set_id, started.uid)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self.shown(policy_set_id, form, status=form.status)


class Replay(Page):
    section = "rulebook"
    template = "console/rulebook/replay.html"
    parts = frozenset({"report"})

    def get(self, request: HttpRequest, policy_set_id: UUID, replay_id: UUID) -> HttpResponse:
        replay = queries.replays_visible_to(self.actor).one(replay_id)
        changes = changes_shown(replay.changed)
        context = {
            "replay": replay,
            "policy_set": replay.policy_set,
            "counts": counts_shown(replay.counts),
            "changes": changes,
            "open": pointers(self.actor, (each.uid for each in changes)),
            "is_of_this_text": replay.draft_sha256 == replay.policy_set.sha256,
        }
        return self.show(context)


class Submit(PolicySet):
    def get(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        return redirect("console:policy-set", policy_set_id)

    def post(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        form = HouseForm({})

        def submit(given: dict[str, Any]) -> None:
            commands.submit_policy_set(actor=self.actor, policy_set_id=policy_set_id)

        if form.carries(submit):
            messages.success(request, gettext("Sent. Another person can publish it now."))
            return redirect("console:policy-set", policy_set_id)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self.shown(policy_set_id, ReplayForm(), status=form.status, refusal=form.refusal)


class Publish(Page):
    """What the second person reads before they put it in force, or give it back."""

    section = "rulebook"
    template = "console/rulebook/publish.html"

    def get(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        return self.shown(policy_set_id)

    def post(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        form = PublishPolicyForm(request.POST)

        def publish(given: dict[str, Any]) -> None:
            given["seen_impact"] = given["seen_impact"] or None
            commands.publish_policy_set(actor=self.actor, policy_set_id=policy_set_id, **given)

        if form.carries(publish):
            messages.success(request, gettext("Published. Open requests are evaluated anew."))
            return redirect("console:policy-set", policy_set_id)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self.shown(policy_set_id, form=form, publish_form=form, status=form.status)

    def shown(self, policy_set_id: UUID, *, status: int = 200, **forms: HouseForm) -> HttpResponse:
        policy_set = queries.policy_sets_visible_to(self.actor).one(policy_set_id)
        current = queries.policy_set_in_force(self.actor, at=timezone.now())
        done = queries.replays_visible_to(self.actor).filter(
            policy_set=policy_set.pk, draft_sha256=policy_set.sha256, finished_at__isnull=False
        )
        replay = done.order_by("-pk").first()
        context = {
            "policy_set": policy_set,
            "current": current,
            "compared": queries.compared(current, policy_set),
            "rules": rules_shown(policy_set.document),
            "replay": replay,
            "counts": counts_shown(replay.counts) if replay else (),
            "publish_form": PublishPolicyForm(initial={"sha256": policy_set.sha256}),
            "return_form": ReturnPolicyForm(),
            "is_author": policy_set.author_id == self.actor.person_id,
            "may_write": queries.may_write_policy(self.actor),
            "reached": self._reached(policy_set),
            **forms,
        }
        return self.show(context, status=status)

    def _reached(self, policy_set: Any) -> Reached | None:
        """What it would change today, while it is in review."""
        if policy_set.state != PolicySetState.IN_REVIEW:
            return None
        return reached_by(impact_of(commands.PUBLISHING, policy_set.uid), self.actor)


class Return(Publish):
    def get(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        return redirect("console:policy-publish", policy_set_id)

    def post(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        form = ReturnPolicyForm(request.POST)

        def give_back(given: dict[str, Any]) -> None:
            commands.return_policy_set(actor=self.actor, policy_set_id=policy_set_id, **given)

        if form.carries(give_back):
            messages.success(request, gettext("Given back to its author."))
            return redirect("console:policy-set", policy_set_id)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self.shown(policy_set_id, form=form, return_form=form, status=form.status)


class Changes(Page):
    """A version set against an earlier one, by rule and line by line."""

    section = "rulebook"
    template = "console/rulebook/changes.html"

    def get(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        rows = queries.policy_sets_visible_to(self.actor)
        policy_set = rows.one(policy_set_id)
        others = list(rows.filter(organization=policy_set.organization).exclude(pk=policy_set.pk)[:50])
        chosen = uid_of(request.GET.get("from", ""))
        before = next((each for each in others if each.uid == chosen), None)
        if before is None:
            before = next((each for each in others if each.number < policy_set.number), None)
        context = {
            "policy_set": policy_set,
            "before": before,
            "others": others,
            "compared": queries.compared(before, policy_set),
        }
        return self.show(context)
