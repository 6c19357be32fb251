"""The keys that the house takes for itself: what they open, and that they end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from apps.catalog.commands import InputDraft, publish_asset, register_version
from apps.catalog.models.version import InputRole
from apps.console.reached import reached_by
from apps.credentials.commands import take_credential
from apps.credentials.errors import COLUMNS_IN_A_VIEW
from apps.credentials.lifecycle import LeaseState
from apps.kernel.actor import SYSTEM
from apps.kernel.contributions import impact_of
from apps.kernel.errors import LakewardenError, RuleBroken
from apps.lakes.commands import HALTING_LAKE
from apps.lakes.errors import COLUMNS_NOT_ENFORCEABLE
from apps.lakes.prefix import StoragePrefix
from apps.lakes.providers.contract import Issued, Scope
from apps.lakes.providers.objects import objects_at
from apps.lakes.providers.s3.objects import Objects
from apps.policy.reason import Reason
from apps.preparing.commands import begin_run, fail_view
from apps.preparing.commands.keys import Reserved, issued_key
from apps.preparing.errors import NO_FILES
from apps.preparing.models import HouseKey
from apps.preparing.tasks import end_keys_of_lake, keep_views_in_step, reap_house_keys
from tests.factories import lakes
from tests.factories.accounts import organization, player
from tests.factories.lakes import Place
from tests.lab.demo_lake import DemoLake
from tests.preparing import views

KEEP = {"step": "keep"}
ROWS = b"depth,porosity\n1,2\n"


def _begun(place: Place, lake: DemoLake) -> tuple[Reserved, Issued]:
    view = views.asked(place, views.rocks(place, lake, a__csv=ROWS), depth=KEEP)
    reserved: Reserved = begin_run(actor=SYSTEM, prepared_view_id=view.uid)
    return reserved, issued_key(reserved)


def _at(reserved: Reserved, issued: Issued, scope: Scope) -> Objects:
    return objects_at(reserved.spec.connection, scope, issued.secret)


def test_a_key_of_the_house_reads_the_version_and_writes_the_view_and_nothing_else(
    place: Place, lake: DemoLake
) -> None:
    reserved, issued = _begun(place, lake)
    source, target = (_at(reserved, issued, scope) for scope in reserved.spec.scopes)
    assert [source.opened(each).read() for each in source.listed(10)] == [ROWS]
    with target.written("x.csv") as file:
        file.write(b"x")
    assert [each.name for each in target.listed(10)] == ["x.csv"]
    assert target.remove_all() == 1
    with pytest.raises(LakewardenError), source.written("y.csv") as file:
        file.write(b"y")
    beside = replace(reserved.spec.scopes[0], prefix=StoragePrefix(text="rock/elsewhere/"))
    with pytest.raises(LakewardenError):
        _at(reserved, issued, beside).listed(10)


def test_a_large_file_is_written_in_parts_and_read_again(place: Place, lake: DemoLake) -> None:
    reserved, issued = _begun(place, lake)
    target = _at(reserved, issued, reserved.spec.scopes[1])
    content = bytes(range(256)) * (9 << 12)
    with target.written("large.bin") as file:
        for start in range(0, len(content), 1 << 20):
            file.write(content[start : start + (1 << 20)])
    (stored,) = target.listed(10)
    with target.opened(stored) as file:
        file.seek(-100, 2)
        assert (stored.size, file.read()) == (len(content), content[-100:])
        file.seek(0)
        assert file.read() == content
    with pytest.raises(ZeroDivisionError), target.written("given-up.bin") as file:
        file.write(content)
        raise ZeroDivisionError
    assert [each.name for each in target.listed(10)] == ["large.bin"]


def test_what_a_dead_worker_left_is_ended_and_opens_nothing_more(
    place: Place, lake: DemoLake, woken: list[str]
) -> None:
    reserved, issued = _begun(place, lake)
    keep_views_in_step()
    assert woken == [str(reserved.key.view.uid)]
    assert HouseKey.objects.get(pk=reserved.key.pk).state == LeaseState.ISSUED
    view = reserved.key.view
    fail_view(actor=SYSTEM, prepared_view_id=view.uid, run=view.run, reason=Reason(code=NO_FILES))
    reap_house_keys()
    assert HouseKey.objects.get(pk=reserved.key.pk).state == LeaseState.REVOKED
    with pytest.raises(LakewardenError):
        _at(reserved, issued, reserved.spec.scopes[0]).listed(10)


def test_a_lake_that_is_halted_ends_the_keys_of_the_house(place: Place, lake: DemoLake) -> None:
    reserved, _ = _begun(place, lake)
    end_keys_of_lake(place.lake.uid)
    assert HouseKey.objects.get(pk=reserved.key.pk).state == LeaseState.REVOKED


def test_whoever_halts_a_lake_is_shown_the_keys_of_the_house(place: Place, lake: DemoLake) -> None:
    reserved, _ = _begun(place, lake)
    impact = impact_of(HALTING_LAKE, place.lake.uid)
    assert [(each.kind, each.uid) for each in impact.affected] == [("house_key", reserved.key.uid)]
    told = reached_by(impact, place.steward.actor)
    (group,) = told.groups
    (row,) = group.rows
    assert (row.page, row.name) == (reserved.key.view.uid, reserved.key.view.name)
    assert reached_by(impact, player(organization()).actor).groups[0].unlisted == 1
    end_keys_of_lake(place.lake.uid)
    assert impact_of(HALTING_LAKE, place.lake.uid).affected == ()


def test_whoever_cannot_take_a_key_to_columns_is_told_of_the_view_that_holds_them(
    place: Place, lake: DemoLake
) -> None:
    source = views.rocks(place, lake, a__csv=ROWS)
    grant = lakes.grant(place, source.asset, columns=("depth",))
    with pytest.raises(RuleBroken) as refused:
        take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == COLUMNS_NOT_ENFORCEABLE
    derived = views.worked(views.asked(place, source, depth=KEEP)).derived
    assert derived is not None
    for is_published, code in ((False, COLUMNS_NOT_ENFORCEABLE), (True, COLUMNS_IN_A_VIEW)):
        if is_published:
            publish_asset(actor=SYSTEM, asset_id=derived.asset.uid)
        with pytest.raises(RuleBroken) as refused:
            take_credential(actor=place.scientist.actor, grant_id=grant.uid)
        assert refused.value.code == code
    assert refused.value.reasons[0].facts["asset"] == str(derived.asset.uid)


def test_nobody_says_by_hand_which_columns_went_into_which(place: Place) -> None:
    source, other = views.rocks(place, None), views.rocks(place, None)
    draft = InputDraft(version_id=source.uid, role=InputRole.SOURCE, carried={"depth": ["depth"]})
    with pytest.raises(RuleBroken) as refused:
        register_version(actor=place.steward.actor, asset_id=other.asset.uid, inputs=[draft])
    assert refused.value.code == "CARRIED_BY_HAND"
