"""The organization's own rules: their versions, their editor, and what they did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.access import commands, queries
from apps.console import wording
from apps.console.forms.policies import (
    STARTER,
    EditPolicyForm,
    NewPolicyForm,
    PolicyTextForm,
    ReplayForm,
)
from apps.console.forms.rules import RuleForm
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.console.policies import FACT_KINDS, faults_shown, rules_shown
from apps.kernel.errors import NotPermitted, StaleVersion
from apps.policy.house.writing import NoPlaceForRule, with_rule

PERIODS = (7, 30, 90, 365)
RULE = "rule"
NO_PLACE = _("This text has no list of rules in lines of its own. Write the rule into it by hand.")
USUAL_PERIOD = 90


class PolicySets(Page):
    section = "rulebook"
    template = "console/rulebook/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.policy_sets_visible_to(self.actor)
        context = {
            "page": page_of(request, rows, "-number"),
            "current": queries.policy_set_in_force(self.actor, at=timezone.now()),
            "may_write": queries.may_write_policy(self.actor),
            "now": timezone.now(),
        }
        return self.show(context)


class WhatItDid(Page):
    section = "rulebook"
    template = "console/rulebook/did.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("days", "")
        days = int(chosen) if chosen in {str(each) for each in PERIODS} else USUAL_PERIOD
        now = timezone.now()
        activity = queries.activity_of(self.actor, since=now - timedelta(days=days), until=now)
        return self.show({"activity": activity, "days": days, "periods": PERIODS})


class Coverage(Page):
    """Where too few people could decide, and what would mend it."""

    section = "rulebook"
    template = "console/rulebook/coverage.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Raises: NotPermitted."""
        coverage = queries.coverage_of(self.actor, at=timezone.now())
        context = {
            "coverage": coverage,
            "rows": [(gap, wording.ranked_word(gap.class_label, gap.class_rank)) for gap in coverage.gaps],
        }
        return self.show(context)


