"""A house in which everything needed to ask and to decide is recorded. Plain calls of commands.

`world()` takes some three hundred statements; build one and ask in it often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from apps.access import commands
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.models import BreakGlass, Condition, Decision, Grant, Request, Revision
from apps.access.queries import current_decision
from apps.accounts.commands import create_service_account
from apps.accounts.models import Account, Domain, Organization
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.catalog.commands import publish_asset
from apps.catalog.models import Asset, AssetVersion
from apps.classification.commands import ColumnClassification
from apps.compliance.commands import Origin, permit_purpose, state_origin
from apps.compliance.lifecycle import Art89Safeguard
from apps.compliance.models import ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionKind
from apps.policy.vocabulary import Art9Condition, Identifiability, LawfulBasis
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import classification, compliance, records
from tests.factories.accounts import Player

ZONE = "Europe/Berlin"
KEPT_UNTIL = date(2099, 1, 1)
VALID_FROM = date(2020, 1, 1)
TOP_RANK = 3
SCREENED = {"pay": ("is_vulnerable",), "study": ("is_vulnerable", "is_sensitive")}
PAY = "PersonnelPayment"
RESEARCH = "ScientificResearch"
ROCK = "ResearchAndDevelopment"


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An asset with the version that is asked for."""

    asset: Asset
    version: AssetVersion


@dataclass(frozen=True, kw_only=True)
class AccessWorld:
    """Who there is, what may be asked for, and why.

    `harmless` is granted at once for `rock`; `personal` goes to owner and officer for `pay`; `restricted`
    holds data on health, with `study`; `draft` is not published. `unrecorded` is a purpose that no activity
    covers, so that an ask for `personal` waits.
    """

    organization: Organization
    domain: Domain
    players: dict[str, Player]
    robot: Account
    strangers_robot: Account
    harmless: Thing
    personal: Thing
    restricted: Thing
    draft: Asset
    purposes: dict[str, Purpose]

    def __getitem__(self, name: str) -> Actor:
        return self.players[name].actor

    @property
    def robot_actor(self) -> Actor:
        return actor_of(self.robot)


PLAYERS: dict[str, tuple[Role, ...]] = {
    "scientist": (Role.SCIENTIST,),
    "colleague": (Role.SCIENTIST,),
    "owner": (Role.OWNER,),
    "second_owner": (Role.OWNER,),
    "steward": (Role.STEWARD,),
    "officer": (Role.COMPLIANCE_OFFICER,),
    "second_officer": (Role.COMPLIANCE_OFFICER,),
    "owner_and_officer": (Role.OWNER, Role.COMPLIANCE_OFFICER),
    "dpo": (Role.DPO,),
    "auditor": (Role.AUDITOR,),
    "administrator": (Role.ADMINISTRATOR,),
}

HARMLESS = ("depth", "gamma")
PERSONAL = ("name", "salary")
RESTRICTED = ("pseudonym", "diagnosis")


def world() -> AccessWorld:
    place = people.organization(time_zone=ZONE)
    domain = people.domain(place)
    players = {name: people.player(place, *roles, cleared_rank=TOP_RANK) for name, roles in PLAYERS.items()}
    players["on_call"] = people.player(place, Role.ON_CALL, cleared_rank=TOP_RANK)
    steward = players["steward"].actor
    harmless = thing(domain, steward, *(about_nobody(name) for name in HARMLESS))
    personal = thing(domain, steward, *(about_people(name) for name in PERSONAL))
    restricted = thing(domain, steward, *(about_health(name) for name in RESTRICTED))
    kept = _Records(place, players["officer"].actor, players["second_officer"].actor)
    kept.permit(personal, PAY, LawfulBasis.CONTRACT)
    kept.permit(restricted, RESEARCH, LawfulBasis.PUBLIC_TASK)
    return AccessWorld(
        organization=place,
        domain=domain,
        players=players,
        robot=_robot(players["scientist"]),
        strangers_robot=_robot(players["colleague"]),
        harmless=harmless,
        personal=personal,
        restricted=restricted,
        draft=things.asset(domain),
        purposes=kept.purposes(personal.asset, restricted.asset),
    )


def thing(domain: Domain, steward: Actor, *columns: ColumnClassification) -> Thing:
    """A published dataset, classified by the steward."""
    asset = things.asset(domain)
    version = things.version(asset, [str(column.column) for column in columns])
    classification.classified(version, steward, *columns)
    published = publish_asset(actor=SYSTEM, asset_id=asset.uid)
    if any(column.identifiability is not Identifiability.NOT_PERSONAL for column in columns):
        records.sheeted(published)
    return Thing(asset=published, version=version)


def lawful_activity(purpose: Purpose, *assets: Asset, approver: Actor, **given: Any) -> ProcessingActivity:
    """Approved, says what the law asks of it, and was screened."""
    made = {"particulars": compliance.ORDINARY, **given}
    activity = compliance.approved_activity(purpose, *assets, approver=approver, **made)
    records.screened(activity, "is_vulnerable")
    return activity


def about_nobody(column: str) -> ColumnClassification:
    return classification.about_nobody(column)


def about_people(column: str, sensitivity: str = "confidential") -> ColumnClassification:
    return classification.saying(column, sensitivity_class_code=sensitivity, category_codes=("Income",))


def about_health(column: str) -> ColumnClassification:
    return classification.saying(
        column,
        sensitivity_class_code="restricted",
        category_codes=("Health",),
        identifiability=Identifiability.PSEUDONYMISED,
    )


