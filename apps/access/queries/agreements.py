"""Which data-use agreements stand on data, and who has not accepted them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access.errors import AGREEMENT_NOT_ACCEPTED
from apps.access.facts import Item, agreement_resource, members_of
from apps.access.models import Agreement, AgreementAcceptance, Grant, Revision
from apps.accounts.authorization import Resource, authorize, may, standing_of
from apps.accounts.models import Person
from apps.accounts.operations import OPERATIONS, Operation
from apps.accounts.roles import ObjectPermission
from apps.catalog.models import Asset, AssetVersion
from apps.classification.facts import column_standings
from apps.kernel.actor import Actor
from apps.kernel.questions import KEYS, Given, Question, among
from apps.policy.reason import Reason, Value


@dataclass(frozen=True, kw_only=True)
class AgreementNeed:
    """An agreement in force that stands on something asked for, and whether the person accepted this text."""

    agreement: Agreement
    is_accepted: bool


def agreements_visible_to(actor: Actor) -> QuerySet[Agreement]:
    """`is_accepted`: by the actor."""
    accepted = AgreementAcceptance.objects.filter(agreement=OuterRef("pk"), person=actor.person_key)
    related = ("organization", "asset", "domain", "sensitivity_class")
    return Agreement.objects.visible_to(actor).annotate(is_accepted=Exists(accepted)).select_related(*related)


def may_keep_agreement(actor: Actor, agreement: Agreement) -> bool:
    """Whether the actor may write its next version, retire it, and see who accepted it."""
    resource = agreement_resource(agreement)
    return may(actor=actor, operation=Operation.WRITE_AGREEMENT, resource=resource)


def demand_keeper(actor: Actor, agreement: Agreement) -> None:
    """Raises: NotPermitted."""
    resource = agreement_resource(agreement)
    authorize(actor=actor, operation=Operation.WRITE_AGREEMENT, resource=resource)


def demand_keepers(actor: Actor) -> None:
    """Raises: NotPermitted, where there is nothing on which the actor may put an agreement in force."""
    if not may_keep_agreements(actor):
        resource = Resource(kind="agreement", organization_id=actor.organization_id or 0)
        authorize(actor=actor, operation=Operation.WRITE_AGREEMENT, resource=resource)


def may_keep_agreements(actor: Actor) -> bool:
    """Whether there is a place where the actor may put an agreement in force."""
    if any(held.role in OPERATIONS[Operation.WRITE_AGREEMENT].roles for held in standing_of(actor).roles):
        return True
    return Asset.objects.where_may(actor, ObjectPermission.OWN).exists()


def acceptances_of(actor: Actor, agreement: Agreement) -> QuerySet[AgreementAcceptance]:
    """Who accepted this version, for those who keep it; nobody's acceptance for others."""
    if not may_keep_agreement(actor, agreement):
        return AgreementAcceptance.objects.none()
    return AgreementAcceptance.objects.filter(agreement=agreement).select_related("person")


def agreements_needed(items: Sequence[Item], person_id: int) -> tuple[AgreementNeed, ...]:
    """What a person has to have accepted for these data. Two queries where nothing stands on a class."""
    found = _agreements_on(items)
    accepted = _accepted(found, {person_id})
    return tuple(
        AgreementNeed(agreement=each, is_accepted=(each.pk, person_id) in accepted) for each in found
    )


def agreements_on_assets(assets: Sequence[Asset], actor: Actor) -> tuple[AgreementNeed, ...]:
    """`agreements_needed` for all columns of the newest version of each asset, by the actor."""
    newest = AssetVersion.objects.filter(asset__in=assets).order_by("asset", "-number").distinct("asset")
    versions = {version.asset_id: version for version in newest}
    items = [Item(asset=each, version=versions[each.pk]) for each in assets if each.pk in versions]
    return agreements_needed(items, actor.person_key) if items else ()


