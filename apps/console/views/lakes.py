"""Connections to data lakes: what stands where, and whether it is set up soundly."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from apps.catalog.queries import locations_in_lake
from apps.console.connections import capabilities_shown, facts_of, said_of
from apps.console.forms.house import HouseForm
from apps.console.forms.lakes import ChangeForm, ConnectForm, DisableForm, HaltForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.console.probes import asked
from apps.console.reached import reached_by
from apps.console.wording.lakes import LAKES
from apps.credentials.commands import cut_lake
from apps.credentials.queries import logs_of, overdue_revocations, reader_of
from apps.kernel.contributions import impact_of
from apps.kernel.errors import NotPermitted, StaleVersion
from apps.lakes import commands, queries

CHANGEABLE = ("operator_ref", "secret_ref", "ttl_max_seconds")
"""Whatever stands there; the rest goes by the flavor."""


class Lakes(Page):
    section = "lakes"
    template = "console/lakes/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, queries.lakes_visible_to(self.actor), "name")
        rows = [(lake, queries.state_of(lake).value) for lake in page.rows]
        return self.show({"page": page, "rows": rows, "may_connect": queries.may_connect(self.actor)})


class Lake(Page):
    """The connection, what the last test saw, and what rests on it."""

    section = "lakes"
    template = "console/lakes/lake.html"

    def get(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        return self.shown(lake_id)

    def shown(self, lake_id: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
        lake = queries.lakes_visible_to(self.actor).one(lake_id)
        state = queries.state_of(lake)
        context = {
            "lake": lake,
            "state": state.value,
            "probes": asked(lake.probes),
            "failed": sum(1 for probe in lake.probes if not probe["passed"]),
            "said": said_of(lake),
            "facts": facts_of(lake),
            "capabilities": capabilities_shown(lake),
            "variables": [name for pair in queries.secret_variables(lake).values() for name in pair],
            "role_steps": queries.role_steps(lake),
            "role_command": queries.role_command(lake),
            "page": page_of(self.request, locations_in_lake(self.actor, lake_id), "asset__name"),
            "may_change": queries.may_change(self.actor, lake),
            "may_halt": queries.may_halt(self.actor, lake),
            "may_test": queries.may_test(self.actor, lake),
            "disable": DisableForm(auto_id="disable_%s"),
            "logs": logs_of(self.actor, lake_id).order_by("kind", "place"),
            "reading": reader_of(lake),
        }
        return self.show({**context, **more}, status=status)


class Disable(Lake):
    """No new keys and places; sent again when it is done already, it is done."""

    def get(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        return redirect("console:lake", lake_id)

    def post(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        form = DisableForm(request.POST, auto_id="disable_%s")

        def disable(given: dict[str, Any]) -> None:
            commands.disable_lake(actor=self.actor, lake_id=lake_id, **given)

        if form.carries(disable):
            messages.success(request, gettext("The lake is disabled: nobody is given a new key for it."))
            return redirect("console:lake", lake_id)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self.shown(lake_id, disable=form, form=form, status=form.status)


class Halt(Page):
    """Every key of the lake ends, and none is given any more. Says which, before it is done."""

    section = "lakes"
    template = "console/lakes/halt.html"

    def get(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        return self._shown(lake_id, HaltForm())

    def post(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        form = HaltForm(request.POST)

        def halt(given: dict[str, Any]) -> None:
            seen = given["seen_impact"] or None
            cut_lake(actor=self.actor, lake_id=lake_id, reason=given["reason"], seen_impact=seen)

        if form.carries(halt):
            return self._done(lake_id)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self._shown(lake_id, form)

    def _shown(self, lake_id: UUID, form: HaltForm) -> HttpResponse:
        """Raises: NotFound, NotPermitted."""
        lake = queries.lakes_visible_to(self.actor).one(lake_id)
        impact = commands.impact_of_halting(actor=self.actor, lake_id=lake_id)
        context = {"lake": lake, "reached": reached_by(impact, self.actor), "form": form}
        return self.show(context, status=form.status)

    def _done(self, lake_id: UUID) -> HttpResponse:
        left = len(impact_of(commands.HALTING_LAKE, lake_id).affected)
        if left:
            messages.warning(self.request, _left(left))
        else:
            messages.success(
                self.request, gettext("Every key of the lake is dead, and none is given any more.")
            )
        return redirect("console:lake", lake_id)


class Overdue(Page):
    """Revocations that the lakes could not be told of yet, and for how long their keys may have worked on."""

    section = "lakes"
    template = "console/lakes/overdue.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        page = page_of(request, overdue_revocations(self.actor), "revoke_requested_at")
        rows = [(lease, int(lease.exposure.total_seconds()) // 60) for lease in page.rows]
        return self.show({"page": page, "rows": rows})


class Enable(Lake):
    def get(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        return redirect("console:lake", lake_id)

    def post(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        form = HouseForm({})

        def enable(given: dict[str, Any]) -> None:
            commands.enable_lake(actor=self.actor, lake_id=lake_id)

        if form.carries(enable):
            messages.success(request, gettext("The lake is enabled: keys are given for it again."))
            return redirect("console:lake", lake_id)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        return self.shown(lake_id, refusal=form.refusal, status=form.status)


class Test(Lake):
    """Asks the lake itself, which may take some seconds; what was seen stands on the page of the lake."""

    def post(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        form = HouseForm({})
        probes: Any = ()

        def test(given: dict[str, Any]) -> None:
            nonlocal probes
            probes = commands.verify_lake(actor=self.actor, lake_id=lake_id)[1]

        if not form.carries(test):
            if isinstance(form.fault, NotPermitted):
                return self.refused(form.fault)
            return self.shown(lake_id, refusal=form.refusal, status=form.status)
        failed = sum(1 for probe in probes if not probe.passed)
        if failed:
            messages.error(request, _told(failed))
        else:
            messages.success(request, gettext("The test passed: the lake answered as it should."))
        return redirect("console:lake", lake_id)

    def get(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        return redirect("console:lake", lake_id)


def _left(keys: int) -> str:
    said = ngettext(
        "None is given any more. %(count)s key has not ended yet: the portal tries without end, and"
        " «Overdue revocations» says what stands in the way.",
        "None is given any more. %(count)s keys have not ended yet: the portal tries without end, and"
        " «Overdue revocations» says what stands in the way.",
        keys,
    )
    return said % {"count": keys}


def _told(failed: int) -> str:
    said = ngettext(
        "The test failed: %(count)s answer was not as it should be. The page says what mends it.",
        "The test failed: %(count)s answers were not as they should be. The page says what mends them.",
        failed,
    )
    return said % {"count": failed}


class Connect(Page):
    """What is asked goes by what stands there, which is chosen first."""

    section = "lakes"
    template = "console/lakes/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        queries.expect_may_connect(self.actor)
        user: Any = request.user
        flavor = _known(request.GET.get("flavor"))
        initial = {"country": user.organization.country, "flavor": flavor}
        form = ConnectForm(flavor=flavor, code=user.organization.code, initial=initial)
        return self._shown(form, flavor)

    def post(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        flavor = _known(request.POST.get("flavor"))
        form = ConnectForm(request.POST, flavor=flavor, code=user.organization.code)

        def make(given: dict[str, Any]) -> str:
            asked = form.together(given)
            lake = commands.connect_lake(actor=self.actor, organization_id=user.organization.uid, **asked)
            return reverse("console:lake", args=[lake.uid])

        if not form.makes(self.actor, make):
            if isinstance(form.fault, NotPermitted):
                return self.refused(form.fault)
            return self._shown(form, flavor)
        messages.success(
            request, gettext("The lake is connected. Set its secrets, then test the connection.")
        )
        return redirect(form.address)

    def _shown(self, form: ConnectForm, flavor: str) -> HttpResponse:
        kinds = [(name, words.term, name == flavor) for name, words in LAKES.items()]
        return self.show({"form": form, "kinds": kinds}, status=form.status)


class Change(Page):
    section = "lakes"
    template = "console/lakes/form.html"

    def get(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        lake = queries.lakes_visible_to(self.actor).one(lake_id)
        queries.expect_may_change(self.actor, lake)
        return self.show({"form": _form(lake), "lake": lake})

    def post(self, request: HttpRequest, lake_id: UUID) -> HttpResponse:
        lake = queries.lakes_visible_to(self.actor).one(lake_id)
        form = _form(lake, request.POST)

        def change(given: dict[str, Any]) -> None:
            seen = given["row_version"]
            commands.change_lake(actor=self.actor, lake_id=lake.uid, seen_version=seen, **form.changes())

        if form.carries(change):
            return self._done(lake_id)
        if isinstance(form.fault, NotPermitted):
            return self.refused(form.fault)
        if isinstance(form.fault, StaleVersion):
            return self._again(lake_id, form)
        return self.show({"form": form, "lake": lake}, status=form.status)

    def _done(self, lake_id: UUID) -> HttpResponse:
        messages.success(self.request, gettext("The connection was changed. Test it before you rely on it."))
        return redirect("console:lake", lake_id)

    def _again(self, lake_id: UUID, form: ChangeForm) -> HttpResponse:
        """Somebody was faster: what stands there now beside what was typed, which stays."""
        lake = queries.lakes_visible_to(self.actor).one(lake_id)
        kept = self.request.POST.copy()
        kept["row_version"] = str(lake.row_version)
        again = _form(lake, kept)
        if again.is_valid() and not again.changes():
            return self._done(lake_id)  # sent twice: what stands there now is what was typed
        again.refusal, again.status = form.refusal, form.status
        theirs = [
            (again.fields[name].label, again.initial[name], kept.get(name, ""))
            for name in again.changed_data
            if name != "row_version"
        ]
        return self.show({"form": again, "lake": lake, "theirs": theirs}, status=again.status)


def _form(lake: Any, *given: Any) -> ChangeForm:
    traits = queries.traits_of(lake.flavor)
    initial = {name: getattr(lake, name) for name in (*CHANGEABLE, *traits.fields)}
    initial |= {name: lake.options.get(name, "") for name in traits.options}
    initial |= {"roots": "\n".join(lake.roots), "row_version": lake.row_version}
    return ChangeForm(*given, flavor=lake.flavor, code=lake.organization.code, initial=initial)


def _known(flavor: str | None) -> str:
    return flavor if flavor in LAKES else next(iter(LAKES))
