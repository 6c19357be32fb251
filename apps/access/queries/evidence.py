"""Evidence of decisions: who may take it out, and by which keys it is signed."""

from __future__ import annotations

from apps.access.commands.evidence import UNDECIDED
from apps.access.facts import request_resources
from apps.access.models import Request
from apps.access.packs import USE
from apps.accounts.authorization import authorize, may
from apps.accounts.operations import Operation
from apps.catalog.models import Asset
from apps.kernel.actor import Actor
from apps.kernel.signatures import PublicKey, public_keys


def evidence_keys() -> tuple[PublicKey, ...]:
    """The one that signs now first."""
    return public_keys(use=USE)


def is_decided(request: Request) -> bool:
    return request.state not in UNDECIDED


def may_export(actor: Actor, request: Request, assets: list[Asset]) -> bool:
    """Whether there is a decision, and the actor may have its evidence. No query of its own."""
    return is_decided(request) and all(
        may(actor=actor, operation=Operation.EXPORT_EVIDENCE, resource=resource)
        for resource in request_resources(request, assets)
    )


def demand_exporter(actor: Actor, request: Request, assets: list[Asset]) -> None:
    """Raises: NotPermitted."""
    for resource in request_resources(request, assets):
        authorize(actor=actor, operation=Operation.EXPORT_EVIDENCE, resource=resource)
