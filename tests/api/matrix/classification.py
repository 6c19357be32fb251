from __future__ import annotations

from dataclasses import replace

from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.classification.commands import CategoryDraft, Handling, add_category, propose_handling
from apps.classification.models import LadderChange, SensitivityClass
from apps.compliance.commands import ConceptDraft, add_concept
from apps.kernel.actor import SYSTEM, Actor
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import catalog
from tests.factories.accounts import World, player
from tests.factories.classification import classified, saying
from tests.factories.impacts import CLASSIFYING, looked_at

STEWARD, OWNER, OFFICER = Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER
DEMANDS = {
    "max_grant_days": 7,
    "max_lease_minutes": 60,
    "stages": ["data_owner", "compliance_officer"],
    "needs_step_up": True,
    "is_auto_ok_allowed": False,
}
WORDS = {"rank": 40, "code": "secret", "label": "Secret", "definition": "For nobody."}


def version(world: World) -> AssetVersion:
    return catalog.published_asset(world.domain).versions.get()


def new_class(world: World) -> Call:
    return Call(body={**WORDS, **DEMANDS})


def one_class(world: World) -> Call:
    found = SensitivityClass.objects.get(code="internal")
    return Call(path={"id": found.uid}, body={"max_grant_days": 7}, etag=etag(found))


def to_propose(world: World) -> Call:
    found = SensitivityClass.objects.get(code="internal")
    return Call(path={"id": found.uid}, body=DEMANDS, etag=etag(found))


def proposed_by(actor: Actor) -> LadderChange:
    """Laxer, so that it waits."""
    held = SensitivityClass.objects.get(code="internal")
    handling = replace(Handling.of(held), max_grant_days=None)
    made: LadderChange = propose_handling(actor=actor, sensitivity_class_id=held.uid, handling=handling)
    return made


def own_change(world: World) -> Call:
    return Call(path={"id": proposed_by(world[OFFICER].actor).uid})


def another_change(world: World) -> Call:
    return Call(path={"id": proposed_by(player(world.organization, OFFICER).actor).uid})


def refused_change(world: World) -> Call:
    return Call(path=another_change(world).path, body={"reason": "Not here."})


def of_version(world: World) -> Call:
    return Call(path={"version_id": version(world).uid})


def by_id(world: World) -> Call:
    return Call(path={"id": version(world).uid})


def of_asset(world: World) -> Call:
    return Call(path={"id": version(world).asset.uid})


def to_classify(world: World) -> Call:
    item = {
        "column": "value",
        "sensitivity_class_code": "internal",
        "category_codes": ["EmailAddress"],
        "identifiability": "identified",
    }
    return Call(path={"id": version(world).uid}, body={"items": [item]})


def proposed(world: World) -> Call:
    """By the machine, which is nobody: any of those who may decide is another person."""
    found = version(world)
    classified(found, world[STEWARD].actor, saying(sensitivity_class_code="confidential"))
    lowering = classified(found, SYSTEM, saying(sensitivity_class_code="internal"))
    ids = [str(row.uid) for row in lowering.proposed]
    seen = looked_at(CLASSIFYING, found.asset.uid)
    return Call(path={"id": found.uid}, body={"proposal_ids": ids, "seen_impact": seen})


def to_reject(world: World) -> Call:
    call = proposed(world)
    body = {"proposal_ids": call.body["proposal_ids"], "reason": "It is worse than that."}
    return Call(path=call.path, body=body)


DECIDE = only(STEWARD, OWNER, OFFICER, gets=200, others=403)

TERM = {"code": "WellOwner", "label": "Owner of a well", "definition": "Whose well it is."}


def new_category(world: World) -> Call:
    return Call(body={**TERM, "parent_codes": ["Ownership"]})


def new_concept(world: World) -> Call:
    return Call(body={**TERM, "parent_codes": ["ResearchAndDevelopment"]})


def own_category(world: World) -> Call:
    draft = CategoryDraft(**TERM, parent_codes=["Ownership"])
    return Call(path={"id": add_category(actor=SYSTEM, draft=draft).uid}, body={})


def own_concept(world: World) -> Call:
    draft = ConceptDraft(**TERM, parent_codes=["ResearchAndDevelopment"])
    return Call(path={"id": add_concept(actor=SYSTEM, draft=draft).uid}, body={})


OFFICERS_SEE = only(OFFICER, gets=200, others=404)
OFFICERS_NEW = only(Role.COMPLIANCE_OFFICER, gets=201, others=403)
OFFICERS_OWN = only(Role.COMPLIANCE_OFFICER, gets=200, others=403)
ROWS = [
    Row(url="sensitivity-classes-list", method="GET", answers=everybody(200)),
    Row(
        url="sensitivity-classes-list",
        method="POST",
        answers=only(OFFICER, gets=201, others=403),
        make=new_class,
    ),
    Row(url="sensitivity-classes-detail", method="GET", answers=everybody(200), make=one_class),
    Row(
        url="sensitivity-classes-detail",
        method="PATCH",
        answers=only(OFFICER, gets=200, others=403),
        make=one_class,
    ),
    Row(
        url="sensitivity-classes-propose",
        method="POST",
        answers=only(OFFICER, gets=200, others=403),
        make=to_propose,
    ),
    Row(url="ladder-changes-list", method="GET", answers=everybody(200)),
    Row(
        url="ladder-changes-list", method="POST", answers=only(OFFICER, gets=201, others=403), make=new_class
    ),
    Row(url="ladder-changes-detail", method="GET", answers=OFFICERS_SEE, make=own_change),
    Row(url="ladder-changes-agree", method="POST", answers=OFFICERS_SEE, make=another_change),
    Row(url="ladder-changes-reject", method="POST", answers=OFFICERS_SEE, make=refused_change),
    Row(url="ladder-changes-withdraw", method="POST", answers=OFFICERS_SEE, make=own_change),
    Row(url="data-categories-list", method="GET", answers=everybody(200)),
    Row(url="data-categories-list", method="POST", answers=OFFICERS_NEW, make=new_category),
    Row(url="data-categories-deprecate", method="POST", answers=OFFICERS_OWN, make=own_category),
    Row(url="purpose-concepts-list", method="POST", answers=OFFICERS_NEW, make=new_concept),
    Row(url="purpose-concepts-deprecate", method="POST", answers=OFFICERS_OWN, make=own_concept),
    Row(url="asset-versions-detail", method="GET", answers=everybody(200), make=by_id),
    Row(url="version-classification-list", method="GET", answers=everybody(200), make=of_version),
    Row(
        url="asset-versions-classify",
        method="POST",
        answers=only(STEWARD, gets=200, others=403),
        make=to_classify,
    ),
    Row(
        url="asset-impact",
        method="GET",
        answers=only(STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER, gets=200, others=403),
        make=of_asset,
    ),
    Row(url="asset-versions-confirm-lowering", method="POST", answers=DECIDE, make=proposed),
    Row(url="asset-versions-reject-lowering", method="POST", answers=DECIDE, make=to_reject),
    Row(url="classification-proposals-list", method="GET", answers=everybody(200)),
]
