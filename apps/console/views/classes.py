"""The ladder of sensitivity classes, and what each demands of whoever wants its data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from apps.classification import commands, queries
from apps.console.forms.classes import DEMANDS, ClassForm, NewClassForm
from apps.console.page import Page


class Classes(Page):
    section = "rulebook"
    template = "console/rulebook/classes.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        steps = queries.ladder(self.actor)
        return self.show({"steps": steps, "may_manage": queries.may_manage_classes(self.actor)})


class NewClass(Page):
    section = "rulebook"
    template = "console/rulebook/new_class.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        queries.demand_manager_of_classes(self.actor)
        return self.show({"form": NewClassForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewClassForm(request.POST)

        def make(given: dict[str, Any]) -> str:
            made = commands.add_class(actor=self.actor, handling=form.handling(given), **given)
            return reverse("console:class", args=[made.uid])

        if not form.makes(self.actor, make):
            return self.show({"form": form}, status=form.status)
        messages.success(request, gettext("The class stands on the ladder."))
        return redirect(form.address)


class Class(Page):
    """One class, with what it demands and how that is changed."""

    section = "rulebook"
    template = "console/rulebook/class.html"

    def get(self, request: HttpRequest, class_id: UUID) -> HttpResponse:
        return self._shown(class_id)

    def post(self, request: HttpRequest, class_id: UUID) -> HttpResponse:
        form = ClassForm(request.POST)

        def change(given: dict[str, Any]) -> None:
            handling = form.handling(given)
            commands.change_handling(
                actor=self.actor, sensitivity_class_id=class_id, handling=handling, **given
            )

        if not form.carries(change):
            return self._shown(class_id, form)
        messages.success(request, gettext("This holds from now on. What was decided stays."))
        return redirect("console:class", class_id)

    def _shown(self, class_id: UUID, form: ClassForm | None = None) -> HttpResponse:
        step = queries.ladder(self.actor).one(class_id)
        if form is not None and form.is_stale:
            form.read_again(step.row_version)
        initial = {**{name: getattr(step, name) for name in DEMANDS}, "seen_version": step.row_version}
        context = {
            "step": step,
            "form": form or ClassForm(initial=initial),
            "may_manage": queries.may_manage_classes(self.actor),
        }
        return self.show(context, status=form.status if form else 200)