def missing_for(items: Sequence[Item], people: Collection[Person]) -> tuple[Reason, ...]:
    """For each agreement that one of the people has not accepted, who has not. Empty: nothing is missing."""
    found = _agreements_on(items)
    if not found:
        return ()
    accepted = _accepted(found, {person.pk for person in people})
    reasons = []
    for agreement in found:
        names = sorted(person.name for person in people if (agreement.pk, person.pk) not in accepted)
        if names:
            reasons.append(_reason(agreement, names))
    return tuple(reasons)


def missing_agreements(grant: Grant, person: Person) -> tuple[Reason, ...]:
    """Why this person may not use the grant yet: what stands on its data and they have not accepted."""
    item = Item(asset=grant.asset, version=grant.version, columns=tuple(grant.columns))
    return missing_for([item], [person])


def receivers_of(revision: Revision, *, at: datetime) -> list[Person]:
    """Who has to have accepted before a revision is sent; the owner of a service account answers for it.

    Of a project the requester, where they are a member; the other members before they take keys of their own.
    """
    if revision.project is None:
        return [revision.person]
    requester = revision.request.requester
    return [each for each in members_of(revision.project, at=at) if each == requester]


def items_of(revision: Revision) -> list[Item]:
    rows = revision.asked
    return [Item(asset=row.asset, version=row.version, columns=tuple(row.columns)) for row in rows]


def _agreements_on(items: Sequence[Item]) -> list[Agreement]:
    assets = [item.asset for item in items]
    found = _STANDING_ON.rows(
        assets=[asset.pk for asset in assets],
        domains=sorted({asset.domain_id for asset in assets}),
        organizations=sorted({asset.organization_id for asset in assets}),
    )
    if all(each.sensitivity_class is None for each in found):
        return found
    ranks = _ranks(items)
    return [each for each in found if each.sensitivity_class is None or _reaches(each, items, ranks)]


def _standing_on() -> QuerySet[Agreement]:
    found = Agreement.objects.in_force().filter(
        Q(among("asset_id", Given("assets", KEYS)))
        | Q(among("domain_id", Given("domains", KEYS)))
        | Q(among("organization_id", Given("organizations", KEYS)), sensitivity_class__isnull=False)
    )
    return found.select_related("sensitivity_class", "organization").order_by("title", "pk")


_STANDING_ON: Question[Agreement] = Question(_standing_on)


def _reaches(agreement: Agreement, items: Iterable[Item], ranks: dict[int, int | None]) -> bool:
    """Whether data of its organization are of its class or above; data nobody classified are taken to be."""
    assert agreement.sensitivity_class is not None
    floor = agreement.sensitivity_class.rank
    for item in items:
        if item.asset.organization_id == agreement.organization_id:
            rank = ranks[item.version.pk]
            if rank is None or rank >= floor:
                return True
    return False


def _ranks(items: Sequence[Item]) -> dict[int, int | None]:
    """By version, the highest class among the columns asked for; None where one of them has none."""
    standings = column_standings({item.version.pk for item in items})
    found: dict[int, int | None] = {}
    for item in items:
        known = {name: each for (version, name), each in standings.items() if version == item.version.pk}
        wanted = set(item.columns) or set(known)
        is_known = bool(wanted) and wanted <= known.keys()
        ranks = [known[name].class_rank for name in wanted] if is_known else [None]
        stated = [rank for rank in ranks if rank is not None]
        found[item.version.pk] = max(stated) if len(stated) == len(ranks) else None
    return found


def _accepted(agreements: Sequence[Agreement], people: Collection[int]) -> set[tuple[int, int]]:
    if not agreements:
        return set()
    rows = AgreementAcceptance.objects.filter(agreement__in=agreements, person__in=people)
    return set(rows.values_list("agreement", "person"))


def _reason(agreement: Agreement, names: Sequence[str]) -> Reason:
    facts: dict[str, Value] = {
        "agreement": agreement.title,
        "agreement_id": str(agreement.uid),
        "sha256": agreement.sha256,
        "people": tuple(names),
    }
    return Reason(code=AGREEMENT_NOT_ACCEPTED, field="agreements", facts=facts)
