"""Whether faces and voices are of a special category depends on what the purpose uses them for."""

from __future__ import annotations

import pytest

from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.classification.commands import CategoryDraft, add_category
from apps.compliance.facts import asset_facts
from apps.compliance.facts.biometry import BIOMETRIC, are_traits
from apps.compliance.lifecycle.purpose import IDENTIFYING, BiometricUse
from apps.compliance.models import ActivityVersion
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import RuleBroken
from apps.policy.vocabulary import Art9Condition
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories import compliance as records
from tests.factories.classification import classified, saying

pytestmark = pytest.mark.django_db


def faces(world: people.World) -> AssetVersion:
    """With a column of portraits, under a term of the house below pictures, and one without."""
    badge = CategoryDraft(code="BadgePhoto", label="Badge", definition="Own.", parent_codes=["Picture"])
    add_category(actor=SYSTEM, draft=badge)
    asset = things.published_asset(world.domain)
    version = AssetVersion.objects.get(asset=asset)
    said = (saying("id"), saying("value", category_codes=("BadgePhoto",)))
    classified(version, world[Role.STEWARD].actor, *said)
    return version


def test_words_of_the_house_are_traits_where_what_stands_above_them_is(world: people.World) -> None:
    faces(world)
    assert are_traits(["BadgePhoto"]) and are_traits(["EmailAddress", "FacialPrint"])
    assert not are_traits(["EmailAddress"]) and not are_traits([])


@pytest.mark.parametrize("use", [None, *BiometricUse])
def test_a_portrait_is_special_for_a_purpose_that_tells_who_it_is_and_for_no_other(
    world: people.World, use: BiometricUse | None
) -> None:
    version, writer = faces(world), world[Role.COMPLIANCE_OFFICER].actor
    approver = people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    purpose = records.approved_purpose(world.organization, approver, writer, biometric_use=use)
    (facts,) = asset_facts([(version, ())], purpose, at=database_now())
    kinds = {column.name: column.special_kinds for column in facts.columns}
    assert kinds == {"id": frozenset(), "value": frozenset({BIOMETRIC} if use in IDENTIFYING else ())}


def test_an_activity_over_portraits_waits_for_what_the_purpose_says(world: people.World) -> None:
    version, writer = faces(world), world[Role.COMPLIANCE_OFFICER].actor
    approver = people.player(world.organization, Role.COMPLIANCE_OFFICER).actor
    place = world.organization

    def approved(**said: object) -> ActivityVersion:
        purpose = records.approved_purpose(place, approver, writer, **said)
        activity = records.approved_activity(purpose, version.asset, approver=approver, writer=writer)
        return ActivityVersion.objects.get(activity=activity)

    with refused(RuleBroken, "ACTIVITY_BIOMETRIC_USE_UNSTATED"):
        approved()
    with refused(RuleBroken, "ACTIVITY_ART9_MISSING"):
        approved(biometric_use=BiometricUse.VERIFICATION)
    assert approved(biometric_use=BiometricUse.NONE).record_status == "approved"
    allowed = approved(
        biometric_use=BiometricUse.VERIFICATION,
        art9_conditions=frozenset({Art9Condition.EMPLOYMENT_LAW}),
        art9_law_ref="Works agreement 4",
    )
    assert allowed.record_status == "approved"
