"""The register as of a day, from the database: which records, what they say, who took it, at what cost."""

from __future__ import annotations

import csv
import gc
import io
import json
import tracemalloc
from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.compliance import commands
from apps.compliance.exports.columns import Articles
from apps.compliance.exports.entry import Entry
from apps.compliance.exports.writing import Format
from apps.compliance.facts.art30 import register_entries
from apps.compliance.lifecycle import Recipient, RecipientKind, Transfer
from apps.compliance.lifecycle import Role as Part
from apps.compliance.lifecycle.activity.particulars import (
    Automation,
    DataPlace,
    DataSource,
    OnBehalf,
    Particulars,
    PersonalData,
    SpecialCategory,
)
from apps.compliance.lifecycle.dpia.content import DpiaContent
from apps.compliance.lifecycle.parties import PartyContent, PartyRole
from apps.compliance.lifecycle.retention import RetentionAction, RetentionContent, Trigger
from apps.compliance.lifecycle.transfers import SccModule, TiaOutcome, TransferContent
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import NotFound, NotPermitted
from apps.policy.law_words import TransferMechanism
from portal.benchmarks.registers import House
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance as records
from tests.factories.classification import classified, saying

pytestmark = pytest.mark.django_db


@pytest.fixture
def approver(world: people.World) -> Actor:
    return people.player(world.organization, Role.COMPLIANCE_OFFICER, name="Kim Berg").actor


def exported(
    actor: Actor, world: people.World, format: Format = Format.CSV, **given: Any
) -> commands.Exported:
    made = {"articles": Articles.CONTROLLER, **given}
    return commands.export_register(
        actor=actor, organization_id=world.organization.uid, format=format, **made
    )


def lines(actor: Actor, world: people.World, **given: Any) -> list[dict[str, str]]:
    raw = exported(actor, world, **given).file.read().decode()
    return list(csv.DictReader(io.StringIO(raw, newline="")))


def entries(world: people.World, on: date, **given: Any) -> list[Entry]:
    return [entry for chunk in register_entries(world.organization, on, **given) for entry in chunk]


