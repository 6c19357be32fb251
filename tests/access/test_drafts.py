"""Drafts, from the first to what is sent, taken back and written again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from apps.access import errors
from apps.access.commands import (
    ItemDraft,
    change_request,
    create_request,
    return_request,
    submit_request,
    withdraw_request,
)
from apps.access.lifecycle import NOT_POSSIBLE
from apps.access.models import Grant, Request, Revision
from apps.access.queries import content_of
from apps.accounts.authorization import NOT_PERMITTED
from apps.catalog.commands import retire_asset
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidState, NotFound, NotPermitted, RuleBroken, StaleVersion
from apps.kernel.models import STALE
from tests.access.asked import harmless
from tests.access.refusals import refused
from tests.factories.access import (
    AccessWorld,
    about_nobody,
    asked,
    draft,
    fresh,
    in_days,
    revision_of,
    seen,
    thing,
)


def test_a_draft_is_changed_by_a_new_revision_and_by_its_requester_only(world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=harmless(world))
    change = {"request_id": request.uid, "draft": harmless(world, actions=["read", "train"])}
    for who in ("colleague", "owner", "officer"):
        with refused(NotFound):
            change_request(actor=world[who], **change)
    with refused(StaleVersion, STALE):
        change_request(actor=world["scientist"], seen_version=request.row_version + 1, **change)
    seen_version = fresh(request).row_version
    change_request(actor=world["scientist"], seen_version=seen_version, **change)
    assert [r.actions for r in Revision.objects.filter(request=request).order_by("number")] == [
        ["read"],
        ["read", "train"],
    ]
    assert revision_of(request).number == 2


def test_what_is_in_review_is_neither_changed_nor_sent_again(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    with refused(InvalidState, errors.NOT_EDITABLE):
        change_request(actor=world["scientist"], request_id=request.uid, draft=harmless(world))
    with refused(InvalidState, errors.NOT_EDITABLE):
        submit_request(actor=world["scientist"], request_id=request.uid)
    withdraw_request(actor=world["scientist"], request_id=request.uid)
    assert fresh(request).state == "withdrawn"


def test_what_was_returned_is_sent_again_only_when_changed(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    return_request(actor=world["owner"], reason="Fewer columns, please.", **seen(request))
    with refused(InvalidState, errors.SENT_UNCHANGED):
        submit_request(actor=world["scientist"], request_id=request.uid)
    fewer = [ItemDraft(asset_id=world.personal.asset.uid, columns=("salary",))]
    change_request(
        actor=world["scientist"],
        request_id=request.uid,
        draft=draft(world.personal, world.purposes["pay"], items=fewer),
    )
    assert submit_request(actor=world["scientist"], request_id=request.uid).state == "in_review"


def test_only_the_requester_sends_and_withdraws_and_only_what_they_last_saw(world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=harmless(world))
    waiting = asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    for command in (submit_request, withdraw_request):
        for who in ("colleague", "officer"):
            with refused(NotFound):
                command(actor=world[who], request_id=request.uid)
        with refused(NotPermitted, NOT_PERMITTED):
            command(actor=world["officer"], request_id=waiting.uid)
    with refused(StaleVersion, STALE):
        submit_request(actor=world["scientist"], request_id=request.uid, seen_version=99)
    submit_request(actor=world["scientist"], request_id=request.uid, seen_version=fresh(request).row_version)


def test_the_service_account_that_would_receive_neither_sends_nor_withdraws(world: AccessWorld) -> None:
    wanted = harmless(world, service_account_id=world.robot.uid)
    request = create_request(actor=world["scientist"], draft=wanted)
    assert Request.objects.visible_to(world.robot_actor).filter(pk=request.pk).exists()
    for command in (submit_request, withdraw_request):
        with refused(NotPermitted, NOT_PERMITTED):
            command(actor=world.robot_actor, request_id=request.uid)


def test_what_is_over_is_not_withdrawn(world: AccessWorld) -> None:
    request = asked(world["scientist"], harmless(world))
    with refused(InvalidState, NOT_POSSIBLE):
        withdraw_request(actor=world["scientist"], request_id=request.uid)
    waiting = create_request(actor=world["scientist"], draft=harmless(world))
    withdraw_request(actor=world["scientist"], request_id=waiting.uid)
    with refused(InvalidState, NOT_POSSIBLE):
        withdraw_request(actor=world["scientist"], request_id=waiting.uid)


def test_a_draft_whose_time_has_run_out_is_refused_when_sent(world: AccessWorld) -> None:
    request = create_request(actor=world["scientist"], draft=harmless(world, ends_on=in_days(3)))
    end = revision_of(request).ends_at
    with refused(RuleBroken, errors.END_IN_THE_PAST, field="ends_on"):
        submit_request(actor=world["scientist"], request_id=request.uid, at=end)
    submit_request(actor=world["scientist"], request_id=request.uid, at=end - timedelta(hours=1))
    assert Grant.objects.get(revision__request=request).not_after == end


def test_a_draft_on_an_asset_retired_meanwhile_is_refused_when_sent(world: AccessWorld) -> None:
    rock = thing(world.domain, world["steward"], about_nobody("depth"))
    request = create_request(actor=world["scientist"], draft=draft(rock, world.purposes["rock"]))
    other = create_request(actor=world["scientist"], draft=draft(rock, world.purposes["rock"]))
    submit_request(actor=world["scientist"], request_id=other.uid)
    retire_asset(actor=SYSTEM, asset_id=rock.asset.uid)
    with refused(RuleBroken, errors.ASSET_NOT_REQUESTABLE):
        submit_request(actor=world["scientist"], request_id=request.uid)
    assert not Grant.objects.filter(revision__request=request).exists()


def test_what_a_request_holds_can_be_written_again_as_a_draft(world: AccessWorld) -> None:
    """A change of one word must not move the start, the end or anything else."""
    wanted = draft(
        world.personal,
        world.purposes["pay"],
        starts_on=in_days(7),
        ends_on=in_days(40),
        actions=["export", "read"],
        mode="following",
        service_account_id=world.robot.uid,
        items=[ItemDraft(asset_id=world.personal.asset.uid, columns=("salary",))],
    )
    for given in (wanted, replace(wanted, starts_on=None, service_account_id=None)):
        request = create_request(actor=world["scientist"], draft=given)
        content = content_of(fresh(request))
        items = [ItemDraft(**{**each, "columns": tuple(each["columns"])}) for each in content.pop("items")]
        assert [(each.asset_id, each.columns) for each in items] == [(world.personal.asset.uid, ("salary",))]
        assert replace(given, **content) == replace(given, actions=sorted(given.actions))
        assert set(content) | {"items"} == set(given.__dataclass_fields__)


def test_a_sent_request_with_a_start_to_come_keeps_it_when_written_again(world: AccessWorld) -> None:
    now = database_now()
    wanted = draft(world.personal, world.purposes["pay"], starts_on=in_days(7))
    later = asked(world["scientist"], wanted, at=now)
    at_once = asked(world["scientist"], replace(wanted, starts_on=None), at=now)
    assert (content_of(later)["starts_on"], content_of(at_once)["starts_on"]) == (in_days(7), None)
