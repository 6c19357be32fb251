"""What happens to data reaches the grants on them, as the table of effects says."""

from __future__ import annotations

from typing import Any

import pytest

from apps.access import commands, queries
from apps.access.models import Grant, GrantMode, Recall
from apps.access.queries.recalls import recipients_of
from apps.access.tasks import act_on_occurrence, go_on_after_lifting, go_on_on_version
from apps.compliance.commands import (
    impact_of_taking_effect,
    leave_rows_out,
    lift_occurrence,
)
from apps.compliance.lifecycle.occurrences import EFFECTS, Happening
from apps.compliance.models import Occurrence
from apps.compliance.tasks import extend_occurrences
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput, InvalidState, NotFound
from tests.access.refusals import refused
from tests.factories import catalog as things
from tests.factories.access import HARMLESS, AccessWorld, about_nobody, granted
from tests.factories.classification import classified, saying
from tests.factories.occurrences import drafted, in_effect

H = Happening
pytestmark = pytest.mark.django_db


def occurs(world: AccessWorld, happening: Happening, **given: Any) -> Occurrence:
    if EFFECTS[happening].needs_source:
        given["approver"] = world["second_officer"]
    found = in_effect(world.organization, happening, world.harmless.version, **given)
    act_on_occurrence(found.uid)
    return found


def state(grant: Grant) -> str:
    return Grant.objects.get(pk=grant.pk).state


@pytest.mark.parametrize(
    ("happening", "becomes"),
    [
        (H.CONSENT_WITHDRAWN, "suspended"),
        (H.ERASURE_GRANTED, "suspended"),
        (H.ERASURE_REFUSED, "active"),
        (H.RESTRICTION, "suspended"),
        (H.OBJECTION, "suspended"),
        (H.RECTIFICATION, "active"),
        (H.UNLAWFUL_COLLECTION, "revoked"),
        (H.RETENTION_ENDED, "revoked"),
        (H.AGREEMENT_ENDED, "revoked"),
        (H.DPIA_OUTDATED, "active"),  # nothing about these data has to be assessed
        (H.CLASS_RAISED, "active"),  # the class itself was not raised here
    ],
)
def test_each_row_does_to_a_grant_what_it_says(
    world: AccessWorld, happening: Happening, becomes: str
) -> None:
    grant = granted(world)
    occurs(world, happening)
    assert state(grant) == becomes


def test_a_class_raised_beyond_what_was_passed_holds_the_grant_back(world: AccessWorld) -> None:
    grant = granted(world)
    health = {"sensitivity_class_code": "restricted", "category_codes": ("Health",)}
    higher = [saying(name, **health) for name in HARMLESS]
    classified(world.harmless.version, world["steward"], *higher)
    occurrence = occurs(world, H.CLASS_RAISED)
    assert state(grant) == "suspended"
    lift_occurrence(actor=SYSTEM, occurrence_id=occurrence.uid, reason="Looked at.")
    go_on_after_lifting(occurrence.uid)
    assert state(grant) == "suspended"  # the rules still want more than was passed


def test_access_ends_by_the_country_of_the_subject_or_of_the_place(world: AccessWorld) -> None:
    grant = granted(world)
    country = grant.person.organization.country
    occurs(world, H.INSTRUMENT_INVALID, country="BR" if country != "BR" else "US")
    assert state(grant) == "active"
    occurs(world, H.INSTRUMENT_INVALID, country="DE")  # where the data are processed
    assert state(grant) == "revoked"


def test_access_that_was_held_back_goes_on_when_the_occurrence_is_lifted(world: AccessWorld) -> None:
    grant = granted(world)
    first, second = occurs(world, H.OBJECTION), occurs(world, H.RESTRICTION)
    (suspension,) = grant.suspensions.all()
    assert (suspension.occurrence, suspension.suspended_by) == (first, None)
    with refused(InvalidState, "VERSION_CLOSED"):
        commands.resume_grant(actor=world["officer"], grant_id=grant.uid, comment="Never mind.")
    for occurrence, becomes in ((first, "suspended"), (second, "active")):
        lift_occurrence(actor=SYSTEM, occurrence_id=occurrence.uid, reason="It was refused.")
        go_on_after_lifting(occurrence.uid)
        assert state(grant) == becomes


