"""What the demo asks for: at once, waiting, half decided, refused, by a project, given back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from apps.access import commands
from apps.access.commands import AgreementTarget, ConditionDraft, ItemDraft, RequestDraft, Terms
from apps.access.models import Grant, Request, Revision
from apps.access.queries import current_decision
from apps.accounts.commands import declare_conflict
from apps.accounts.models import ConflictKind, Person, Project
from apps.compliance.models import Purpose
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionKind
from portal.demo.catalog import Registered
from portal.demo.people import Company

DAYS = 30


def ask(company: Company, assets: dict[str, Registered], purposes: dict[str, Purpose]) -> None:
    send = _Sender(company=company, assets=assets, purposes=purposes)
    send("scientist", "Well logs", "rock", ("read", "train"), "Rock types for the spring campaign.")
    churn = send(
        "scientist", "Customers", "churn", ("read", "train"), "Retraining the churn model for this quarter."
    )
    commands.ask_requester(
        actor=company["owner"],
        request_id=churn.uid,
        text="Do you need the addresses, or is the region enough?",
    )
    send("scientist2", "Core photographs", "rock", ("read",), "Labels for the photographs.", days=10)
    send("scientist2", "Lithology classifier", "rock", ("read", "invoke"), "Comparing two models.", days=45)
    send("scientist", "Churn predictor", "churn", ("read", "export"), "Showing it to a partner.", days=90)
    refused = send("scientist", "Customers", "churn", ("read", "export"), "Sending a list to an agency.")
    commands.reject_request(
        actor=company["owner"],
        reason="Exports go through the customer portal.",
        rejection_code="elsewhere",
        **_seen(refused),
    )
    half = send("scientist", "Patients with diabetes", "diabetes", ("read",), "Second year of the study.")
    commands.approve_request(
        actor=company["owner"], reason="Within the protocol of the study.", **_seen(half)
    )

    _hold_back(company, send)
    _for_the_project(company, send)
    _care(company, assets)


def _for_the_project(company: Company, send: _Sender) -> None:
    """Both scientists take keys of their own; what one of them does not need any more is given back."""
    project = Project.objects.get(organization=company.organization)
    send(
        "scientist",
        "Core photographs",
        "rock",
        ("read", "train"),
        "Cores beside logs, for the reservoir forecast.",
        days=90,
        project=project,
    )
    compared = send("scientist", "Lithology classifier", "rock", ("read", "invoke"), "A first look.")
    commands.give_back_grant(
        actor=company["scientist"], grant_id=Grant.objects.get(revision__request=compared).uid
    )


def _care(company: Company, assets: dict[str, Registered]) -> None:
    """A text to accept before a key to patients, and somebody who should not decide about their pay."""
    commands.publish_agreement(
        actor=company["officer"],
        code="patients",
        title="Handling data on patients",
        text="I do not try to find out who a patient is.\n"
        "I keep no copy, and I tell the data protection officer at once if one gets lost.",
        target=AgreementTarget(asset_id=assets["Patients with diabetes"].asset.uid),
    )
    steward = company["steward"]
    declare_conflict(
        actor=steward,
        person_id=Person.objects.get(pk=steward.person_key).uid,
        kind=ConflictKind.ASSET,
        target_id=assets["Employees and salaries"].asset.uid,
        note="My own salary is in it.",
    )


def _hold_back(company: Company, send: _Sender) -> None:
    """A grant that gives nothing for the time being, and an approval that waits for something to be done."""
    held = send("scientist2", "Well logs", "rock", ("read", "label"), "Checking labels of last year.")
    commands.suspend_grant(
        actor=company["steward"],
        grant_id=Grant.objects.get(revision__request=held).uid,
        comment="Some of the logs carry the wrong well. Back when they are mended.",
    )
    bound = send("scientist", "Customers", "churn", ("read",), "Why customers leave, for the board.", days=60)
    statement = ConditionDraft(
        kind=ConditionKind.BEFORE, text="Sign the confidentiality statement.", due_days=14
    )
    commands.approve_request(actor=company["owner"], terms=Terms(conditions=[statement]), **_seen(bound))
    commands.approve_request(actor=company["officer"], **_seen(bound))


def _seen(request: Request) -> dict[str, Any]:
    """What somebody who reads the request now names in a verdict."""
    revision = Revision.objects.get(pk=request.revision_key)
    decision = current_decision(revision)
    return {
        "request_id": request.uid,
        "revision_sha256": revision.sha256,
        "decision_id": decision.uid,
    }


class _Sender:
    def __init__(
        self, *, company: Company, assets: dict[str, Registered], purposes: dict[str, Purpose]
    ) -> None:
        self._company, self._assets, self._purposes = company, assets, purposes

    def __call__(
        self,
        who: str,
        asset: str,
        purpose: str,
        actions: Sequence[str],
        justification: str,
        *,
        days: int = DAYS,
        project: Project | None = None,
    ) -> Request:
        draft = RequestDraft(
            items=[ItemDraft(asset_id=self._assets[asset].asset.uid)],
            purpose_id=self._purposes[purpose].uid,
            actions=actions,
            ends_on=database_now().date() + timedelta(days=days),
            place_of_processing="DE",
            justification=justification,
            project_id=project.uid if project else None,
        )
        sent: Request = commands.ask_for_access(actor=self._company[who], draft=draft)
        sent.refresh_from_db()
        return sent
