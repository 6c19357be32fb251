"""A register leaves as JSON and comes back: in an organization without records everything is as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import Organization, Person
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.compliance import commands
from apps.compliance.exports.columns import Articles
from apps.compliance.exports.writing import Format
from apps.compliance.facts.above import ABOVE
from apps.compliance.facts.around import ACTIVITY, ASSET, PURPOSE, VERSION
from apps.compliance.lifecycle import Recipient, RecipientKind
from apps.compliance.lifecycle.declaration import Shape, Spec, specs_of
from apps.compliance.lifecycle.dpia.content import DpiaContent
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.lifecycle.parties import PartyContent, PartyRole
from apps.compliance.lifecycle.transfers import TransferContent
from apps.compliance.models import (
    ActivityVersion,
    LegalRecord,
    ProcessingActivity,
    Purpose,
    PurposeConcept,
    PurposeVersion,
)
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput, InvalidState, NotPermitted
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance as records

pytestmark = pytest.mark.django_db
KEEPER = {"name": "Nordwerk AG", "address": "Hafenstraße 1", "contact": "privacy@example.org"}


def exported(place: Organization, format: Format = Format.JSON) -> bytes:
    made = commands.export_register(
        actor=SYSTEM, organization_id=place.uid, articles=Articles.CONTROLLER, format=format
    )
    return made.file.read()


def restored(place: Organization, raw: bytes) -> int:
    count: int = commands.restore_register(
        actor=SYSTEM,
        organization_id=place.uid,
        document=json.loads(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
    )
    return count


def named_alike(place: Organization) -> Organization:
    Organization.objects.filter(pk=place.pk).update(**KEEPER)
    place.refresh_from_db()
    return place


@pytest.fixture
def empty() -> Organization:
    return named_alike(people.organization())


@pytest.fixture
def world() -> people.World:
    """A register with everything a document may hold, also what is named and does not hold."""
    world = people.world()
    named_alike(world.organization)
    writer = world[Role.COMPLIANCE_OFFICER].actor
    approver = people.player(world.organization, Role.COMPLIANCE_OFFICER, name="Kim Berg").actor
    own = commands.ConceptDraft(
        code="PumpCare",
        label="Care for pumps",
        definition="Own.",
        parent_codes=["Purpose", "ScientificResearch"],
    )
    commands.add_concept(actor=SYSTEM, draft=own)
    purpose = records.approved_purpose(world.organization, approver, writer, concept_code="PumpCare")
    asset = things.published_asset(world.domain)
    activity = records.approved_activity(
        purpose,
        asset,
        approver=approver,
        writer=writer,
        is_running=True,
        recipients=(Recipient(kind=RecipientKind.PROCESSOR, party="Cloud Inc."),),
        no_recipients_confirmed=False,
        security_measures=frozenset(),
    )
    draft = records.drafted_activity(purpose, asset, writer=writer, name="Planned")
    party = records.approved_record(
        world.organization,
        "parties",
        PartyContent(
            name="Cloud Inc.",
            address="Ring 2",
            contact="c@example.org",
            country="AT",
            role=PartyRole.INDEPENDENT,
            is_public_authority=False,
            is_international_organization=False,
        ),
        approver,
        writer,
    )
    records.approved_record(
        world.organization,
        "transfers",
        TransferContent(name="Hosting", importer=party.uid, activities=(activity.uid,), data="All"),
        approver,
        writer,
    )
    points = {
        name: False
        for name in DpiaContent.__dataclass_fields__
        if name.startswith(("is_", "prevents_")) and name != "is_published"
    }
    assessed = records.approved_record(
        world.organization,
        "impact-assessments",
        DpiaContent(name="Pumps", activities=(activity.uid, draft.uid), **points),
        approver,
        writer,
    )
    commands.take_step(actor=approver, legal_record_id=assessed.uid, step="not-needed")
    found = records.breach_content(assets=(asset.uid,))
    records.approved_record(world.organization, "breaches", found, approver, writer)
    compared = records.compatibility_content(purpose, asset)
    records.approved_record(world.organization, "compatibility", compared, approver, writer)
    return world


def test_what_was_exported_is_exported_again_from_an_empty_organization(
    world: people.World, empty: Organization
) -> None:
    before = exported(world.organization)
    assert restored(empty, before) == 1
    after = exported(empty)
    content, _, told = after.partition(b',\n"provenance":')
    assert content == before.partition(b',\n"provenance":')[0]
    assert json.loads(told[:-2])["content_sha256"] == hashlib.sha256(content).hexdigest()


def test_a_document_holds_records_of_every_kind_and_whatever_they_name_has_a_name_in_it(
    world: people.World,
) -> None:
    document = json.loads(exported(world.organization))
    assert {row["kind"] for row in document["records"]} >= {"breaches", "compatibility", "impact-assessments"}
    specs = [spec for kind in KINDS.values() for spec in specs_in(kind.content)]
    named = {spec.of for spec in specs if spec.shape in {Shape.ONE, Shape.SOME}}
    assert named - {PURPOSE, ACTIVITY, ASSET, VERSION, *ABOVE} <= set(KINDS)


def specs_in(content: type[Any]) -> Iterator[Spec]:
    for spec in specs_of(content).values():
        yield spec
        if spec.row is not None:
            yield from specs_in(spec.row)


def test_words_of_ones_own_come_along_and_those_that_are_out_of_use_stay_so(
    world: people.World, empty: Organization
) -> None:
    concept = PurposeConcept.objects.get(code="PumpCare")
    commands.deprecate_concept(
        actor=SYSTEM, purpose_concept_id=concept.uid, replaced_by_code="ScientificResearch"
    )
    raw = exported(world.organization).replace(b"PumpCare", b"CareOfPumps")
    assert json.loads(raw)["terms"][0]["parents"] == ["Purpose", "ScientificResearch"]
    restored(empty, raw)
    made = PurposeConcept.objects.get(code="CareOfPumps")
    assert (made.label, made.deprecated_on, made.replaced_by and made.replaced_by.code) == (
        "Care for pumps",
        date.today(),
        "ScientificResearch",
    )
    assert {parent.code for parent in made.parents.all()} == {"Purpose", "ScientificResearch"}
    version = PurposeVersion.objects.get(purpose__organization=empty)
    assert version.concept == made
    assert json.loads(exported(empty))["purposes"][0]["content"]["concept_code"] == "CareOfPumps"


def test_a_document_from_before_words_were_told_is_read(world: people.World, empty: Organization) -> None:
    document = json.loads(exported(world.organization))
    del document["terms"]
    assert restored(empty, json.dumps(document).encode()) == 1


def test_the_rows_of_a_restored_register_are_the_same_but_for_what_the_catalog_says(
    world: people.World, empty: Organization
) -> None:
    restored(empty, exported(world.organization))
    assert exported(empty, Format.CSV) == exported(world.organization, Format.CSV)


def test_who_signed_stays_and_may_do_nothing_and_the_trail_tells(
    world: people.World, empty: Organization
) -> None:
    raw = exported(world.organization)
    restored(empty, raw)
    version = ActivityVersion.objects.get(activity__organization=empty, record_status="approved")
    signer = version.approved_by
    assert (signer.name, signer.status) == ("Kim Berg", "departed")
    assert version.clearance == "blocked"
    assert Person.objects.filter(organization=empty, name="Kim Berg").count() == 1
    entry = AuditEvent.objects.get(name="compliance.register.restored")
    assert entry.data["sha256"] == hashlib.sha256(raw).hexdigest()
    planned = ProcessingActivity.objects.get(organization=empty, ref="PA-0002")
    assert [each.record_status for each in planned.versions.all()] == ["draft"]
    assert LegalRecord.objects.get(organization=empty, kind="impact-assessments").stage == "not_required"


def test_a_register_is_restored_by_the_operator_where_there_is_none(
    world: people.World, empty: Organization
) -> None:
    raw = exported(world.organization)
    officer = people.player(empty, Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR).actor
    with pytest.raises(NotPermitted):
        commands.restore_register(
            actor=officer, organization_id=empty.uid, document=json.loads(raw), sha256=""
        )
    with pytest.raises(InvalidState):
        restored(world.organization, raw)


def test_a_document_that_was_changed_changes_nothing(world: people.World, empty: Organization) -> None:
    document: Any = json.loads(exported(world.organization))

    def spoilt(**changed: Any) -> bytes:
        return json.dumps({**document, **changed}).encode()

    party = next(row for row in document["records"] if row["kind"] == "parties")
    wrong = [
        spoilt(format="another"),
        spoilt(activities=None),
        spoilt(purposes=[]),
        spoilt(activities=[{**document["activities"][0], "approved_at": "soon"}]),
        spoilt(records=[{**party, "kind": "breaches"}]),
        spoilt(records=[{**party, "kind": "nothing"}]),
        spoilt(activities=document["activities"] * 2),
        spoilt(records=[{**party, "steps": [{"step": "x"}]}]),
        spoilt(terms=[{**document["terms"][0], "facet": "nothing"}]),
        spoilt(terms=[{**document["terms"][0], "code": "New", "iri": "urn:x", "parents": ["Unheard"]}]),
        b"[]",
    ]
    for raw in wrong:
        with pytest.raises(InvalidInput):
            restored(empty, raw)
    assert not Purpose.objects.filter(organization=empty).exists()


def test_the_operator_exports_and_restores_from_the_command_line(
    world: people.World, empty: Organization, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "register.json"
    call_command("export_register", world.organization.code, str(file), "--format", "json")
    call_command("restore_register", empty.code, str(file))
    assert "1 processing activities restored." in capsys.readouterr().out
    file.write_text("{")
    with pytest.raises(CommandError):
        call_command("restore_register", empty.code, str(file))