def test_a_grant_that_follows_goes_on_with_the_version_that_leaves_the_rows_out(world: AccessWorld) -> None:
    following = granted(world, mode=GrantMode.FOLLOWING)
    pinned = granted(world, "colleague")
    occurs(world, H.ERASURE_GRANTED)
    later = things.version(world.harmless.asset, HARMLESS)
    classified(later, world["steward"], *(about_nobody(name) for name in HARMLESS))
    extend_occurrences(str(world.harmless.asset.uid))
    go_on_on_version(later.uid)
    assert (state(following), state(pinned)) == ("suspended", "suspended")
    leave_rows_out(actor=world["steward"], asset_version_id=later.uid, evidence="Run 12.")
    go_on_on_version(later.uid)
    assert (state(following), state(pinned)) == ("active", "suspended")
    assert queries.versions_opened(Grant.objects.get(pk=following.pk)) == (later,)
    assert queries.versions_opened(Grant.objects.get(pk=pinned.pk)) == ()


def test_the_preview_tells_of_the_grants_that_would_be_reached(world: AccessWorld) -> None:
    grant = granted(world)
    draft = drafted(world.organization, H.UNLAWFUL_COLLECTION, world.harmless.version)
    told = impact_of_taking_effect(actor=world["officer"], occurrence_id=draft.uid).affected
    assert {(each.kind, each.uid) for each in told} == {
        ("grant", grant.uid),
        ("version", world.harmless.version.uid),
    }
    refused_one = drafted(world.organization, H.RETENTION_ENDED, world.personal.version)
    told = impact_of_taking_effect(actor=world["officer"], occurrence_id=refused_one.uid).affected
    assert {each.kind for each in told} == {"version"}


def test_everybody_who_was_given_the_data_is_known_also_after_their_access_ended(world: AccessWorld) -> None:
    ended, live = granted(world), granted(world, "colleague")
    commands.revoke_grant(actor=world["owner"], grant_id=ended.uid, comment="Over.")
    occurrence = occurs(world, H.RECTIFICATION)
    assert {recipient.grant.pk for recipient in recipients_of(occurrence)} == {ended.pk, live.pk}


def test_copies_are_attested_by_whoever_had_access(world: AccessWorld) -> None:
    grant = granted(world)
    occurrence = occurs(world, H.ERASURE_GRANTED)
    recall: Recall = commands.recall_grant(actor=SYSTEM, grant_id=grant.uid, occurrence_id=occurrence.uid)
    again = commands.recall_grant(actor=SYSTEM, grant_id=grant.uid, occurrence_id=occurrence.uid)
    assert recall.pk == again.pk and recall.due_on is not None
    asked = {name: queries.recalls_asked_of(world[name]).count() for name in ("scientist", "colleague")}
    assert asked == {"scientist": 1, "colleague": 0}
    given = {"recall_id": recall.uid}
    with pytest.raises(NotFound):
        commands.attest_recall(actor=world["colleague"], attestation="Gone.", **given)
    with refused(InvalidInput, "ATTESTATION_EMPTY"):
        commands.attest_recall(actor=world["scientist"], attestation=" ", **given)
    commands.attest_recall(actor=world["scientist"], attestation="Two files deleted.", **given)
    with refused(InvalidState, "RECALL_ATTESTED"):
        commands.attest_recall(actor=world["scientist"], attestation="Again.", **given)


def test_who_was_only_told_of_a_correction_has_nothing_to_attest(world: AccessWorld) -> None:
    grant = granted(world)
    occurrence = occurs(world, H.RECTIFICATION)
    told: Recall = commands.recall_grant(actor=SYSTEM, grant_id=grant.uid, occurrence_id=occurrence.uid)
    assert told.due_on is None and not queries.recalls_asked_of(world["scientist"]).exists()
    with refused(InvalidState, "NOTHING_TO_ATTEST"):
        commands.attest_recall(actor=world["scientist"], recall_id=told.uid, attestation="Gone.")
