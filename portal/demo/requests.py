"""What the demo's scientists have asked for: one granted at once, one waiting, one half decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from apps.access import commands
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.models import Request
from apps.access.queries import current_decision
from apps.compliance.models import Purpose
from apps.kernel.clock import database_now
from portal.demo.catalog import Registered
from portal.demo.people import Company

DAYS = 30


def ask(company: Company, assets: dict[str, Registered], purposes: dict[str, Purpose]) -> None:
    send = _Sender(company=company, assets=assets, purposes=purposes)
    send("scientist", "Well logs", "rock", ("read", "train"), "Rock types for the spring campaign.")
    send("scientist", "Customers", "churn", ("read", "train"), "Retraining the churn model for this quarter.")
    half = send("scientist", "Patients with diabetes", "diabetes", ("read",), "Second year of the study.")
    decision = current_decision(half.revision) if half.revision else None
    if half.revision is not None and decision is not None:
        commands.approve_request(
            actor=company["owner"],
            request_id=half.uid,
            revision_sha256=half.revision.sha256,
            decision_id=decision.uid,
            reason="Within the protocol of the study.",
        )


class _Sender:
    def __init__(
        self, *, company: Company, assets: dict[str, Registered], purposes: dict[str, Purpose]
    ) -> None:
        self._company, self._assets, self._purposes = company, assets, purposes

    def __call__(
        self, who: str, asset: str, purpose: str, actions: Sequence[str], justification: str
    ) -> Request:
        draft = RequestDraft(
            items=[ItemDraft(asset_id=self._assets[asset].asset.uid)],
            purpose_id=self._purposes[purpose].uid,
            actions=actions,
            ends_on=database_now().date() + timedelta(days=DAYS),
            place_of_processing="DE",
            justification=justification,
        )
        sent: Request = commands.ask_for_access(actor=self._company[who], draft=draft)
        sent.refresh_from_db()
        return sent