class PolicySet(Page):
    """One version, with what may be done about it."""

    section = "rulebook"
    template = "console/rulebook/policy.html"

    def get(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:
        return self.shown(policy_set_id, ReplayForm())

    def shown(self, policy_set_id: UUID, form: ReplayForm, *, status: int = 200, **more: Any) -> HttpResponse:
        policy_set = queries.policy_sets_visible_to(self.actor).one(policy_set_id)
        replays = queries.replays_visible_to(self.actor).filter(policy_set=policy_set.pk)
        newest = list(replays.order_by("-pk")[:5])
        context = {
            "policy_set": policy_set,
            "rules": rules_shown(policy_set.document),
            "form": form,
            "replays": newest,
            "is_replayed": any(
                each.finished_at and each.draft_sha256 == policy_set.sha256 for each in newest
            ),
            "may_write": queries.may_write_policy(self.actor),
            "is_author": policy_set.author_id == self.actor.person_id,
            "now": timezone.now(),
            **more,
        }
        return self.show(context, status=status)


class Write(Page):
    """The editor of a new draft. "Check" says what is wrong with the text and keeps nothing."""

    section = "rulebook"
    template = "console/rulebook/edit.html"
    parts = frozenset({"lint"})

    def get(self, request: HttpRequest) -> HttpResponse:
        self._expect_may_write()
        start = uid_of(request.GET.get("from", ""))
        if start is not None:
            text = queries.policy_sets_visible_to(self.actor).one(start).text
        else:
            current = queries.policy_set_in_force(self.actor, at=timezone.now())
            text = current.text if current is not None else STARTER
        return self.shown(NewPolicyForm(initial={"text": text}), text)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewPolicyForm(request.POST)
        if "check" in request.POST:
            return self.shown(self._checked(form), request.POST.get("text", ""))
        if "append" in request.POST:
            return self.appended(form)

        def make(given: dict[str, Any]) -> str:
            made = commands.draft_policy_set(actor=self.actor, **given)
            return reverse("console:policy-set", args=[made.uid])

        if form.makes(self.actor, make):
            messages.success(request, gettext("The draft is kept. Replay it to see what it would change."))
            return redirect(form.address)
        return self.again(form)

    def again(self, form: PolicyTextForm, **more: Any) -> HttpResponse:
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self.shown(form, form.data.get("text", ""), status=form.status, **more)

    def appended(self, form: PolicyTextForm, **more: Any) -> HttpResponse:
        """The text with one rule more, which nobody has kept yet; or what the rule lacks."""
        text, rule = form.data.get("text", ""), RuleForm(self.request.POST, prefix=RULE)
        if rule.is_valid():
            try:
                text = with_rule(text, rule.rule())
            except NoPlaceForRule:
                rule.add_error(None, NO_PLACE)
            else:
                typed = {**{name: form.data.get(name, "") for name in form.fields}, "text": text}
                return self.shown(type(form)(initial=typed), text, rule_form=RuleForm(prefix=RULE), **more)
        return self.shown(self._checked(form), text, status=400, rule_form=rule, form=rule, **more)

    def shown(self, editor: PolicyTextForm, text: str, *, status: int = 200, **more: Any) -> HttpResponse:
        """The summary of faults is that of `form`: of the text, or of the rule that lacks something."""
        found = queries.lint(self.actor, text)
        context = {
            "form": editor,
            "editor": editor,
            "rule_form": self._begun(),
            "lint": found,
            "faults": faults_shown(found.faults, text),
            "rules": rules_shown(found.house.document) if found.house is not None else (),
            "kinds": FACT_KINDS,
            **more,
        }
        return self.show(context, status=status)

    def _begun(self) -> RuleForm:
        """What was typed of a rule that nobody has asked for yet stays."""
        typed = RuleForm(self.request.POST or None, prefix=RULE)
        if not typed.is_bound:
            return typed
        return RuleForm(prefix=RULE, initial={name: typed[name].data for name in typed.fields})

    def _expect_may_write(self) -> None:
        """Raises: NotPermitted."""
        queries.lint(self.actor, STARTER)

    @staticmethod
    def _checked(form: PolicyTextForm) -> PolicyTextForm:
        """As it was typed, without calling anything an error that nobody has sent yet."""
        typed = {name: form.data.get(name, "") for name in form.fields}
        return type(form)(initial=typed)


class Edit(Write):
    """The editor of one's own draft."""

    def get(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:  # type: ignore[override]
        policy_set = queries.policy_sets_visible_to(self.actor).one(policy_set_id)
        initial = {"text": policy_set.text, "row_version": policy_set.row_version}
        return self.shown(EditPolicyForm(initial=initial), policy_set.text, policy_set=policy_set)

    def post(self, request: HttpRequest, policy_set_id: UUID) -> HttpResponse:  # type: ignore[override]
        policy_set = queries.policy_sets_visible_to(self.actor).one(policy_set_id)
        form = EditPolicyForm(request.POST)
        if "check" in request.POST:
            text = request.POST.get("text", "")
            return self.shown(self._checked(form), text, policy_set=policy_set)
        if "append" in request.POST:
            return self.appended(form, policy_set=policy_set)

        def change(given: dict[str, Any]) -> None:
            seen = given["row_version"]
            commands.change_policy_set(
                actor=self.actor, policy_set_id=policy_set_id, text=given["text"], seen_version=seen
            )

        if form.carries(change):
            messages.success(request, gettext("The draft is kept. Replay it to see what it would change."))
            return redirect("console:policy-set", policy_set_id)
        if isinstance(form.fault, StaleVersion):
            kept = request.POST.copy()
            kept["row_version"] = str(policy_set.row_version)
            again = EditPolicyForm(kept)
            again.refusal, again.status = form.refusal, form.status
            form = again
        return self.again(form, policy_set=policy_set)
