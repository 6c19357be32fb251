"""Out of office and conflicts of interest: one's own, and for those who look after them, others'."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from apps.accounts import commands, queries
from apps.accounts.authorization import may, standing_of
from apps.accounts.operations import Operation
from apps.accounts.queries import ConflictKind, directory, targets
from apps.accounts.roles import Role
from apps.catalog.queries import assets_visible_to
from apps.console.forms.house import HouseForm
from apps.console.forms.ties import AwayForm, ConflictForm, RecordedConflictForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.kernel.actor import Actor


class Away(Page):
    """Who stands in for the reader, and for whom the reader stands in."""

    section = "settings"
    template = "console/ties/away.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._shown(self._form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, user = self._form(request.POST), self.request.user

        def make(given: dict[str, Any]) -> str:
            given["roles"] = [Role(word) for word in given["roles"]]
            person: Any = user
            commands.create_delegation(actor=self.actor, delegator_id=person.person.uid, **given)
            return reverse("console:away")

        if not form.makes(self.actor, make):
            return self._shown(form)
        messages.success(request, gettext("Somebody stands in for you in that time."))
        return redirect(form.address)

    def _form(self, *given: Any) -> AwayForm:
        user: Any = self.request.user
        self.colleagues = queries.colleagues_deciding_with(user.person, at=timezone.now())
        roles = {held.role.value for held in standing_of(self.actor).roles}
        return AwayForm(*given, colleagues=self.colleagues, roles=roles)

    def _shown(self, form: AwayForm) -> HttpResponse:
        mine = queries.delegations_visible_to(self.actor)
        own = mine.filter(delegator=self.actor.person_key)
        context = {
            "page": page_of(self.request, own),
            "for_others": mine.filter(delegate=self.actor.person_key).not_over(timezone.now()),
            "has_colleagues": bool(self.colleagues),
            "form": form,
            "now": timezone.now(),
        }
        return self.show(context, status=form.status)


class EndDelegation(Page):
    section = "settings"

    def post(self, request: HttpRequest, delegation_id: UUID) -> HttpResponse:
        ended = commands.end_delegation(actor=self.actor, delegation_id=delegation_id)
        messages.success(request, gettext("The delegation has ended."))
        if self.actor.person_id in {ended.delegator_id, ended.delegate_id}:
            return redirect("console:away")
        return redirect("console:person", ended.delegator.uid)


class Conflicts(Page):
    """The reader's declarations; a compliance officer also reads and records those of others."""

    section = "settings"
    template = "console/ties/conflicts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.shown()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConflictForm(request.POST, find=self.found)
        user: Any = request.user
        if not self.declares(form, {"person_id": user.person.uid}):
            return self.shown(own=form, failed=form)
        messages.success(request, gettext("The conflict is declared. You will not be asked to decide there."))
        return redirect("console:conflicts")

    def declares(self, form: ConflictForm, said: dict[str, Any]) -> bool:
        def make(given: dict[str, Any]) -> str:
            given["kind"] = ConflictKind(given["kind"])
            commands.declare_conflict(actor=self.actor, **{**said, **given})
            return reverse("console:conflicts")

        return form.makes(self.actor, make)

    def found(self, kind: str, name: str) -> UUID | None:
        return found_target(self.actor, kind, name)

    def shown(
        self,
        own: ConflictForm | None = None,
        recorded: RecordedConflictForm | None = None,
        failed: HouseForm | None = None,
    ) -> HttpResponse:
        page = page_of(self.request, queries.conflicts_visible_to(self.actor))
        resource, now = directory.organization_resource(self.actor), timezone.now()
        may_record = may(actor=self.actor, operation=Operation.DECLARE_CONFLICT, resource=resource)
        names = names_of_targets(self.actor, page.rows)
        context = {
            "page": page,
            "rows": [
                (row, names.get(row.target_uid, row.target_uid), self._may_end(row, may_record, now))
                for row in page.rows
            ],
            "may_record": may_record,
            "own": own or ConflictForm(find=self.found, auto_id="own_%s"),
            "recorded": recorded or RecordedConflictForm(find=self.found, auto_id="recorded_%s"),
            "form": failed,
            "now": now,
        }
        return self.show(context, status=failed.status if failed else 200)

    def _may_end(self, row: Any, may_record: bool, now: datetime) -> bool:
        """One's own, unless somebody else recorded it; of others, whoever may record."""
        is_over = row.ends_at is not None and row.ends_at <= now
        is_theirs = row.person_id == self.actor.person_id
        is_own = is_theirs and row.recorded_by_id == self.actor.person_id
        return not is_over and (is_own or (may_record and not is_theirs))


class RecordConflict(Conflicts):
    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("console:conflicts")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RecordedConflictForm(request.POST, find=self.found, auto_id="recorded_%s")
        if not self.declares(form, {}):
            return self.shown(recorded=form, failed=form)
        messages.success(request, gettext("The conflict is recorded."))
        return redirect("console:conflicts")


class EndConflict(Page):
    section = "settings"

    def post(self, request: HttpRequest, conflict_id: UUID) -> HttpResponse:
        commands.end_conflict(actor=self.actor, conflict_declaration_id=conflict_id)
        messages.success(request, gettext("The declaration has ended."))
        return redirect("console:conflicts")


def found_target(actor: Actor, kind: str, name: str) -> UUID | None:
    """What a conflict is about, by the name that was typed."""
    if kind != ConflictKind.ASSET:
        return targets.target_named(actor, kind, name)
    uids = list(assets_visible_to(actor).filter(name__iexact=name.strip()).values_list("uid", flat=True)[:2])
    return uids[0] if len(uids) == 1 else None


def names_of_targets(actor: Actor, declarations: list[Any]) -> dict[UUID, str]:
    uids = {row.target_uid for row in declarations if row.kind == ConflictKind.ASSET}
    assets = dict(assets_visible_to(actor).filter(uid__in=uids).values_list("uid", "name")) if uids else {}
    return {**targets.names_of_targets(actor, declarations), **assets}
