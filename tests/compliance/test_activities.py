"""Processing activities: the description, whether it may run, and who signs it off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.roles import Role
from apps.catalog.models import Asset
from apps.compliance import commands, queries
from apps.compliance.facts import activity_content as content_of
from apps.compliance.lifecycle import (
    Recipient,
    RecipientKind,
    RecordStatus,
    Transfer,
    TransferMechanism,
)
from apps.compliance.lifecycle import Role as Part
from apps.compliance.models import ActivityVersion, ProcessingActivity, Purpose
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, InvalidState, NotFound, NotPermitted, RuleBroken
from apps.policy.vocabulary import Art9Condition, Clearance
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.classification import classified, saying
from tests.factories.compliance import (
    activity_content,
    approved_activity,
    approved_purpose,
    drafted_activity,
    drafted_purpose,
    particulars,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(world: people.World) -> Asset:
    """E-mail addresses."""
    made = things.asset(world.domain)
    classified(things.version(made, ("value",)), world[Role.STEWARD].actor, saying())
    return made


@pytest.fixture
def purpose(world: people.World, writer: Actor, approver: Actor) -> Purpose:
    return approved_purpose(world.organization, approver, writer)


def newest(activity: ProcessingActivity) -> ActivityVersion:
    found: ActivityVersion = activity.versions.select_related("controller").order_by("-number")[0]
    return found


def test_an_activity_goes_from_draft_to_approved_and_cleared_by_two_people(
    writer: Actor, approver: Actor, purpose: Purpose, asset: Asset
) -> None:
    activity = drafted_activity(purpose, asset, writer=writer)
    version = newest(activity)
    assert (activity.ref, version.clearance) == ("PA-0001", Clearance.NOT_ASSESSED)
    assert content_of(version).asset_ids == (asset.uid,)
    commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    with pytest.raises(NotPermitted, match="RECORD_OWN"):
        commands.approve_activity(actor=writer, processing_activity_id=activity.uid)
    assert list(queries.activities_to_review(approver)) == [version]
    done = commands.approve_activity(actor=approver, processing_activity_id=activity.uid)
    assert (done.record_status, done.clearance) == (RecordStatus.APPROVED, Clearance.CLEARED)


def test_only_officers_write(world: people.World, writer: Actor, purpose: Purpose, asset: Asset) -> None:
    with pytest.raises(NotPermitted):
        drafted_activity(purpose, asset, writer=world[Role.STEWARD].actor)
    assert drafted_activity(purpose, asset, writer=writer).ref == "PA-0001"


FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("V-01", {"no_recipients_confirmed": False}, "recipients", "ACTIVITY_RECIPIENTS_UNCONFIRMED"),
    (
        "V-01",
        {"recipients": (Recipient(kind=RecipientKind.INTERNAL_TEAM),)},
        "recipients",
        "ACTIVITY_RECIPIENTS_CONTRADICTED",
    ),
    ("V-01", {"no_transfers_confirmed": False}, "transfers", "ACTIVITY_TRANSFERS_UNCONFIRMED"),
    (
        "V-01",
        {"transfers": (Transfer(country="CH", importer="X", mechanism=TransferMechanism.ADEQUACY),)},
        "transfers",
        "ACTIVITY_TRANSFERS_CONTRADICTED",
    ),
    ("V-02", {"purpose_ids": ()}, "purpose_ids", "ACTIVITY_PURPOSES_MISSING"),
    ("V-01", {"asset_ids": ()}, "asset_ids", "ACTIVITY_ASSETS_MISSING"),
]
GAPS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "V-01",
        {"data_subject_categories": frozenset()},
        "data_subject_categories",
        "ACTIVITY_SUBJECTS_MISSING",
    ),
    ("V-01", {"security_measures": frozenset()}, "security_measures", "ACTIVITY_MEASURES_MISSING"),
    (
        "V-01",
        {"role": Part.JOINT_CONTROLLER, "art26_arrangement": "Agreement of May"},
        "particulars.joint_controllers",
        "ACTIVITY_JOINT_MISSING",
    ),
    (
        "V-25",
        {"particulars": particulars(privacy_notice="")},
        "particulars.privacy_notice",
        "ACTIVITY_NOTICE_MISSING",
    ),
    (
        "V-18",
        {"recipients": (Recipient(kind=RecipientKind.PROCESSOR),), "no_recipients_confirmed": False},
        "recipients.0.party_id",
        "ACTIVITY_CONTRACT_UNKNOWN",
    ),
    (
        "V-14",
        {
            "transfers": (
                Transfer(country="US", importer="X", mechanism=TransferMechanism.STANDARD_CLAUSES),
            ),
            "no_transfers_confirmed": False,
        },
        "transfers",
        "ACTIVITY_MECHANISM_MISSING",
    ),
]


@pytest.mark.parametrize(("rule", "change", "field", "code"), FAULTS + GAPS)
def test_planned_processing_that_lacks_something_is_not_submitted(
    writer: Actor, purpose: Purpose, asset: Asset, rule: str, change: dict[str, Any], field: str, code: str
) -> None:
    activity = drafted_activity(purpose, asset, writer=writer, **change)
    with pytest.raises(RuleBroken) as refusal:
        commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    found = [(reason.rule, reason.field, reason.code) for reason in refusal.value.reasons]
    assert found == [(rule, field, code)]
    content = activity_content(purpose, asset)
    commands.edit_activity(actor=writer, processing_activity_id=activity.uid, content=content)
    assert commands.submit_activity(actor=writer, processing_activity_id=activity.uid)


@pytest.mark.parametrize(("rule", "change", "field", "code"), GAPS)
def test_running_processing_is_signed_off_as_it_is_and_blocked(
    writer: Actor,
    approver: Actor,
    purpose: Purpose,
    asset: Asset,
    rule: str,
    change: dict[str, Any],
    field: str,
    code: str,
) -> None:
    activity = approved_activity(purpose, asset, approver=approver, writer=writer, is_running=True, **change)
    version = newest(activity)
    assert (version.record_status, version.clearance) == (RecordStatus.APPROVED, Clearance.BLOCKED)
    assert [(each["rule"], each["field"], each["code"]) for each in version.clearance_reasons] == [
        (rule, field, code)
    ]


@pytest.mark.parametrize(("rule", "change", "field", "code"), FAULTS)
def test_an_untrue_description_is_not_signed_off_even_where_it_runs(
    writer: Actor, purpose: Purpose, asset: Asset, rule: str, change: dict[str, Any], field: str, code: str
) -> None:
    activity = drafted_activity(purpose, asset, writer=writer, is_running=True, **change)
    with pytest.raises(RuleBroken, match=code):
        commands.submit_activity(actor=writer, processing_activity_id=activity.uid)


def test_special_data_need_a_purpose_with_a_condition(
    world: people.World, writer: Actor, approver: Actor, purpose: Purpose
) -> None:
    """V-03, and V-06 for offences."""
    asset = things.asset(world.domain)
    version = things.version(asset, ("diagnosis", "sentence"))
    steward = world[Role.STEWARD].actor
    health = saying("diagnosis", category_codes=("Health",))
    sentence = saying("sentence", category_codes=("CriminalConviction",))
    classified(version, steward, health, sentence)
    activity = drafted_activity(purpose, asset, writer=writer)
    with pytest.raises(RuleBroken) as refusal:
        commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    assert [reason.rule for reason in refusal.value.reasons] == ["V-03", "V-06"]
    with_condition = approved_purpose(
        world.organization,
        approver,
        art9_conditions=frozenset({Art9Condition.MADE_PUBLIC}),
        art10_basis="official_authority",
    )
    assert approved_activity(with_condition, asset, approver=approver, writer=writer)


def test_purposes_must_be_approved_and_have_a_basis_where_data_are_personal(
    world: people.World, writer: Actor, approver: Actor, asset: Asset
) -> None:
    draft = drafted_purpose(world.organization, writer)
    without = approved_purpose(world.organization, approver, writer, lawful_basis=None, lia_ref="")
    activity = drafted_activity(draft, asset, writer=writer, purpose_ids=(draft.uid, without.uid))
    with pytest.raises(RuleBroken) as refusal:
        commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    assert [reason.code for reason in refusal.value.reasons] == [
        "ACTIVITY_PURPOSE_UNAPPROVED",
        "ACTIVITY_PURPOSE_WITHOUT_BASIS",
    ]


def test_clearance_is_derived_anew_while_the_description_stays(
    world: people.World, writer: Actor, approver: Actor, asset: Asset
) -> None:
    draft = drafted_purpose(world.organization, writer)
    activity = approved_activity(draft, asset, approver=approver, writer=writer, is_running=True)
    assert newest(activity).clearance == Clearance.BLOCKED
    commands.submit_purpose(actor=writer, purpose_id=draft.uid)
    commands.approve_purpose(actor=approver, purpose_id=draft.uid)
    version = commands.reassess_activity(actor=writer, processing_activity_id=activity.uid)
    assert (version.clearance, version.clearance_reasons) == (Clearance.CLEARED, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"transfers": (Transfer(country="Utopia", importer="X"),)}, "TRANSFER_COUNTRY_MALFORMED"),
        ({"transfers": (Transfer(country="US", importer=" "),)}, "TRANSFER_IMPORTER_MISSING"),
        ({"name": ""}, "EMPTY_NAME"),
    ],
)
def test_a_draft_is_refused_only_where_it_cannot_be_read(
    writer: Actor, purpose: Purpose, asset: Asset, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidInput, match=code):
        drafted_activity(purpose, asset, writer=writer, **change)
    assert drafted_activity(purpose, asset, writer=writer)


def test_assets_and_purposes_of_others_are_not_found(
    world: people.World, writer: Actor, purpose: Purpose, asset: Asset
) -> None:
    elsewhere = people.world()
    foreign = things.asset(elsewhere.domain)
    with pytest.raises(NotFound):
        drafted_activity(purpose, foreign, writer=writer)
    with pytest.raises(NotFound):
        drafted_activity(
            purpose, asset, writer=writer, purpose_ids=(drafted_purpose(elsewhere.organization).uid,)
        )
    with pytest.raises(RuleBroken, match="RECORD_OUTSIDE_ORGANIZATION"):
        drafted_activity(purpose, foreign, writer=SYSTEM)


def test_a_new_version_supersedes_and_a_retired_activity_covers_nothing(
    writer: Actor, approver: Actor, purpose: Purpose, asset: Asset
) -> None:
    activity = approved_activity(purpose, asset, approver=approver, writer=writer)
    at = database_now()
    assert [each.number for each in queries.activities_covering([asset], purpose, at=at)] == [1]
    early = at - timedelta(days=2)
    assert not queries.activities_covering([asset], purpose, at=early).exists()
    content = activity_content(purpose, asset, name="Upkeep of valves")
    commands.edit_activity(actor=writer, processing_activity_id=activity.uid, content=content)
    commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    with pytest.raises(InvalidState):
        commands.edit_activity(actor=writer, processing_activity_id=activity.uid, content=content)
    commands.return_activity(actor=approver, processing_activity_id=activity.uid, reason="Typo.")
    commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    commands.reject_activity(actor=approver, processing_activity_id=activity.uid, reason="No valves.")
    assert [each.number for each in queries.activities_covering([asset], purpose, at=at)] == [1]
    commands.edit_activity(actor=writer, processing_activity_id=activity.uid, content=content)
    commands.submit_activity(actor=writer, processing_activity_id=activity.uid)
    commands.approve_activity(actor=approver, processing_activity_id=activity.uid)
    assert [each.number for each in queries.activities_covering([asset], purpose, at=at)] == [3]
    commands.retire_activity(actor=writer, processing_activity_id=activity.uid)
    assert not queries.activities_covering([asset], purpose, at=at).exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE compliance_activityversion SET description = 'Another'",
        "UPDATE compliance_activityversion SET no_transfers_confirmed = false",
        "DELETE FROM compliance_activityversion_purposes",
        "DELETE FROM compliance_activityversion_assets",
        "UPDATE compliance_activityversion_assets SET asset_id = asset_id",
        "DELETE FROM compliance_activityversion_editors",
        "DELETE FROM compliance_activityversion",
    ],
)
def test_the_database_lets_nobody_rewrite_what_is_signed(
    writer: Actor, approver: Actor, purpose: Purpose, asset: Asset, change: str
) -> None:
    activity = approved_activity(purpose, asset, approver=approver, writer=writer)
    before = content_of(newest(activity))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert content_of(newest(activity)) == before


def test_drafts_are_seen_by_those_who_work_on_them_and_signed_activities_by_everybody(
    world: people.World, writer: Actor, approver: Actor, purpose: Purpose, asset: Asset
) -> None:
    draft = drafted_activity(purpose, asset, writer=writer)
    signed = approved_activity(purpose, asset, approver=approver, writer=writer)
    at_work = {Role.STEWARD, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR}
    for role, player in world.players.items():
        seen = set(ProcessingActivity.objects.visible_to(player.actor))
        assert seen == ({draft, signed} if role in at_work else {signed}), role
    elsewhere = people.world()
    assert not ActivityVersion.objects.visible_to(elsewhere[Role.DPO].actor).exists()
