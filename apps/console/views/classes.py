"""The ladder of sensitivity classes, what each demands of who wants its data, and what is proposed for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.classification import commands, queries
from apps.classification.commands import DEMANDS
from apps.classification.queries import LadderChangeState
from apps.console import wording
from apps.console.forms.classes import ClassForm, LadderRefusalForm, NewClassForm
from apps.console.forms.house import HouseForm
from apps.console.page import Page


class Classes(Page):
    section = "rulebook"
    template = "console/rulebook/classes.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        steps = queries.ladder(self.actor)
        may_manage = queries.may_manage_classes(self.actor)
        changes = queries.open_ladder_changes(self.actor) if may_manage else ()
        return self.show({"steps": steps, "may_manage": may_manage, "changes": changes})


class NewClass(Page):
    section = "rulebook"
    template = "console/rulebook/new_class.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        queries.demand_manager_of_classes(self.actor)
        return self.show({"form": NewClassForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewClassForm(request.POST)

        def make(given: dict[str, Any]) -> str:
            made = commands.propose_class(actor=self.actor, handling=form.handling(given), **given)
            return reverse("console:ladder-change", args=[made.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        return redirect(form.address)


class Class(Page):
    """One class, with what it demands and how that is changed."""

    section = "rulebook"
    template = "console/rulebook/class.html"

    def get(self, request: HttpRequest, class_id: UUID) -> HttpResponse:
        return self._shown(class_id)

    def post(self, request: HttpRequest, class_id: UUID) -> HttpResponse:
        form = ClassForm(request.POST)
        made: list[Any] = []

        def change(given: dict[str, Any]) -> None:
            handling = form.handling(given)
            made.append(
                commands.propose_handling(
                    actor=self.actor, sensitivity_class_id=class_id, handling=handling, **given
                )
            )

        if not form.carries(change):
            return self._shown(class_id, form)
        if made[0].state == LadderChangeState.PROPOSED:
            return redirect("console:ladder-change", made[0].uid)
        messages.success(request, gettext("This holds from now on. What was decided stays."))
        return redirect("console:class", class_id)

    def _shown(self, class_id: UUID, form: ClassForm | None = None) -> HttpResponse:
        step = queries.ladder(self.actor).one(class_id)
        if form is not None and form.is_stale:
            form.read_again(step.row_version)
        initial = {**{name: getattr(step, name) for name in DEMANDS}, "seen_version": step.row_version}
        may_manage = queries.may_manage_classes(self.actor)
        open_ones = queries.open_ladder_changes(self.actor).filter(sensitivity_class=step)
        context = {
            "step": step,
            "form": form or ClassForm(initial=initial),
            "may_manage": may_manage,
            "change": open_ones.first() if may_manage else None,
        }
        return self.show(context, status=form.status if form else 200)


class LadderChange(Page):
    """What somebody proposed for the ladder: what it would change, who has yet to agree, and one's answer."""

    section = "rulebook"
    template = "console/rulebook/ladder_change.html"

    def get(self, request: HttpRequest, change_id: UUID) -> HttpResponse:
        return self._shown(change_id)

    def post(self, request: HttpRequest, change_id: UUID) -> HttpResponse:
        acts = {"agree": self._agree, "reject": self._reject, "withdraw": self._withdraw}
        form = acts.get(request.POST.get("act", ""), self._reject)(change_id)
        if form.fault is not None or form.errors:
            return self._shown(change_id, form)
        return redirect("console:ladder-change", change_id)

    def _agree(self, change_id: UUID) -> HouseForm:
        form = HouseForm(self.request.POST)
        named = {"actor": self.actor, "ladder_change_id": change_id}
        form.carries(lambda _: commands.agree_to_ladder_change(**named))
        return form

    def _withdraw(self, change_id: UUID) -> HouseForm:
        form = HouseForm(self.request.POST)
        named = {"actor": self.actor, "ladder_change_id": change_id}
        form.carries(lambda _: commands.withdraw_ladder_change(**named))
        return form

    def _reject(self, change_id: UUID) -> HouseForm:
        form = LadderRefusalForm(self.request.POST)
        named = {"actor": self.actor, "ladder_change_id": change_id}
        form.carries(lambda given: commands.reject_ladder_change(**named, **given))
        return form

    def _shown(self, change_id: UUID, form: HouseForm | None = None) -> HttpResponse:
        change = queries.ladder_changes(self.actor).one(change_id)
        is_refusal = isinstance(form, LadderRefusalForm)
        context = {
            "change": change,
            "step": change.document,
            "now": None if change.is_new_class else change.sensitivity_class,
            "state": wording.LADDER_CHANGE_STATES[change.state],
            "is_here": change.organization_id == self.actor.organization_id,
            "awaited": queries.awaited(self.actor, change, at=timezone.now()),
            "refusal_form": form if is_refusal else LadderRefusalForm(),
            "form": form,
        }
        return self.show(context, status=form.status if form else 200)