@dataclass(frozen=True)
class _Records:
    place: Organization
    writer: Actor
    reader: Actor

    def permit(self, thing: Thing, concept: str, basis: LawfulBasis) -> None:
        permit_purpose(actor=self.writer, asset_version_id=thing.version.uid, concept_code=concept)
        origin = Origin(
            original_basis=basis, original_purpose_code=concept, retention_ends_on=KEPT_UNTIL, source="Asked."
        )
        state_origin(actor=self.writer, asset_version_id=thing.version.uid, origin=origin)

    def purposes(self, personal: Asset, restricted: Asset) -> dict[str, Purpose]:
        found = {
            "rock": self._purpose(concept_code=ROCK, lawful_basis=None, lia_ref=""),
            "pay": self._purpose(concept_code=PAY),
            "study": self._purpose(
                concept_code=RESEARCH,
                lawful_basis=LawfulBasis.PUBLIC_TASK,
                legal_provision="Hospital act, research clause",
                lia_ref="",
                art9_conditions=frozenset({Art9Condition.ARCHIVING_RESEARCH_STATISTICS}),
                art9_law_ref="Hospital act, research clause",
                art89_safeguards=frozenset({Art89Safeguard.PSEUDONYMISATION}),
            ),
            "ordinary": self._purpose(concept_code=RESEARCH),
            "unrecorded": self._purpose(concept_code=PAY),
        }
        for name, asset in (("pay", personal), ("study", restricted)):
            signers = {"approver": self.reader, "writer": self.writer}
            activity = compliance.approved_activity(
                found[name], asset, particulars=compliance.ORDINARY, **signers
            )
            records.screened(activity, *SCREENED[name])
        records.tried(*found.values())
        return found

    def _purpose(self, **content: Any) -> Purpose:
        """In force for long, so that a test may ask as of last month."""
        given = {"valid_from": VALID_FROM, **content}
        return compliance.approved_purpose(self.place, self.reader, self.writer, **given)


def _robot(answers: Player) -> Account:
    username = f"robot-{answers.person.pk}"
    made: Account = create_service_account(
        actor=SYSTEM, person_id=answers.person.uid, username=username, description=""
    )
    return made


def permitted_for(world: AccessWorld, thing: Thing, concept: str) -> None:
    """Another asset whose data were collected on a contract, permitted for a kind of purpose."""
    kept = _Records(world.organization, world["officer"], world["second_officer"])
    kept.permit(thing, concept, LawfulBasis.CONTRACT)


def draft(asset: Asset | Thing, purpose: Purpose, *also: Asset | Thing, **given: Any) -> RequestDraft:
    """To read all columns of the latest version for thirty days."""
    made: dict[str, Any] = {
        "items": [ItemDraft(asset_id=_asset(each).uid) for each in (asset, *also)],
        "purpose_id": purpose.uid,
        "actions": ["read"],
        "ends_on": in_days(30),
        "justification": "Needed for the review of this year.",
        "place_of_processing": "DE",
    }
    return RequestDraft(**{**made, **given})


def in_days(days: int) -> date:
    return database_now().date() + timedelta(days=days)


def _asset(each: Asset | Thing) -> Asset:
    return each.asset if isinstance(each, Thing) else each


def asked(actor: Actor, wanted: RequestDraft, **given: Any) -> Request:
    """Drafted and sent, read afresh."""
    return fresh(commands.ask_for_access(actor=actor, draft=wanted, **given))


def fresh(request: Request) -> Request:
    return Request.objects.select_related("revision").get(pk=request.pk)


def revision_of(request: Request) -> Revision:
    return Revision.objects.get(pk=fresh(request).revision_key)


def decision_of(request: Request) -> Decision:
    return current_decision(revision_of(request))


def seen(request: Request) -> dict[str, Any]:
    """What somebody who reads the request now would name in a verdict."""
    revision = revision_of(request)
    return {
        "request_id": request.uid,
        "revision_sha256": revision.sha256,
        "decision_id": current_decision(revision).uid,
    }


def approved(request: Request, *approvers: Actor) -> Request:
    """By each in turn, each reading what is there then."""
    for approver in approvers:
        commands.approve_request(actor=approver, **seen(request))
    return fresh(request)


def bound(grant: Grant, kind: ConditionKind = ConditionKind.DURING, **given: Any) -> Condition:
    """To something that lasts, as if an approver had set it."""
    revision = Revision.objects.select_related("request").get(pk=grant.revision_id)
    now = database_now()
    made = {"code": "SET-training", "text": "Keep the training current.", "due_at": now + timedelta(days=7)}
    return Condition.objects.create(
        request=revision.request,
        decision_id=grant.decision_id,
        grant=grant,
        requester_id=revision.request.requester_id,
        subject_id=grant.person_id,
        kind=kind,
        check_by="manual",
        due_days=7,
        created_at=now,
        **{**made, **given},
    )


def broken(world: AccessWorld, **given: Any) -> BreakGlass:
    """Emergency access to what is harmless, for an hour."""
    made: dict[str, Any] = {
        "asset_id": world.harmless.asset.uid,
        "purpose_id": world.purposes["rock"].uid,
        "actions": ["read"],
        "hours": 1,
        "reason": "The well is on fire.",
        "incident_ref": "INC-1",
    }
    draft = commands.GlassDraft(**{**made, **given})
    glass: BreakGlass = commands.break_glass(actor=world.players["on_call"].proved, draft=draft)
    return glass


def granted(world: AccessWorld, who: str = "scientist", *, at: datetime | None = None, **given: Any) -> Grant:
    """A grant on the harmless asset."""
    request = asked(world[who], draft(world.harmless, world.purposes["rock"], **given), at=at)
    return Grant.objects.get(revision=request.revision)
