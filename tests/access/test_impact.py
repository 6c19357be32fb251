"""What leaving and revoking would reach, and that they are refused where that has changed since."""

from __future__ import annotations

import pytest

from apps.access.commands import give_back_grant, impact_of_revoking, revoke_grant
from apps.accounts.commands import impact_of_leaving, off_board_person
from apps.classification.commands import classify, impact_of_classifying
from apps.kernel.contributions import IMPACT_CHANGED, Impact
from apps.kernel.errors import NotPermitted, StaleVersion
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, about_people, asked, draft, granted
from tests.factories.reviews import used

pytestmark = pytest.mark.django_db


def told(impact: Impact) -> set[tuple[str, object]]:
    return {(each.kind, each.uid) for each in impact.affected}


def test_leaving_reaches_the_own_grants_requests_and_keys_alone(world: AccessWorld) -> None:
    grant, other = granted(world), granted(world, "colleague")
    waiting = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    key, _ = used(grant), used(other)
    leaver, admin = world.players["scientist"].person.uid, world["administrator"]
    impact = impact_of_leaving(actor=admin, person_id=leaver)
    assert told(impact) == {("grant", grant.uid), ("request", waiting.uid), ("lease", key.uid)}
    with pytest.raises(NotPermitted):
        impact_of_leaving(actor=world["officer"], person_id=leaver)
    give_back_grant(actor=world["scientist"], grant_id=grant.uid)
    given = {"actor": admin, "person_id": leaver, "reason": "Left."}
    with refused(StaleVersion, IMPACT_CHANGED):
        off_board_person(**given, seen_impact=impact.digest)
    off_board_person(**given, seen_impact=impact_of_leaving(actor=admin, person_id=leaver).digest)


def test_revoking_reaches_the_grant_and_its_keys_alone(world: AccessWorld) -> None:
    grant, other = granted(world), granted(world, "colleague")
    used(other)
    owner = world["owner"]
    before = impact_of_revoking(actor=owner, grant_id=grant.uid)
    assert told(before) == {("grant", grant.uid)}
    with pytest.raises(NotPermitted):
        impact_of_revoking(actor=world["scientist"], grant_id=grant.uid)
    key = used(grant)
    now = impact_of_revoking(actor=owner, grant_id=grant.uid)
    assert told(now) == {("grant", grant.uid), ("lease", key.uid)}
    given = {"actor": owner, "grant_id": grant.uid, "comment": "Too wide."}
    with refused(StaleVersion, IMPACT_CHANGED):
        revoke_grant(**given, seen_impact=before.digest)
    revoke_grant(**given, seen_impact=now.digest)


def test_another_class_reaches_what_rests_on_the_asset_alone(world: AccessWorld) -> None:
    steward, data = world["steward"], world.personal
    granted(world)
    waiting = asked(world["scientist"], draft(data, world.purposes["pay"]))
    seen = impact_of_classifying(actor=steward, asset_id=data.asset.uid)
    assert told(seen) == {("request", waiting.uid)}
    with pytest.raises(NotPermitted):
        impact_of_classifying(actor=world["scientist"], asset_id=data.asset.uid)
    asked(world["colleague"], draft(data, world.purposes["pay"]))
    items = [about_people("name", "restricted")]
    given = {"actor": steward, "asset_version_id": data.version.uid, "items": items}
    with refused(StaleVersion, IMPACT_CHANGED):
        classify(**given, seen_impact=seen.digest)
    now = impact_of_classifying(actor=steward, asset_id=data.asset.uid)
    assert classify(**given, seen_impact=now.digest).current
