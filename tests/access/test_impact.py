"""What leaving and revoking would reach, and that they are refused where that has changed since."""

from __future__ import annotations

import pytest

from apps.access.commands import (
    extend_grant,
    give_back_grant,
    impact_of_publishing,
    impact_of_revoking,
    publish_policy_set,
    revoke_grant,
    submit_request,
)
from apps.access.models import Grant, GrantMode
from apps.accounts.commands import change_person, impact_of_leaving, off_board_person
from apps.accounts.errors import OFF_BOARD_INSTEAD
from apps.accounts.models import PersonStatus
from apps.accounts.roles import Role
from apps.catalog.models import AssetKind
from apps.classification.commands import classify, confirm_lowering, impact_of_classifying
from apps.compliance.commands import impact_of_ending
from apps.kernel.contributions import IMPACT_CHANGED, IMPACT_UNSEEN, Impact
from apps.kernel.errors import NotPermitted, PreconditionMissing, RuleBroken, StaleVersion
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import AccessWorld, about_people, asked, draft, granted
from tests.factories.policies import policy_in_review
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
    with refused(PreconditionMissing, IMPACT_UNSEEN):
        off_board_person(**given)
    with refused(RuleBroken, OFF_BOARD_INSTEAD, field="status"):
        change_person(actor=admin, person_id=leaver, status=PersonStatus.DEPARTED)
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


def test_revoking_reaches_what_was_to_carry_the_grant_on(world: AccessWorld) -> None:
    grant, scientist = granted(world), world["scientist"]
    drafted = extend_grant(actor=scientist, grant_id=grant.uid)
    submit_request(actor=scientist, request_id=drafted.uid)
    later = Grant.objects.get(revision__request=drafted)
    seen = impact_of_revoking(actor=world["owner"], grant_id=grant.uid)
    assert told(seen) == {("grant", grant.uid), ("grant", later.uid)}


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
    with refused(PreconditionMissing, IMPACT_UNSEEN):
        classify(**given)
    with refused(StaleVersion, IMPACT_CHANGED):
        classify(**given, seen_impact=seen.digest)
    now = impact_of_classifying(actor=steward, asset_id=data.asset.uid)
    assert classify(**given, seen_impact=now.digest).current


def test_a_lower_class_is_let_take_effect_by_who_has_seen_what_it_reaches(world: AccessWorld) -> None:
    steward, owner, data = world["steward"], world["owner"], world.personal
    items = [about_people("name", "internal")]
    proposed = classify(actor=steward, asset_version_id=data.version.uid, items=items).proposed
    seen = impact_of_classifying(actor=owner, asset_id=data.asset.uid)
    assert told(seen) == set()
    waiting = asked(world["scientist"], draft(data, world.purposes["pay"]))
    ids = [each.uid for each in proposed]
    given = {"actor": world["officer"], "asset_version_id": data.version.uid, "proposal_ids": ids}
    with refused(PreconditionMissing, IMPACT_UNSEEN):
        confirm_lowering(**given)
    with refused(StaleVersion, IMPACT_CHANGED):
        confirm_lowering(**given, seen_impact=seen.digest)
    now = impact_of_classifying(actor=world["officer"], asset_id=data.asset.uid)
    assert told(now) == {("request", waiting.uid)}
    assert confirm_lowering(**given, seen_impact=now.digest)


def versions_in(impact: Impact) -> set[object]:
    return {uid for kind, uid in told(impact) if kind == "version"}


def test_what_was_made_from_the_data_is_reached_however_many_steps_on(world: AccessWorld) -> None:
    """By another class and by the end of the purpose that the data were granted for; not by a leaver."""
    rock, domain = world.harmless, world.domain
    features = things.made_from(domain, rock.version, kind=AssetKind.DATASET).versions.get()
    model = things.made_from(domain, features).versions.get()
    of_people = things.made_from(domain, world.personal.version).versions.get()
    officer, purpose = world["officer"], world.purposes["rock"]

    def by_purpose() -> set[object]:
        return versions_in(impact_of_ending(actor=officer, purpose_id=purpose.uid))

    assert by_purpose() == set()
    grant = granted(world)
    assert by_purpose() == {features.uid, model.uid}
    give_back_grant(actor=world["scientist"], grant_id=grant.uid)
    assert by_purpose() == {features.uid, model.uid}
    for thing, made in ((rock, {features.uid, model.uid}), (world.personal, {of_people.uid})):
        impact = impact_of_classifying(actor=world["steward"], asset_id=thing.asset.uid)
        assert versions_in(impact) == made
    leaver = world.players["scientist"].person.uid
    assert versions_in(impact_of_leaving(actor=world["administrator"], person_id=leaver)) == set()


@pytest.mark.parametrize("mode", GrantMode.values)
def test_later_data_count_for_grants_that_follow_them(world: AccessWorld, mode: str) -> None:
    granted(world, mode=mode)
    later = things.version(world.harmless.asset, ["depth"])
    model = things.made_from(world.domain, later).versions.get()
    impact = impact_of_ending(actor=world["officer"], purpose_id=world.purposes["rock"].uid)
    assert versions_in(impact) == ({model.uid} if mode == GrantMode.FOLLOWING else set())


EXPORTS_AND_KEYS = """\
format: 1
name: House rules
rules:
  - id: OUT-1
    about: Exports are looked at by the security officer.
    when: {actions_any: export}
    then: {require: {stage: security, of: ciso}}
  - id: LAB-1
    about: Labeling takes two people of compliance.
    when: {actions_any: label}
    then: {require: {stage: privacy, of: compliance_officer, count: 2}}
"""


def test_other_rules_reach_what_they_would_answer_otherwise_and_nothing_else(world: AccessWorld) -> None:
    """Open requests whose route changes, grants that would need somebody's yes, and their keys."""
    author, reader, rock = world["officer"], world["second_officer"], world.purposes["rock"]
    people.player(world.organization, Role.CISO)
    read, labels = granted(world), granted(world, "colleague", actions=["label"])
    used(read)
    key = used(labels)
    exporting = asked(world["scientist"], draft(world.harmless, rock, actions=["export"]))
    model = things.made_from(world.domain, world.harmless.version).versions.get()
    asked(world["colleague"], draft(world.personal, world.purposes["pay"]))
    policy_set = policy_in_review(author, EXPORTS_AND_KEYS)
    impact = impact_of_publishing(actor=reader, policy_set_id=policy_set.uid)
    changed = {("request", exporting.uid), ("grant", labels.uid), ("lease", key.uid)}
    assert told(impact) == {*changed, ("version", model.uid)}
    with pytest.raises(NotPermitted):
        impact_of_publishing(actor=world["auditor"], policy_set_id=policy_set.uid)
    asked(world["colleague"], draft(world.harmless, rock, actions=["export"]))
    given = {"actor": reader, "policy_set_id": policy_set.uid, "sha256": policy_set.sha256}
    with refused(PreconditionMissing, IMPACT_UNSEEN):
        publish_policy_set(**given)
    with refused(StaleVersion, IMPACT_CHANGED):
        publish_policy_set(**given, seen_impact=impact.digest)
    now = impact_of_publishing(actor=reader, policy_set_id=policy_set.uid)
    publish_policy_set(**given, seen_impact=now.digest)
    assert told(impact_of_publishing(actor=reader, policy_set_id=policy_set.uid)) == set()
