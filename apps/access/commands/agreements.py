"""Keeping data-use agreements, and accepting them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.access.errors import (
    AGREEMENT_CODE,
    AGREEMENT_MOVED,
    AGREEMENT_READ_OTHER,
    AGREEMENT_RETIRED,
    AGREEMENT_TARGET,
    AGREEMENT_TARGET_UNKNOWN,
    AGREEMENT_TEXT_MISSING,
    ONLY_PEOPLE_SPEAK,
)
from apps.access.events import AgreementAccepted, AgreementPublished, AgreementRetired
from apps.access.facts import agreement_resource
from apps.access.models import Agreement, AgreementAcceptance
from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import domain_resource
from apps.accounts.models import Domain, Organization, Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset
from apps.classification.models import SensitivityClass
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.characters import check_name
from apps.kernel.errors import StaleVersion, invalid, invalid_state, rule_broken
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class AgreementTarget:
    """What an agreement stands on: exactly one of the three. A class counts in the actor's organization."""

    asset_id: UUID | None = None
    domain_id: UUID | None = None
    sensitivity_class_id: UUID | None = None


@command
def publish_agreement(
    *, actor: Actor, code: str, title: str, text: str, target: AgreementTarget, at: datetime
) -> Agreement:
    """Put a text in force. Under a code in force already it is the next version, and all accept anew.

    Raises: NotPermitted, InvalidInput, RuleBroken (the code stands on something else).
    """
    on = _target(actor, target)
    authorize(actor=actor, operation=Operation.WRITE_AGREEMENT, resource=on.resource)
    _check(code, title, text)
    Organization.objects.select_for_update().get(pk=on.organization_id)  # one version at a time
    before = Agreement.objects.filter(organization=on.organization_id, code=code).order_by("-version").first()
    if before is not None and before.retired_at is None:
        if (before.asset, before.domain, before.sensitivity_class) != (on.asset, on.domain, on.sensitivity):
            raise rule_broken(AGREEMENT_MOVED, field="code", word=code)
        _retire(before, at=at)
    agreement = Agreement.objects.create(
        organization_id=on.organization_id,
        code=code,
        version=before.version + 1 if before else 1,
        title=title.strip(),
        text=text.strip(),
        sha256=hashlib.sha256(text.strip().encode()).hexdigest(),
        asset=on.asset,
        domain=on.domain,
        sensitivity_class=on.sensitivity,
        published_by_id=actor.person_id,
        created_at=at,
    )
    event = AgreementPublished(
        agreement_id=agreement.uid,
        code=code,
        version=agreement.version,
        sha256=agreement.sha256,
        target_kind=on.kind,
        target_id=on.uid,
    )
    record(event, actor=actor, at=at)
    return agreement


@command(lock=Agreement)
def retire_agreement(*, actor: Actor, agreement_id: UUID, at: datetime) -> Agreement:
    """Nobody has to accept it from now on.  Raises: NotFound, NotPermitted, InvalidState."""
    agreement = Agreement.objects.visible_to(actor).for_update(agreement_id)
    authorize(actor=actor, operation=Operation.WRITE_AGREEMENT, resource=agreement_resource(agreement))
    if agreement.retired_at is not None:
        raise invalid_state(AGREEMENT_RETIRED)
    _retire(agreement, at=at)
    event = AgreementRetired(agreement_id=agreement.uid, code=agreement.code, version=agreement.version)
    record(event, actor=actor, at=at)
    return agreement


@command(lock=Agreement)
def accept_agreement(*, actor: Actor, agreement_id: UUID, sha256: str, at: datetime) -> Agreement:
    """Accept, for oneself, the very text that was read. Accepted again, nothing more happens.

    Raises: NotFound, NotPermitted, InvalidState (retired), StaleVersion (another text), RuleBroken.
    """
    agreement = Agreement.objects.visible_to(actor).for_update(agreement_id)
    if actor.kind is not ActorKind.PERSON:
        raise rule_broken(ONLY_PEOPLE_SPEAK)
    own = Resource(
        kind="agreement",
        uid=agreement.uid,
        organization_id=agreement.organization_id,
        persons=frozenset({actor.person_key}),
    )
    authorize(actor=actor, operation=Operation.ACCEPT_AGREEMENT, resource=own)
    if agreement.retired_at is not None:
        raise invalid_state(AGREEMENT_RETIRED)
    if sha256 != agreement.sha256:
        raise StaleVersion(Reason(code=AGREEMENT_READ_OTHER, field="sha256"))
    person = Person.objects.get(pk=actor.person_key)
    _acceptance, is_new = AgreementAcceptance.objects.get_or_create(
        agreement=agreement, person=person, defaults={"sha256": sha256, "created_at": at}
    )
    if is_new:
        event = AgreementAccepted(
            agreement_id=agreement.uid,
            code=agreement.code,
            version=agreement.version,
            sha256=sha256,
            person_id=person.uid,
        )
        record(event, actor=actor, at=at)
    return agreement


@dataclass(frozen=True, kw_only=True)
class _On:
    kind: str
    resource: Resource
    uid: UUID
    asset: Asset | None = None
    domain: Domain | None = None
    sensitivity: SensitivityClass | None = None

    @property
    def organization_id(self) -> int:
        return self.resource.organization_id


def _target(actor: Actor, target: AgreementTarget) -> _On:
    named = [target.asset_id, target.domain_id, target.sensitivity_class_id]
    if sum(uid is not None for uid in named) != 1:
        raise invalid("target", AGREEMENT_TARGET)
    if target.asset_id is not None:
        asset = Asset.objects.visible_to(actor).filter(uid=target.asset_id).first()
        if asset is None:
            raise invalid("target", AGREEMENT_TARGET_UNKNOWN)
        return _On(kind="asset", resource=asset_resource(asset), uid=asset.uid, asset=asset)
    if target.domain_id is not None:
        domain = Domain.objects.visible_to(actor).filter(uid=target.domain_id).first()
        if domain is None:
            raise invalid("target", AGREEMENT_TARGET_UNKNOWN)
        return _On(kind="domain", resource=domain_resource(domain), uid=domain.uid, domain=domain)
    classes = SensitivityClass.objects.visible_to(actor)
    step = classes.filter(uid=target.sensitivity_class_id).first() if target.sensitivity_class_id else None
    if step is None:
        raise invalid("target", AGREEMENT_TARGET_UNKNOWN)
    resource = Resource(kind="sensitivity_class", uid=step.uid, organization_id=actor.organization_id or 0)
    return _On(kind="sensitivity_class", resource=resource, uid=step.uid, sensitivity=step)


def _check(code: str, title: str, text: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or len(code) > 40:
        raise invalid("code", AGREEMENT_CODE, word=code[:60])
    check_name(title, "title")
    if not title.strip() or not text.strip():
        raise invalid("text" if title.strip() else "title", AGREEMENT_TEXT_MISSING)


def _retire(agreement: Agreement, *, at: datetime) -> None:
    agreement.retired_at = at
    agreement.write("retired_at")
