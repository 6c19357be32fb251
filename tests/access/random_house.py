"""Small random houses: people with roles here and there, assets, requests at every stage, and grants.

What was done is kept apart from the tables, so that the brute force beside it reads none of our SQL.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from apps.access.commands import (
    ItemDraft,
    approve_request,
    ask_for_access,
    create_request,
    give_back_grant,
    give_opinion,
    publish_rulebook,
    reject_request,
    return_request,
    revoke_grant,
    withdraw_request,
)
from apps.access.errors import NO_DECIDER_IN_COMMON
from apps.access.models import Grant, Request, Rulebook
from apps.access.queries import current_decision, open_stage
from apps.accounts.commands import (
    assign_role,
    change_person,
    create_service_account,
    end_role,
    give_domain_permission,
)
from apps.accounts.models import Account, Domain, Organization, PersonStatus
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission, Role
from apps.catalog.commands import give_asset_permission
from apps.catalog.models import Asset
from apps.compliance.models import Purpose
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import LakewardenError, RuleBroken
from apps.policy.rulebook import DEFAULT_RULEBOOK, DefaultRoute
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import AccessWorld, draft, fresh, revision_of, seen
from tests.factories.compliance import approved_purpose

WATCHING = {Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR}
ROLE_IN_STAGES = {"compliance_officer": Role.COMPLIANCE_OFFICER, "dpo": Role.DPO}
ROUTED = replace(
    DEFAULT_RULEBOOK,
    version="everything is decided by people",
    rules=tuple(rule for rule in DEFAULT_RULEBOOK.rules if rule.id == "A13-EXPORT"),
    default_route=DefaultRoute(roles=("data_owner",), personal_roles=("compliance_officer", "dpo")),
)
"""Owner, DPO's opinion, officer; for an export both owner and officer once more, in one stage."""


@dataclass
class Ask:
    request: Request
    requester: int
    service_account: int | None
    assets: list[Asset]
    verdicts: dict[int, str] = field(default_factory=dict)
    """By person: the role of the slot they filled."""


@dataclass
class House:
    place: Organization
    purpose: Purpose
    domains: list[Domain] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    roles: list[tuple[int, Role, int | None]] = field(default_factory=list)
    owning: list[tuple[int, str, int]] = field(default_factory=list)
    inactive: set[int] = field(default_factory=set)
    asks: list[Ask] = field(default_factory=list)

    def holds(self, person: int, role: Role, asset: Asset) -> bool:
        return any(
            (who, held) == (person, role) and domain in (None, asset.domain_id)
            for who, held, domain in self.roles
        )

    def owns(self, account: Account, asset: Asset) -> bool:
        places = {("asset", asset.pk), ("domain", asset.domain_id)}
        by_name = any(who == account.pk and (kind, at) in places for who, kind, at in self.owning)
        return by_name or (account.kind == "person" and self.holds(account.person_id, Role.OWNER, asset))

    def watches(self, person: int, asset: Asset) -> bool:
        return any(self.holds(person, role, asset) for role in WATCHING)

    def may_see(self, account: Account, ask: Ask, assets: list[Asset]) -> bool:
        if account.person_id in self.inactive:
            return False
        if account.kind == "service":
            return ask.service_account == account.pk
        if ask.requester == account.person_id:
            return True
        is_watched = all(self.watches(account.person_id, asset) for asset in assets)
        is_owned = all(self.owns(account, asset) for asset in assets)
        return (is_watched or is_owned) and fresh(ask.request).state != "draft"

    def is_waited_for(self, account: Account, ask: Ask) -> bool:
        """Nobody's opinion but that of the rules: role in every domain, no party, no second slot."""
        request = fresh(ask.request)
        if request.state != "in_review" or account.kind != "person" or account.person_id in self.inactive:
            return False
        if account.person_id == ask.requester or account.person_id in ask.verdicts:
            return False
        stage = open_stage(current_decision(revision_of(request)))
        assert stage is not None
        free = {slot.role for slot in stage.slots.all() if not hasattr(slot, "verdict")}
        if "data_owner" in free and all(self.owns(account, asset) for asset in ask.assets):
            return True
        return any(
            all(self.holds(account.person_id, ROLE_IN_STAGES[word], asset) for asset in ask.assets)
            for word in free - {"data_owner"}
        )


