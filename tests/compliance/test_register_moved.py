"""A register of every kind of record moves to another installation, and is the same there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from apps.accounts.models import Organization
from apps.accounts.roles import Role
from apps.catalog.models import Asset, AssetKind, AssetVersion
from apps.classification.commands import CategoryDraft, add_category
from apps.compliance import commands
from apps.compliance.exports.writing import Format
from apps.compliance.lifecycle import Recipient, RecipientKind
from apps.compliance.lifecycle.activity.content import Role as RoleInIt
from apps.compliance.lifecycle.declaration import Content, Kind, Shape, Spec, specs_of
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.models import LegalRecord, ProcessingActivity, Purpose, PurposeConcept
from apps.kernel.actor import SYSTEM
from portal.embedded.postgres import Postgres
from tests.clones import name_in_use, point_django_at
from tests.compliance.test_declarations import sample
from tests.compliance.test_register_restored import KEEPER, exported, restored
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance as records
from tests.factories.records import kept
from tests.throwaway import TEMPLATE

pytestmark = pytest.mark.django_db
CONCEPT, CATEGORY = "CareForPumps", "PumpNoise"
SNOWMAN = "Grün, with a snowman ☃"


@dataclass(frozen=True, kw_only=True)
class Left:
    """What left the first installation, as files."""

    document: bytes
    rows: bytes
    kinds: Mapping[str, int]


def filled(kind: Kind, named: Mapping[str, UUID]) -> Content:
    """Every field says something, and every reference names something that is there."""
    content = kind.content(
        **{name: _said(spec, named) for name, spec in kind.specs.items() if name not in DAYS}
    )
    assert not any(
        getattr(content, name) in ("", None, (), frozenset()) for name in kind.specs if name not in DAYS
    )
    return content


STEPS = (
    ("consent-bases", "read-withdrawals", {"list_number": 3}),
    (
        "impact-assessments",
        "finish-measure",
        {"measure": SNOWMAN, "done_on": "2026-11-01", "evidence": "Minutes", "evidence_sha256": "d" * 64},
    ),
)
DAYS = ("effective_from", "effective_to", "next_review")


def _said(spec: Spec, named: Mapping[str, UUID]) -> Any:
    match spec.shape:
        case Shape.ONE:
            return named[spec.of]
        case Shape.SOME:
            return (named[spec.of],)
        case Shape.CONCEPT:
            return CONCEPT
        case Shape.ROWS if spec.row:
            return (spec.row(**{name: _said(each, named) for name, each in specs_of(spec.row).items()}),)
    return sample(spec)


def whole_register() -> Organization:
    """Every kind of record, words of one's own, work done for another entity, and versions that are named."""
    world = people.world()
    place = world.organization
    Organization.objects.filter(pk=place.pk).update(**KEEPER)
    writer = world[Role.COMPLIANCE_OFFICER].actor
    approver = people.player(place, Role.COMPLIANCE_OFFICER, name="Kim Berg").actor
    commands.add_concept(
        actor=SYSTEM,
        draft=commands.ConceptDraft(
            code=CONCEPT, label="Care for pumps", definition="Own.", parent_codes=["ScientificResearch"]
        ),
    )
    noise = CategoryDraft(
        code=CATEGORY, label="Noise of pumps", definition="Own.", parent_codes=["Behavioural"]
    )
    add_category(actor=SYSTEM, draft=noise)
    asset = things.published_asset(world.domain)
    version = AssetVersion.objects.get(asset=asset)
    things.version(asset, content_sha256="e" * 64)  # an earlier one is named by the records
    model = things.asset(world.domain, AssetKind.MODEL)
    purpose = records.approved_purpose(place, approver, writer, concept_code=CONCEPT)
    covering = records.approved_activity(purpose, asset, approver=approver, writer=writer)
    client = people.organization(name="Client Ltd.", address="Road 3", contact="dpo@client.example")
    records.approved_activity(
        purpose,
        asset,
        approver=approver,
        writer=SYSTEM,
        name="Upkeep for a client",
        role=RoleInIt.PROCESSOR,
        controller_id=client.uid,
        is_running=True,
        recipients=(Recipient(kind=RecipientKind.PROCESSOR, party="Cloud Inc."),),
        no_recipients_confirmed=False,
    )
    named = {"purpose": purpose.uid, "activity": covering.uid, "asset": model.uid, "version": version.uid}
    named |= {"grant": uuid4(), "lease": uuid4()}  # they stay where they were given
    for kind in _in_order():
        named[kind.slug] = kept(place, kind, filled(kind, named)).uid
    for slug, step, said in STEPS:
        commands.take_step(actor=approver, legal_record_id=named[slug], step=step, said=said)
    return place


def _in_order() -> list[Kind]:
    """Those that are named before those that name them."""
    left, made = dict(KINDS), set[str]()
    found = []
    while left:
        ready = [slug for slug, kind in left.items() if _names(kind.content) & set(KINDS) <= made | {slug}]
        for slug in ready:
            found.append(left.pop(slug))
        made |= set(ready)
        assert ready, left.keys()
    return found


def _names(content: type[Any]) -> set[str]:
    specs = specs_of(content).values()
    return {each.of for each in specs if each.of} | {
        of for each in specs if each.row for of in _names(each.row)
    }


@pytest.fixture(scope="module")
def left(django_db_setup: None, postgres: Postgres, worker_id: str, django_db_blocker: Any) -> Left:
    """The first installation is a database of its own, and is left as it is."""
    before, name = name_in_use(), f"test_{worker_id}_left"
    postgres.clone(TEMPLATE, name)
    with django_db_blocker.unblock():
        point_django_at(postgres, name)
        try:
            with transaction.atomic():
                place = whole_register()
                kinds = LegalRecord.objects.filter(organization=place).values_list("kind", flat=True)
                counts = {kind: list(kinds).count(kind) for kind in set(kinds)}
                made = Left(document=exported(place), rows=exported(place, Format.CSV), kinds=counts)
                transaction.set_rollback(True)
        finally:
            point_django_at(postgres, before)
    return made


@pytest.fixture
def elsewhere(left: Left, db: None) -> Organization:
    """Another installation: its words are those that came with it, and nobody has written a record."""
    assert not PurposeConcept.objects.filter(code=CONCEPT).exists()
    for table in (LegalRecord, ProcessingActivity, Purpose, Asset):
        assert not table._default_manager.exists()
    place = people.organization()
    Organization.objects.filter(pk=place.pk).update(**KEEPER)
    place.refresh_from_db()
    return place


def test_the_first_installation_holds_every_kind_of_record(left: Left) -> None:
    assert set(left.kinds) == set(KINDS)
    document = json.loads(left.document)
    assert {row["kind"] for row in document["records"]} == set(KINDS)
    assert {row["code"] for row in document["terms"]} == {CONCEPT, CATEGORY}
    named = {name for row in document["named"] for name in row}
    assert {"asset", "organization", "version"} <= named


def test_a_register_of_every_kind_is_the_same_in_another_installation(
    left: Left, elsewhere: Organization
) -> None:
    restored(elsewhere, left.document)
    after = exported(elsewhere)
    content, before = (each.partition(b',\n"provenance":')[0] for each in (after, left.document))
    assert content == before
    assert exported(elsewhere, Format.CSV) == left.rows
