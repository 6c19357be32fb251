"""What one may use, and the keys to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_variables

from apps.access.commands import REVOKING, give_back_grant, resume_grant
from apps.access.facts import Item, grant_resource
from apps.access.lifecycle import LIVE_GRANT, GrantState
from apps.access.queries import (
    INTERESTED_IN_GRANT,
    agreements_needed,
    conditions_visible_to,
    grants_held_by,
    grants_visible_to,
    requests_visible_to,
    why_not_effective,
    why_not_resumed_by,
)
from apps.access.queries.grants import is_carried_on, takers_of
from apps.accounts.authorization import may_each
from apps.accounts.operations import Operation
from apps.catalog.queries import assets_visible_to
from apps.console.evidence import purpose_named
from apps.console.forms.house import EndGrantForm, KeyForm, SuspendForm
from apps.console.page import Page
from apps.console.paging import page_of
from apps.console.reached import reached_by
from apps.console.snippets import libraries_of, program_of, renewing_of
from apps.credentials.commands import cut_grant, halt_grant, revoke_lease, take_credential
from apps.credentials.lifecycle import CUTTABLE
from apps.credentials.queries import NEVER_USED, leases_of, snippets_of_key, touches_of, use_of
from apps.kernel.contributions import impact_of
from apps.policy.reason import Reason

MOST_LEASES = 20
EXTENDABLE = (GrantState.ACTIVE, GrantState.EXPIRED)
ACTS = (
    Operation.TAKE_CREDENTIAL,
    Operation.GIVE_BACK_GRANT,
    Operation.EXTEND_GRANT,
    Operation.REVOKE_GRANT,
    Operation.REVOKE_LEASE,
    Operation.SUSPEND_GRANT,
    Operation.RESUME_GRANT,
    Operation.EXPORT_EVIDENCE,
)


class Grants(Page):
    section = "grants"
    template = "console/grants.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        held = grants_held_by(self.actor)
        if not request.GET.get("all"):
            held = held.filter(state__in=LIVE_GRANT)
        return self.show({"page": page_of(request, held), "given": request.GET, "extendable": EXTENDABLE})


class AssetGrants(Page):
    """Who has access to an asset, as far as the reader sees it: its owners, those who watch, and oneself."""

    section = "catalog"
    template = "console/assets/grants.html"

    def get(self, request: HttpRequest, asset_id: UUID) -> HttpResponse:
        asset = assets_visible_to(self.actor).one(asset_id)
        held = grants_visible_to(self.actor).filter(asset=asset.pk)
        if not request.GET.get("all"):
            held = held.filter(state__in=LIVE_GRANT)
        return self.show({"asset": asset, "page": page_of(request, held), "given": request.GET})


class Grant(Page):
    section = "grants"
    template = "console/grant.html"

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        return self.shown(grant_id)

    def shown(self, grant_id: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
        visible: Any = grants_visible_to(self.actor)
        asked = requests_visible_to(self.actor).filter(pk=OuterRef("revision__request"))
        visible = visible.select_related(*INTERESTED_IN_GRANT, "version__location__lake__organization")
        grant = visible.annotate(sees_request=Exists(asked)).one(grant_id)
        theirs = may_each(actor=self.actor, operations=ACTS, resource=grant_resource(grant))
        is_live = grant.state in LIVE_GRANT
        may_take = self.actor.person_id in takers_of(grant, at=timezone.now())
        impact = impact_of(REVOKING, grant.uid) if is_live and Operation.REVOKE_GRANT in theirs else None
        context = {
            "grant": grant,
            "why_not": why_not_effective(grant, at=timezone.now()),
            "is_live": is_live,
            "leases": leases_of(self.actor, grant_id).order_by("-pk")[:MOST_LEASES],
            "cuttable": [state.value for state in CUTTABLE],
            "may_take": may_take,
            "may_extend": grant.state in EXTENDABLE and Operation.EXTEND_GRANT in theirs,
            "may_ask_again": not is_live and Operation.EXTEND_GRANT in theirs,
            "may_give_back": Operation.GIVE_BACK_GRANT in theirs,
            "may_revoke": Operation.REVOKE_GRANT in theirs,
            "may_export": Operation.EXPORT_EVIDENCE in theirs,
            "may_cut": Operation.REVOKE_LEASE in theirs,
            "key_form": KeyForm(initial={"key": uuid4()}),
            "may_suspend": Operation.SUSPEND_GRANT in theirs,
            **self._resuming(grant, theirs),
            "sees_request": grant.sees_request,
            "conditions": list(conditions_visible_to(self.actor).filter(grant=grant.pk).order_by("pk")),
            "revoke_form": EndGrantForm(),
            "reached": reached_by(impact, self.actor) if impact else None,
            "is_carried_on": self._is_carried_on(grant, theirs, impact),
            "suspend_form": SuspendForm(prefix="suspend"),
            "purpose": purpose_named(self.actor, grant.purpose_id),
            **(self._programs(grant) if is_live and may_take else {}),
            "to_accept": self._to_accept(grant) if is_live and may_take else [],
        }
        return self.show({**context, **more}, status=status)

    def _is_carried_on(self, grant: Any, theirs: Any, impact: Any) -> bool:
        """Whether an extension is to begin; who may revoke sees it in what that would reach."""
        if impact is not None:
            return len([each for each in impact.affected if each.kind == "grant"]) > 1
        return Operation.GIVE_BACK_GRANT in theirs and is_carried_on(grant)

    def _resuming(self, grant: Any, theirs: Collection[Operation]) -> dict[str, Any]:
        """The suspension in force, and why the reader leaves it to others to let the grant go on."""
        suspension = _suspension(grant)
        may_resume = suspension is not None and Operation.RESUME_GRANT in theirs
        why_not: tuple[Reason, ...] = ()
        if may_resume:
            why_not = why_not_resumed_by(self.actor, grant, suspension, at=timezone.now())
        return {"suspension": suspension, "may_resume": may_resume and not why_not, "why_not_resume": why_not}

    def _programs(self, grant: Any) -> dict[str, Any]:
        """How a program takes keys by the grant itself."""
        return {
            "program": program_of(grant),
            "libraries": libraries_of(grant),
            "renewing": renewing_of(grant),
        }

    def _to_accept(self, grant: Any) -> list[Any]:
        """The agreements that keep the reader from a key of their own."""
        needs = agreements_needed(
            [Item(asset=grant.asset, version=grant.version, columns=tuple(grant.columns))],
            self.actor.person_key,
        )
        return [need.agreement for need in needs if not need.is_accepted]


def _suspension(grant: Any) -> Any:
    """The one in force; where the grant is not suspended there is none, and nothing is asked."""
    if grant.state != GrantState.SUSPENDED:
        return None
    return grant.suspensions.select_related("suspended_by").filter(resumed_at=None).first()


class Use(Page):
    """What the keys of a grant touched, by day and folder, the newest first."""

    section = "grants"
    template = "console/grant/use.html"

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        visible: Any = grants_visible_to(self.actor)
        grant = visible.one(grant_id)
        use = use_of([grant.pk]).get(grant.pk, NEVER_USED)
        page = page_of(request, touches_of(self.actor, grant_id), "-day", "-last_at")
        return self.show({"grant": grant, "use": use, "page": page})


class TakeKey(Grant):
    """The answer to this form is the one place where the key is shown; nobody may keep it, also no cache."""

    @sensitive_variables()
    def post(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        form = KeyForm(request.POST)
        taken: Any = None

        def take(given: dict[str, Any]) -> None:
            nonlocal taken
            taken = take_credential(actor=self.actor, grant_id=grant_id, idempotency_key=str(given["key"]))

        if not form.carries(take):
            return self.shown(grant_id, refusal=form.refusal, status=form.status)
        places = list(taken.lease.scopes.order_by("pk"))
        context = {
            "lease": taken.lease,
            "grant": taken.lease.grant,
            "places": places,
            "snippets": snippets_of_key(taken.lease, taken.secret),
        }
        response = self.show(context, status=201, template="console/key.html")
        response.headers["Cache-Control"] = "no-store"
        return response

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        return redirect("console:grant", grant_id)


class Revoke(Grant):
    def post(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        form = EndGrantForm(request.POST)

        def cut(given: dict[str, Any]) -> None:
            seen = given["seen_impact"] or None
            cut_grant(actor=self.actor, grant_id=grant_id, comment=given["comment"], seen_impact=seen)

        if not form.carries(cut):
            return self.shown(grant_id, form=form, revoke_form=form, status=form.status)
        messages.success(
            request, gettext("The grant was revoked. The table of keys says what became of each.")
        )
        return redirect("console:grant", grant_id)

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        return redirect("console:grant", grant_id)


class Suspend(Grant):
    def post(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        form = SuspendForm(request.POST, prefix="suspend")
        if not form.carries(lambda given: halt_grant(actor=self.actor, grant_id=grant_id, **given)):
            return self.shown(grant_id, form=form, suspend_form=form, status=form.status)
        messages.success(request, gettext("The grant is suspended, and no key is issued from it."))
        return redirect("console:grant", grant_id)

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        return redirect("console:grant", grant_id)


class Resume(Grant):
    def post(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        form = SuspendForm(request.POST, prefix="suspend")
        form.fields.pop("is_for_cause")
        if not form.carries(lambda given: resume_grant(actor=self.actor, grant_id=grant_id, **given)):
            return self.shown(grant_id, form=form, suspend_form=form, status=form.status)
        messages.success(request, gettext("The grant goes on. Keys taken before stay dead."))
        return redirect("console:grant", grant_id)

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        return redirect("console:grant", grant_id)


class GiveBack(Grant):
    def post(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        give_back_grant(actor=self.actor, grant_id=grant_id)
        messages.success(request, gettext("The grant was given back."))
        return redirect("console:grant", grant_id)

    def get(self, request: HttpRequest, grant_id: UUID) -> HttpResponse:
        return redirect("console:grant", grant_id)


class CutKey(Page):
    section = "grants"

    def post(self, request: HttpRequest, lease_id: UUID) -> HttpResponse:
        lease = revoke_lease(actor=self.actor, lease_id=lease_id)
        messages.success(request, gettext("The key is being revoked. The table says what became of it."))
        return redirect("console:grant", lease.grant.uid)
