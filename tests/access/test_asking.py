"""Asking: what is refused at which field, and what policy answers at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.access import errors
from apps.access.commands import (
    ItemDraft,
    ask_for_access,
    change_request,
    create_request,
    revisions,
    submit_request,
    withdraw_request,
)
from apps.access.models import Decision, Grant, Request, SubjectKind
from apps.access.queries import draft_preview
from apps.accounts.authorization import NOT_ACTIVE, SCOPE_MISSING
from apps.accounts.commands import change_person
from apps.accounts.models import Account, Audience, ConflictKind, PersonStatus
from apps.accounts.roles import Role, TokenScope
from apps.compliance.commands import withdraw_purpose
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from apps.policy.facts import Action
from tests.access.asked import harmless
from tests.access.refusals import refused
from tests.access.seats import conflicted, delegated
from tests.factories import accounts as people
from tests.factories import catalog as things
from tests.factories.access import (
    AccessWorld,
    asked,
    decision_of,
    draft,
    fresh,
    in_days,
    revision_of,
)
from tests.factories.impacts import ENDING_PURPOSE, looked_at


def item(world: AccessWorld, **given: Any) -> list[ItemDraft]:
    return [ItemDraft(asset_id=world.harmless.asset.uid, **given)]


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no action": ({"actions": []}, "actions", errors.ACTIONS_MISSING),
    "an unknown action": ({"actions": ["read", "borrow"]}, "actions", errors.ACTION_UNKNOWN),
    "no asset": ({"items": []}, "items", errors.ASSETS_MISSING),
    "an unknown asset": ({"items": [ItemDraft(asset_id=uuid4())]}, "items", errors.ASSET_UNKNOWN),
    "an unknown purpose": ({"purpose_id": uuid4()}, "purpose_id", errors.PURPOSE_UNKNOWN),
    "an unknown mode": ({"mode": "sticky"}, "mode", errors.MODE_UNKNOWN),
    "a country in words": ({"place_of_processing": "Germany"}, "place_of_processing", errors.COUNTRY_CODE),
    "a small country": ({"place_of_processing": "de"}, "place_of_processing", errors.COUNTRY_CODE),
    "a country and a line": ({"place_of_processing": "DE\n"}, "place_of_processing", errors.COUNTRY_CODE),
    "a day that is over": ({"ends_on": date(2020, 1, 1)}, "ends_on", errors.END_IN_THE_PAST),
    "the first day there is": ({"ends_on": date.min}, "ends_on", errors.END_IN_THE_PAST),
    "the last day there is": ({"ends_on": date.max}, "ends_on", errors.END_TOO_FAR),
    "an unknown service account": (
        {"service_account_id": uuid4()},
        "service_account_id",
        errors.SERVICE_ACCOUNT_UNKNOWN,
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_field_is_named_and_nothing_is_written(what: str, world: AccessWorld) -> None:
    wrong, field, code = WRONG[what]
    before = Request.objects.count()
    with refused(InvalidInput, code, field=field):
        create_request(actor=world["scientist"], draft=replace(harmless(world), **wrong))
    assert Request.objects.count() == before
    assert create_request(actor=world["scientist"], draft=harmless(world)).state == "draft"


@pytest.mark.parametrize("action", Action)
def test_every_action_of_the_house_can_be_asked_for(action: Action, world: AccessWorld) -> None:
    made = create_request(actor=world["scientist"], draft=harmless(world, actions=[action.value]))
    assert revision_of(made).actions == [action.value]


def test_columns_and_versions_are_those_of_the_asset(world: AccessWorld) -> None:
    with refused(InvalidInput, errors.COLUMN_UNKNOWN, field="items"):
        create_request(actor=world["scientist"], draft=harmless(world, items=item(world, columns=("name",))))
    of_another = world.personal.version.uid
    with refused(InvalidInput, errors.VERSION_UNKNOWN, field="items"):
        create_request(
            actor=world["scientist"], draft=harmless(world, items=item(world, version_id=of_another))
        )
    right = item(world, columns=("depth",), version_id=world.harmless.version.uid)
    made = create_request(actor=world["scientist"], draft=harmless(world, items=right))
    assert [(each.version_id, each.columns) for each in revision_of(made).items.all()] == [
        (world.harmless.version.pk, ["depth"])
    ]


def test_a_column_named_twice_is_asked_for_once(world: AccessWorld) -> None:
    items = item(world, columns=("depth", "depth"))
    made = create_request(actor=world["scientist"], draft=harmless(world, items=items))
    assert revision_of(made).items.get().columns == ["depth"]


def test_an_asset_named_twice_is_refused(world: AccessWorld) -> None:
    with refused(InvalidInput, errors.ASSET_TWICE, field="items"):
        create_request(actor=world["scientist"], draft=harmless(world, items=item(world) * 2))


def test_the_end_may_not_lie_before_the_start(world: AccessWorld) -> None:
    with refused(InvalidInput, errors.END_BEFORE_START, field="ends_on"):
        create_request(
            actor=world["scientist"], draft=harmless(world, starts_on=in_days(9), ends_on=in_days(8))
        )
    create_request(actor=world["scientist"], draft=harmless(world, starts_on=in_days(8), ends_on=in_days(8)))


def test_a_start_long_ago_means_at_once(world: AccessWorld) -> None:
    now = database_now()
    for day in (date.min, now.date() - timedelta(days=400), now.date() - timedelta(days=1)):
        made = create_request(actor=world["scientist"], draft=harmless(world, starts_on=day), at=now)
        assert revision_of(made).starts_at == now


def test_a_draft_asset_is_not_asked_for_by_those_who_see_it_and_unknown_to_the_others(
    world: AccessWorld,
) -> None:
    hidden = harmless(world, items=[ItemDraft(asset_id=world.draft.uid)])
    with refused(InvalidInput, errors.ASSET_UNKNOWN):
        create_request(actor=world["scientist"], draft=hidden)
    with refused(InvalidInput, errors.ASSET_NOT_REQUESTABLE):
        create_request(actor=world["steward"], draft=hidden)


def test_an_asset_outside_ones_audience_looks_like_none(world: AccessWorld) -> None:
    elsewhere = people.domain(world.organization, Audience.TEAMS)
    secret = things.published_asset(elsewhere)
    foreign = things.published_asset(people.domain(people.organization()))
    for asset in (secret, foreign):
        with refused(InvalidInput, errors.ASSET_UNKNOWN):
            create_request(actor=world["scientist"], draft=draft(asset, world.purposes["rock"]))
    create_request(actor=world["owner"], draft=draft(secret, world.purposes["rock"]))


def test_a_purpose_of_another_organization_is_unknown(world: AccessWorld) -> None:
    place = people.organization()
    stranger = people.player(place, Role.SCIENTIST).actor
    asset = things.published_asset(people.domain(place))
    with refused(InvalidInput, errors.PURPOSE_UNKNOWN, field="purpose_id"):
        create_request(actor=stranger, draft=draft(asset, world.purposes["rock"]))


def test_a_service_account_asks_for_nothing_itself_and_receives_through_its_owner(world: AccessWorld) -> None:
    wanted = harmless(world, service_account_id=world.robot.uid)
    with refused(RuleBroken, errors.ONLY_PEOPLE_ASK):
        create_request(actor=world.robot_actor, draft=wanted)
    with refused(RuleBroken, errors.ONLY_PEOPLE_ASK):
        ask_for_access(actor=SYSTEM, draft=wanted)
    request = asked(world["scientist"], wanted)
    grant = Grant.objects.get(revision=request.revision)
    assert (grant.subject_kind, grant.service_account_id) == (SubjectKind.SERVICE_ACCOUNT, world.robot.pk)
    assert grant.person_id == world.robot.person_id


def test_nobody_asks_for_somebody_elses_service_account_or_for_a_person_as_if_it_were_one(
    world: AccessWorld,
) -> None:
    for account in (world.strangers_robot, world.players["scientist"].account):
        with refused(InvalidInput, errors.SERVICE_ACCOUNT_UNKNOWN, field="service_account_id"):
            create_request(actor=world["scientist"], draft=harmless(world, service_account_id=account.uid))


def test_who_has_left_asks_for_nothing(world: AccessWorld) -> None:
    actor = world["scientist"]
    person = world.players["scientist"].person
    change_person(actor=SYSTEM, person_id=person.uid, status=PersonStatus.SUSPENDED)
    with refused(NotPermitted, NOT_ACTIVE):
        create_request(actor=actor, draft=harmless(world))
    change_person(actor=SYSTEM, person_id=person.uid, status=PersonStatus.ACTIVE)
    create_request(actor=actor, draft=harmless(world))


def test_a_token_that_only_reads_does_not_ask(world: AccessWorld) -> None:
    actor = world["scientist"]
    with refused(NotPermitted, SCOPE_MISSING):
        create_request(actor=replace(actor, scopes=frozenset({TokenScope.READ.value})), draft=harmless(world))
    create_request(actor=replace(actor, scopes=frozenset({TokenScope.WRITE.value})), draft=harmless(world))


def test_a_harmless_ask_is_granted_at_once(world: AccessWorld) -> None:
    now = database_now()
    request = asked(world["scientist"], harmless(world), at=now)
    grant = Grant.objects.get(revision=request.revision)
    decision = decision_of(request)
    assert (request.state, decision.effect, decision.stages.count()) == ("approved", "permit", 0)
    assert (grant.state, grant.not_before, grant.actions) == ("active", now, ["read"])
    assert grant.limiting_factor == "requested_end"


def test_a_harmless_ask_for_more_than_looking_goes_to_the_owner(world: AccessWorld) -> None:
    request = asked(world["scientist"], harmless(world, actions=["read", "export"]))
    assert request.state == "in_review"
    assert list(decision_of(request).stages.values_list("name", flat=True)) == ["owner"]


def test_a_denied_ask_leaves_nothing_but_a_refusal(world: AccessWorld) -> None:
    wanted = draft(world.restricted, world.purposes["ordinary"])
    counts = (Request.objects.count(), Decision.objects.count())
    with refused(RuleBroken, "NO_ART9_CONDITION"):
        ask_for_access(actor=world["scientist"], draft=wanted)
    assert (Request.objects.count(), Decision.objects.count()) == counts
    written = create_request(actor=world["scientist"], draft=wanted)
    with refused(RuleBroken, "NO_ART9_CONDITION"):
        submit_request(actor=world["scientist"], request_id=written.uid)
    assert (fresh(written).state, revision_of(written).frozen_at) == ("draft", None)
    right = replace(wanted, purpose_id=world.purposes["study"].uid)
    change_request(actor=world["scientist"], request_id=written.uid, draft=right)
    assert submit_request(actor=world["scientist"], request_id=written.uid).state == "in_review"


def test_a_withdrawn_purpose_is_denied_even_where_the_data_are_harmless(world: AccessWorld) -> None:
    written = create_request(actor=world["scientist"], draft=harmless(world))
    withdraw_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["rock"].uid,
        reason="Done.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["rock"].uid),
    )
    with refused(RuleBroken, "PURPOSE_WITHDRAWN"):
        submit_request(actor=world["scientist"], request_id=written.uid)
    assert not Grant.objects.filter(revision__request=written).exists()


def test_a_blocked_ask_is_taken_and_waits(world: AccessWorld) -> None:
    request = asked(world["scientist"], draft(world.personal, world.purposes["unrecorded"]))
    assert (request.state, decision_of(request).effect) == ("in_review", "block")


def test_a_purpose_that_does_not_cover_the_columns_says_so(world: AccessWorld) -> None:
    reasons = {
        name: {
            reason.code
            for reason in draft_preview(
                world["scientist"], draft(world.personal, world.purposes[name])
            ).answer.decision.reasons
        }
        for name in ("ordinary", "unrecorded", "pay")
    }
    assert {"ASSESSMENT_MISSING", "NO_ACTIVITY"} <= reasons["ordinary"]
    assert "NO_ACTIVITY" in reasons["unrecorded"] and "ASSESSMENT_MISSING" not in reasons["unrecorded"]
    assert not {"ASSESSMENT_MISSING", "NO_ACTIVITY"} & reasons["pay"]


def test_a_preview_writes_nothing_and_counts_who_could_decide(world: AccessWorld) -> None:
    before = (Request.objects.count(), Decision.objects.count())
    preview = draft_preview(world["scientist"], draft(world.personal, world.purposes["pay"]))
    assert {each.stage.name: each.eligible for each in preview.stages} == {"owner": 3, "privacy": 3}
    mine = draft_preview(world["owner"], draft(world.personal, world.purposes["pay"]))
    assert {each.stage.name: each.eligible for each in mine.stages} == {"owner": 2, "privacy": 3}
    assert (Request.objects.count(), Decision.objects.count()) == before


def test_who_could_decide_is_counted_by_every_test_and_fills_one_stage(world: AccessWorld) -> None:
    def counted() -> dict[str, tuple[int, bool]]:
        stages = draft_preview(world["scientist"], draft(world.personal, world.purposes["pay"])).stages
        return {each.stage.name: (each.eligible, each.is_fillable) for each in stages}

    conflicted(world, "owner", ConflictKind.ASSET, world.personal.asset)
    delegated(world, "second_owner", "scientist")
    assert counted() == {"owner": (1, True), "privacy": (3, True)}
    officers = [world.players[name].person for name in ("officer", "second_officer")]
    Account.objects.filter(person__in=officers).update(is_active=False)
    assert counted() == {"owner": (1, True), "privacy": (1, False)}


@pytest.mark.parametrize("make", [create_request, ask_for_access])
def test_nobody_has_more_open_requests_and_drafts_than_the_most(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch, make: Callable[..., Request]
) -> None:
    monkeypatch.setattr(revisions, "MOST_OPEN", 2)
    scientist, wanted = world["scientist"], draft(world.personal, world.purposes["pay"])
    create_request(actor=scientist, draft=wanted)
    open_one = ask_for_access(actor=scientist, draft=wanted)
    with refused(RuleBroken, errors.TOO_MANY_OPEN):
        make(actor=scientist, draft=wanted)
    make(actor=world["colleague"], draft=wanted)
    withdraw_request(actor=scientist, request_id=open_one.uid)
    make(actor=scientist, draft=wanted)
