"""What happened to data, what has to be done, and what versions were made from."""

from __future__ import annotations

from collections.abc import Callable

from apps.access.commands import recall_grant
from apps.accounts.roles import Role
from apps.catalog.models import AssetKind, AssetVersion
from apps.catalog.models.version import InputRole
from apps.compliance.commands import begin_duty
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Duty, ModelAssessment, Occurrence
from apps.kernel.actor import SYSTEM
from tests.api import asking
from tests.api.matrix.access import ASKER, CONCERNED, about_a_grant
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import catalog
from tests.factories.accounts import World
from tests.factories.impacts import TAKING_EFFECT, looked_at
from tests.factories.occurrences import drafted, in_effect, made_from

OFFICER = Role.COMPLIANCE_OFFICER
KEEPERS = (Role.STEWARD, OFFICER, Role.DPO, Role.AUDITOR)
"""Those who work on records see what happened; the others do not know of it."""
OTHERS = tuple(role for role in Role if role not in KEEPERS)
READ = only(*KEEPERS, gets=200, others=404)
DECIDED = only(OFFICER, gets=200, others=403, hidden_from=OTHERS)
REASON = {"reason": "It came to this."}
EVIDENCE = {"evidence": "Run 12."}


def version(world: World) -> AssetVersion:
    asset = catalog.published_asset(world.domain)
    return AssetVersion.objects.select_related("asset").get(asset=asset)


def draft(world: World) -> Occurrence:
    return drafted(world.organization, Happening.CLASS_RAISED, version(world))


def occurred(world: World) -> Occurrence:
    return in_effect(world.organization, Happening.CLASS_RAISED, version(world))


def called(make: Callable[[World], Occurrence], body: object = None) -> Callable[[World], Call]:
    def call(world: World) -> Call:
        row = make(world)
        return Call(path={"id": row.uid}, body=body, etag=etag(row))

    call.__name__ = make.__name__
    return call


def effect(world: World) -> Call:
    row = draft(world)
    body = {"seen_impact": looked_at(TAKING_EFFECT, row.uid)}
    return Call(path={"id": row.uid}, body=body, etag=etag(row))


def new(world: World) -> Call:
    body = {
        "organization_id": str(world.organization.uid),
        "happening": Happening.CLASS_RAISED.value,
        "said": "A column turned out to be about health.",
        "version_ids": [str(version(world).uid)],
    }
    return Call(body=body)


def stewards_duty(world: World) -> Call:
    duty = Duty.objects.get(occurrence=occurred(world))
    return Call(path={"id": duty.uid}, body=EVIDENCE)


def deletion(world: World) -> Call:
    in_effect(world.organization, Happening.RETENTION_ENDED, version(world))
    return Call(path={"id": Duty.objects.get(code="delete_or_anonymise").uid})


def failing(world: World) -> Call:
    call = deletion(world)
    begin_duty(actor=world[Role.STEWARD].actor, duty_id=call.path["id"])
    return Call(path=call.path, body={"why": "The archive was not mounted."})


def to_assign(world: World) -> Call:
    call = stewards_duty(world)
    return Call(path=call.path, body={"person_id": str(world[Role.SCIENTIST].person.uid)})


def assessment(world: World) -> Call:
    data = version(world)
    model = catalog.asset(world.domain, AssetKind.MODEL)
    trained = made_from(model, data, role=InputRole.TRAINING)
    in_effect(world.organization, Happening.UNLAWFUL_COLLECTION, data)
    found = ModelAssessment.objects.get(version=trained)
    return Call(path={"id": found.uid}, body={"outcome": "retire", "why": "It leaks."})


def recalled(world: World) -> Call:
    grant = asking.granted(world)
    occurrence = in_effect(world.organization, Happening.UNLAWFUL_COLLECTION, grant.version)
    recall = recall_grant(actor=SYSTEM, grant_id=grant.uid, occurrence_id=occurrence.uid)
    return Call(path={"id": recall.uid}, body={"attestation": "Deleted."})


def trained(world: World) -> Call:
    made = made_from(catalog.asset(world.domain, AssetKind.MODEL), version(world), role=InputRole.TRAINING)
    return Call(path={"id": made.uid})


def flagged(world: World) -> Call:
    data = version(world)
    approver = world[OFFICER].actor
    in_effect(world.organization, Happening.ERASURE_GRANTED, data, approver=approver)
    return Call(path={"id": data.uid}, body=EVIDENCE)


def further_input(world: World) -> Call:
    body = {"inputs": [{"version_id": str(version(world).uid), "role": "source"}]}
    return Call(path={"id": version(world).uid}, body=body)


ANSWERS = (Role.STEWARD, Role.OWNER, OFFICER)
NO_MODELS = tuple(role for role in Role if role not in (*KEEPERS, Role.OWNER))
ROWS = [
    Row(url="occurrences-list", method="GET", answers=everybody(200)),
    Row(url="occurrences-list", method="POST", answers=only(OFFICER, gets=201, others=403), make=new),
    Row(url="occurrences-detail", method="GET", answers=READ, make=called(draft)),
    Row(url="occurrence-impact", method="GET", answers=DECIDED, make=called(draft)),
    Row(url="occurrence-recipients", method="GET", answers=READ, make=called(occurred)),
    Row(url="occurrences-put-in-effect", method="POST", answers=DECIDED, make=effect),
    Row(url="occurrences-discard", method="POST", answers=DECIDED, make=called(draft, REASON)),
    Row(url="occurrences-lift", method="POST", answers=DECIDED, make=called(occurred, REASON)),
    Row(url="duties-list", method="GET", answers=everybody(200)),
    Row(url="duties-detail", method="GET", answers=READ, make=stewards_duty),
    Row(
        url="duties-finish",
        method="POST",
        answers=only(Role.STEWARD, OFFICER, gets=200, others=403, hidden_from=OTHERS),
        make=stewards_duty,
    ),
    Row(
        url="duties-begin",
        method="POST",
        answers=only(Role.STEWARD, OFFICER, gets=200, others=403, hidden_from=OTHERS),
        make=deletion,
    ),
    Row(
        url="duties-fail",
        method="POST",
        answers=only(Role.STEWARD, OFFICER, gets=200, others=403, hidden_from=OTHERS),
        make=failing,
    ),
    Row(
        url="duties-assign",
        method="POST",
        answers=only(Role.STEWARD, OFFICER, gets=200, others=403, hidden_from=OTHERS),
        make=to_assign,
    ),
    Row(url="model-assessments-list", method="GET", answers=everybody(200)),
    Row(
        url="model-assessments-detail",
        method="GET",
        answers=only(*KEEPERS, Role.OWNER, gets=200, others=404),
        make=assessment,
    ),
    Row(
        url="model-assessments-decide",
        method="POST",
        answers=only(Role.OWNER, OFFICER, gets=200, others=403, hidden_from=NO_MODELS),
        make=assessment,
    ),
    Row(url="recalls-list", method="GET", answers=everybody(200)),
    about_a_grant("GET", "recalls-detail", recalled, *CONCERNED, Role.STEWARD),
    about_a_grant("POST", "recalls-attest", recalled, ASKER),
    Row(url="asset-versions-effective", method="GET", answers=everybody(200), make=trained),
    Row(url="asset-versions-rows", method="GET", answers=everybody(200), make=flagged),
    Row(
        url="asset-versions-leave-rows-out",
        method="POST",
        answers=only(*ANSWERS, gets=200, others=403),
        make=flagged,
    ),
    Row(
        url="asset-versions-add-inputs",
        method="POST",
        answers=only(Role.STEWARD, gets=200, others=403),
        make=further_input,
    ),
]