def test_everything_that_stands_beside_an_activity_is_told_with_it(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    asset = things.asset(world.domain, name="Shift plans")
    said = saying(category_codes=("EmailAddress", "Health"))
    classified(things.version(asset, ("value",)), world[Role.STEWARD].actor, said)
    purpose = records.approved_purpose(world.organization, approver, writer)
    activity = records.approved_activity(
        purpose,
        asset,
        approver=approver,
        writer=writer,
        is_running=True,
        recipients=(Recipient(kind=RecipientKind.PROCESSOR, party="Cloud Inc."),),
        no_recipients_confirmed=False,
        transfers=(Transfer(country="US", importer="Cloud Inc."),),
        no_transfers_confirmed=False,
        particulars=Particulars(
            has_no_dpo=True,
            remedy_owner="Kim Berg",
            remedy_due=date(2099, 12, 31),
            automation=Automation.PROFILING,
            sources=frozenset({DataSource.SUBJECT, DataSource.THIRD_PARTY}),
            source_party="Agency",
            personal_data=(
                PersonalData(category="EmailAddress"),
                PersonalData(category="Income", special_kind=SpecialCategory.CRIMINAL),
            ),
        ),
    )
    party = records.approved_record(
        world.organization,
        "parties",
        PartyContent(
            name="Cloud Inc.",
            address="1 Main St",
            contact="c@example.org",
            country="US",
            role=PartyRole.INDEPENDENT,
            is_public_authority=False,
            is_international_organization=False,
            dpf="no",
        ),
        approver,
        writer,
    )
    records.approved_record(
        world.organization,
        "transfers",
        TransferContent(
            name="Hosting",
            importer=party.uid,
            activities=(activity.uid,),
            data="All",
            mechanism=TransferMechanism.STANDARD_CLAUSES,
            instrument_ref="SCC-7",
            scc_module=next(iter(SccModule)),
            tia=TiaOutcome.ADEQUATE,
            tia_ref="TIA-3",
            tia_review_on=date(2099, 6, 30),
        ),
        approver,
        writer,
    )
    records.approved_record(
        world.organization,
        "retention-schedules",
        RetentionContent(
            name="Plans",
            data="Shift plans",
            assets=(asset.uid,),
            trigger=Trigger.CONTRACT_END,
            duration="P2Y",
            max_cap="P10Y",
            action=RetentionAction.ERASE,
        ),
        approver,
        writer,
    )
    points = dict.fromkeys(
        name
        for name in DpiaContent.__dataclass_fields__
        if name.startswith(("is_", "prevents_")) and name != "is_published"
    )
    records.approved_record(
        world.organization,
        "impact-assessments",
        DpiaContent(name="Plans", activities=(activity.uid,), **dict.fromkeys(points, False)),
        approver,
        writer,
    )
    (row,) = lines(writer, world)
    assert row["personal_data_categories(c)"] == "Email Address; Health; Income"
    assert row["special_category_or_criminal_data(c)"] == (
        "Yes: Data concerning health (Art. 9(1)); Income (Art. 10)"
    )
    assert row["dpo(a)"] == "None"
    assert row["automated_decision_making"] == "Profiling, no solely automated decision"
    assert row["source_of_data"] == "Agency (not obtained from the data subject); Data subject"
    assert row["recipient_categories(d)"] == "Processor (Cloud Inc.)"
    assert row["third_country_transfers(e)"] == "US: Cloud Inc. (Independent controller)"
    assert row["transfer_safeguards(e)"] == (
        "US: Cloud Inc.: Art. 46(2)(c), ref SCC-7, TIA-3 valid to 2099-06-30"
    )
    assert row["erasure_time_limits(f)"] == "Shift plans: 2 years after end of the contract"
    assert row["lawful_basis"] == "Predict pump failures: Art. 6(1)(f)"
    assert row["art9_condition"] == "Predict pump failures: MISSING"
    assert row["lia_ref"] == "LIA-0001 v2"
    assert row["dpia"] == "Required: screening (DPIA-0001 v1)"
    assert row["datasets"] == "Shift plans v1"
    assert row["representative(a)"] == "Not applicable"
    assert row["approved_by"] == "Kim Berg"
    assert row["last_reviewed"] == database_now().date().isoformat()


def test_a_processor_is_told_with_every_controller_it_works_for(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    def party(name: str, country: str, **given: Any) -> Any:
        content = PartyContent(
            name=name,
            address="Ring 2",
            contact="c@example.org",
            country=country,
            role=PartyRole.INDEPENDENT,
            is_public_authority=False,
            is_international_organization=False,
            **given,
        )
        return records.approved_record(world.organization, "parties", content, approver, writer).uid

    bank = party("Bank AG", "AT", contract_ref="AV-12")
    shop = party("Alp Shop", "CH", representative="Rep GmbH, Berlin")
    sub = party("Rack BV", "NL")
    rows = (
        OnBehalf(controller=bank, categories="Storage; backup"),
        OnBehalf(controller=shop, categories="Storage"),
    )
    said = Particulars(
        on_behalf=rows,
        sub_processors=(sub,),
        places=(DataPlace(country="NL"), DataPlace(country="DE")),
        dpo="Dana Roth, dpo@example.org",
        remedy_owner="Kim Berg",
        remedy_due=date(2099, 12, 31),
    )
    purpose = records.approved_purpose(world.organization, approver, writer)
    asset = things.published_asset(world.domain)
    made = {"approver": approver, "writer": writer, "role": Part.PROCESSOR, "is_running": True}
    records.approved_activity(purpose, asset, particulars=said, **made)
    assert lines(writer, world) == []
    first, second = lines(writer, world, articles=Articles.PROCESSOR)
    assert first["on_behalf_of_controller(a)"] == "Alp Shop, Ring 2, CH, c@example.org"
    assert first["controller_representative(a)"] == "Rep GmbH, Berlin"
    assert first["contract_ref"] == "MISSING"
    assert second["controller_representative(a)"] == "Not applicable"
    assert second["categories_of_processing(b)"] == "backup; Storage"
    assert second["contract_ref"] == "AV-12 (Art. 28(3))"
    assert {row["sub_processors"] for row in (first, second)} == {"Rack BV (NL)"}
    assert {row["data_location"] for row in (first, second)} == {"DE; NL"}
    assert {row["dpo(a)"] for row in (first, second)} == {"Dana Roth, dpo@example.org"}


def test_a_day_shows_the_versions_that_held_on_it(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    today = database_now().date()
    purpose = records.approved_purpose(world.organization, approver, writer)
    asset = things.published_asset(world.domain)
    begun = today - timedelta(days=10)
    first = records.approved_activity(
        purpose, asset, approver=approver, writer=writer, effective_from=begun, is_running=True
    )
    changed = records.activity_content(
        purpose,
        asset,
        name="Upkeep, renewed",
        effective_from=today,
        is_running=True,
        security_measures=frozenset(),
    )
    commands.edit_activity(actor=writer, processing_activity_id=first.uid, content=changed)
    assert [row.name for row in entries(world, today)] == ["Upkeep of pumps"], "a draft never holds"
    commands.submit_activity(actor=writer, processing_activity_id=first.uid)
    commands.approve_activity(actor=approver, processing_activity_id=first.uid)

    def told(days: int) -> list[tuple[str, int]]:
        return [(row.name, row.version) for row in entries(world, today + timedelta(days=days))]

    assert told(-11) == []
    assert told(-10) == told(-1) == [("Upkeep of pumps", 1)]
    assert told(0) == [("Upkeep, renewed", 2)]
    assert {row.clearance for row in entries(world, today)} == {"blocked"}, "blocked processing is told"
    commands.retire_activity(actor=approver, processing_activity_id=first.uid)
    assert told(0) == told(1) == []
    assert told(-1) == [("Upkeep of pumps", 1)]


def test_a_version_that_begins_later_leaves_no_gap_behind(
    world: people.World, writer: Actor, approver: Actor
) -> None:
    today = database_now().date()
    purpose = records.approved_purpose(world.organization, approver, writer)
    asset = things.published_asset(world.domain)
    activity = records.approved_activity(purpose, asset, approver=approver, writer=writer, is_running=True)
    later = records.activity_content(
        purpose, asset, name="Later", effective_from=today + timedelta(days=5), is_running=True
    )
    commands.edit_activity(actor=writer, processing_activity_id=activity.uid, content=later)
    commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    commands.approve_activity(actor=approver, processing_activity_id=activity.uid)
    names = [entries(world, today + timedelta(days=days))[0].name for days in (0, 4, 5)]
    assert names == ["Upkeep of pumps", "Upkeep of pumps", "Later"]


def test_who_takes_a_register_stands_in_the_trail_with_the_hash_of_the_file(world: people.World) -> None:
    import hashlib

    auditor = world[Role.AUDITOR]
    found = exported(auditor.actor, world, Format.JSON)
    entry = AuditEvent.objects.get(name="compliance.register.exported")
    assert entry.subject_uid == world.organization.uid
    assert entry.actor_person_id == auditor.person.pk
    assert entry.data["sha256"] == found.sha256 == hashlib.sha256(found.file.read()).hexdigest()
    assert (entry.data["format"], entry.data["articles"], entry.data["records"]) == ("json", "controller", 0)
    assert found.name == f"register-{world.organization.code.lower()}-controller-{found.as_of}.json"


def test_a_register_is_for_those_who_answer_for_it_and_ends_at_the_organization(world: people.World) -> None:
    with pytest.raises(NotPermitted):
        exported(world[Role.SCIENTIST].actor, world)
    stranger = people.player(people.organization(), Role.COMPLIANCE_OFFICER)
    with pytest.raises(NotFound):
        exported(stranger.actor, world)
    assert not AuditEvent.objects.filter(name="compliance.register.exported").exists()


def test_a_document_names_no_key_of_the_database_and_hashes_what_comes_before(world: people.World) -> None:
    import hashlib

    house = House("DOC")
    house.activities(20)
    found = commands.export_register(
        actor=people.player(house.organization, Role.DPO).actor,
        organization_id=house.organization.uid,
        articles=Articles.CONTROLLER,
        format=Format.JSON,
    )
    raw = found.file.read()
    document = json.loads(raw)
    content, _, _provenance = raw.partition(b',\n"provenance":')
    assert hashlib.sha256(content).hexdigest() == document["provenance"]["content_sha256"]
    assert str(house.organization.uid).encode() not in raw
    assert document["provenance"]["records"] == len(document["activities"]) == 20
    said = document["activities"][0]["content"]
    assert said["purpose_ids"] == [{"purpose": "PU-0001"}, {"purpose": "PU-0002"}]
    assert said["controller_id"] == {"organization": None}
    assert document["records"][0]["content"]["name"] == "Upkeep"


@pytest.fixture
def house() -> House:
    made = House("FLAT")
    made.activities(120)
    return made


def test_a_chunk_asks_as_often_for_many_entries_as_for_few(house: House) -> None:
    today = database_now().date()

    def asked(size: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            next(register_entries(house.organization, today, size=size))
        return len(queries)

    assert asked(5) == asked(50) <= 20


def peak(house: House, *, chunks: int, is_kept: bool = False) -> int:
    """Of reading so many chunks of the register; `is_kept` keeps them all, as a control.

    Circles of objects are collected after each, so that it does not depend on when that was due anyway.
    """
    kept = []
    tracemalloc.start()
    for chunk in islice(register_entries(house.organization, database_now().date(), size=5), chunks):
        if is_kept:
            kept.append(chunk)
        del chunk
        gc.collect()
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def test_memory_does_not_grow_with_the_register_and_would_if_it_were_kept(house: House) -> None:
    peak(house, chunks=2)
    few = peak(house, chunks=4)
    assert peak(house, chunks=24) < 1.6 * few
    assert peak(house, chunks=24, is_kept=True) > 1.6 * few