def build(dice: random.Random, world: AccessWorld) -> House:
    place = people.organization()
    writer = world["officer"]
    assert writer.organization_id != place.pk
    approver = people.player(place, Role.COMPLIANCE_OFFICER)
    house = House(place=place, purpose=approved_purpose(place, approver.actor))
    house.roles.append((approver.person.pk, Role.COMPLIANCE_OFFICER, None))
    house.accounts.append(approver.account)
    house.domains = [people.domain(place) for _ in range(2)]
    house.assets = [things.published_asset(domain) for domain in house.domains for _ in range(2)]
    if not Rulebook.objects.filter(version=ROUTED.version).exists():
        publish_rulebook(actor=SYSTEM, document=ROUTED.as_dict())
    for role in (Role.OWNER, Role.DPO):
        if dice.random() < 0.6:
            sure = people.player(place, role)
            house.accounts.append(sure.account)
            house.roles.append((sure.person.pk, role, None))
    for _ in range(5):
        _person(house, dice)
    _owning(house, dice)
    for _ in range(5):
        _ask(house, dice)
    _turns(house, dice)
    if dice.random() < 0.6:
        gone = dice.choice(house.accounts).person
        change_person(actor=SYSTEM, person_id=gone.uid, status=PersonStatus.DEPARTED)
        house.inactive.add(gone.pk)
    return house


def _person(house: House, dice: random.Random) -> None:
    made = people.player(house.place)
    house.accounts.append(made.account)
    if dice.random() < 0.3:
        robot = create_service_account(
            actor=SYSTEM, person_id=made.person.uid, username=f"robot-{made.person.pk}", description=""
        )
        house.accounts.append(robot)
    wanted = [Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR, Role.STEWARD]
    for role in dice.sample(wanted, dice.randint(0, 3)):
        whole = [None] if dice.random() < 0.4 else dice.sample(house.domains, dice.randint(1, 2))
        for domain in whole:
            held = assign_role(
                actor=SYSTEM,
                person_id=made.person.uid,
                role=role,
                organization_id=house.place.uid,
                domain_id=domain.uid if domain else None,
            )
            if dice.random() < 0.15:
                end_role(actor=SYSTEM, role_assignment_id=held.uid)
            else:
                house.roles.append((made.person.pk, role, domain.pk if domain else None))


def _owning(house: House, dice: random.Random) -> None:
    for account in dice.sample(house.accounts, 3):
        asset, domain = dice.choice(house.assets), dice.choice(house.domains)
        if dice.random() < 0.5:
            give_asset_permission(
                actor=SYSTEM, asset_id=asset.uid, permission=ObjectPermission.OWN, holder_id=account.uid
            )
            house.owning.append((account.pk, "asset", asset.pk))
        else:
            give_domain_permission(
                actor=SYSTEM, domain_id=domain.uid, permission=ObjectPermission.OWN, holder_id=account.uid
            )
            house.owning.append((account.pk, "domain", domain.pk))


def _ask(house: House, dice: random.Random) -> None:
    robots = {account.person_id: account for account in house.accounts if account.kind == "service"}
    requester = dice.choice([account for account in house.accounts if account.kind == "person"])
    robot = robots.get(requester.person_id) if dice.random() < 0.5 else None
    assets = dice.sample(house.assets, dice.randint(1, 2))
    wanted = draft(
        assets[0],
        house.purpose,
        items=[ItemDraft(asset_id=asset.uid) for asset in assets],
        service_account_id=robot.uid if robot else None,
        actions=["read", "export"] if dice.random() < 0.5 else ["read"],
    )
    command = create_request if dice.random() < 0.15 else ask_for_access
    try:
        request = command(actor=actor_of(requester), draft=wanted)
    except RuleBroken as refusal:
        assert refusal.code == NO_DECIDER_IN_COMMON
        request = create_request(actor=actor_of(requester), draft=wanted)
    house.asks.append(
        Ask(
            request=request,
            requester=requester.person_id,
            service_account=robot.pk if robot else None,
            assets=assets,
        )
    )


def _turns(house: House, dice: random.Random) -> None:
    """Everybody has a go in random order; what they may not do they do not."""
    for ask in house.asks:
        crowd = [account for account in house.accounts if account.kind == "person"]
        for account in dice.sample(crowd, len(crowd)) + dice.sample(crowd, len(crowd)):
            if dice.random() < 0.04:
                break
            _go(ask, account, dice)
    for grant in Grant.objects.filter(organization=house.place):
        if dice.random() < 0.3:
            revoke_grant(actor=SYSTEM, grant_id=grant.uid, comment="No more.")
        elif dice.random() < 0.3:
            give_back_grant(actor=SYSTEM, grant_id=grant.uid)


def _go(ask: Ask, account: Account, dice: random.Random) -> None:
    actor = actor_of(account)
    if fresh(ask.request).state != "in_review":
        return
    if account.person_id == ask.requester:
        if dice.random() < 0.05:
            withdraw_request(actor=actor, request_id=ask.request.uid)
        return
    stage = open_stage(current_decision(revision_of(ask.request)))
    assert stage is not None
    before = set(stage.slots.filter(verdict__isnull=False).values_list("pk", flat=True))
    commands = [approve_request] * 9 + [reject_request, return_request]
    command = give_opinion if stage.is_opinion else dice.choice(commands)
    try:
        command(actor=actor, reason="Because.", **seen(ask.request))
    except LakewardenError:
        return
    filled = stage.slots.filter(verdict__isnull=False).exclude(pk__in=before).get()
    ask.verdicts[account.person_id] = filled.role
