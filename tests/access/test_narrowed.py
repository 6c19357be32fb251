"""Approving less than was asked, beginning later, and asking the rules once more at the beginning."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from apps.access import errors
from apps.access.commands import ConditionDraft, NarrowingDraft, Terms, approve_request, withdraw_request
from apps.access.models import Grant, Request
from apps.access.queries import detail_of, requests_visible_to
from apps.access.tasks import keep_grants_in_step
from apps.accounts.models import Organization
from apps.catalog.models import Asset
from apps.compliance.commands import suspend_purpose
from apps.kernel.actor import Actor
from apps.kernel.clock import database_now, end_of_day
from apps.kernel.errors import InvalidInput, RuleBroken
from apps.policy.conditions import ConditionKind
from tests.access.refusals import refused
from tests.factories.access import (
    ZONE,
    AccessWorld,
    about_people,
    approved,
    asked,
    draft,
    fresh,
    in_days,
    lawful_activity,
    permitted_for,
    seen,
    thing,
)
from tests.factories.classification import about_nobody, classified
from tests.factories.impacts import ENDING_PURPOSE, looked_at


def wanted(world: AccessWorld, **given: object) -> Request:
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"], **given))


def narrowed(world: AccessWorld, request: Request, *drafts: NarrowingDraft) -> Grant:
    for who, each in zip(("owner", "officer"), drafts, strict=True):
        approve_request(actor=world[who], terms=Terms(narrowing=each), **seen(request))
    return Grant.objects.get(revision__request=request)


def test_a_grant_is_what_every_approver_leaves(world: AccessWorld) -> None:
    request = wanted(world, actions=["read", "train", "label"])
    asset = world.personal.asset.uid
    grant = narrowed(
        world,
        request,
        NarrowingDraft(actions=["label"], ends_on=in_days(10), columns=[f"{asset}/name"]),
        NarrowingDraft(actions=["train"], ends_on=in_days(20)),
    )
    assert (grant.actions, grant.columns) == (["read"], ["salary"])
    assert (grant.not_after, grant.limiting_factor) == (end_of_day(in_days(10), ZONE), "narrowed")


def test_a_later_end_widens_nothing(world: AccessWorld) -> None:
    request = wanted(world)
    grant = narrowed(world, request, NarrowingDraft(ends_on=in_days(300)), NarrowingDraft())
    assert grant.not_after == end_of_day(in_days(30), ZONE)
    assert grant.limiting_factor != "narrowed"


def test_an_asset_can_be_left_out(world: AccessWorld) -> None:
    other = thing(world.domain, world["steward"], about_people("name"))
    permitted_for(world, other, "PersonnelPayment")
    pay = world.purposes["pay"]
    lawful_activity(pay, other.asset, approver=world["second_officer"], writer=world["officer"])
    request = asked(world["scientist"], draft(world.personal, world.purposes["pay"], other))
    approve_request(
        actor=world["owner"], terms=Terms(narrowing=NarrowingDraft(assets=[other.asset.uid])), **seen(request)
    )
    if fresh(request).state == "in_review":
        approved(request, world["officer"])
    assert [grant.asset for grant in Grant.objects.filter(revision__request=request)] == [
        world.personal.asset
    ]
    outcomes = outcomes_of(world["scientist"], request)
    assert [(came, ends) for _, came, ends in outcomes] == [("granted", True), ("left_out", False)]


def outcomes_of(actor: Actor, request: Request) -> list[tuple[Asset, str, bool]]:
    """Of each asset what came of it, and whether there is a grant with an end."""
    found = detail_of(actor, requests_visible_to(actor).get(pk=request.pk)).outcomes
    return [(each.item.asset, each.came.value, bool(each.grant_id and each.ends_at)) for each in found]


def test_what_one_of_several_leaves_out_is_told_when_nobody_decides_any_more(world: AccessWorld) -> None:
    other = thing(world.domain, world["steward"], about_people("name"))
    permitted_for(world, other, "PersonnelPayment")
    pay = world.purposes["pay"]
    lawful_activity(pay, other.asset, approver=world["second_officer"], writer=world["officer"])
    request = asked(world["scientist"], draft(world.personal, pay, other))
    without = Terms(
        narrowing=NarrowingDraft(columns=[f"{other.asset.uid}/name"]),
        conditions=[ConditionDraft(kind=ConditionKind.BEFORE, text="Sign the statement.")],
    )
    approve_request(actor=world["owner"], terms=without, **seen(request))
    said = {came for _, came, _ in outcomes_of(world["scientist"], request)}
    assert said == {"undecided"}
    approved(request, world["officer"])
    assert fresh(request).state == "awaiting_conditions"
    came = {asset.pk: word for asset, word, _ in outcomes_of(world["scientist"], request)}
    assert came == {world.personal.asset.pk: "awaits_conditions", other.asset.pk: "left_out"}
    withdraw_request(actor=world["scientist"], request_id=request.uid)
    assert {came for _, came, _ in outcomes_of(world["scientist"], request)} == {"refused"}


def test_what_leaves_nothing_is_refused_also_together(world: AccessWorld) -> None:
    request, asset = wanted(world), world.personal.asset.uid
    for too_much in (
        NarrowingDraft(actions=["read"]),
        NarrowingDraft(assets=[asset]),
        NarrowingDraft(columns=[f"{asset}/name", f"{asset}/salary"]),
    ):
        with refused(RuleBroken, errors.NARROWED_TO_NOTHING, field="narrowing"):
            approve_request(actor=world["owner"], terms=Terms(narrowing=too_much), **seen(request))
    half = NarrowingDraft(columns=[f"{asset}/name"])
    approve_request(actor=world["owner"], terms=Terms(narrowing=half), **seen(request))
    other_half = NarrowingDraft(columns=[f"{asset}/salary"])
    with refused(RuleBroken, errors.NARROWED_TO_NOTHING):
        approve_request(actor=world["officer"], terms=Terms(narrowing=other_half), **seen(request))
    approved(request, world["officer"])
    assert Grant.objects.get(revision__request=request).columns == ["salary"]


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"assets": [uuid4()]}, "narrowing.assets"),
        ({"actions": ["export"]}, "narrowing.actions"),
        ({"columns": ["x/y"]}, "narrowing.columns"),
    ],
)
def test_only_what_was_asked_for_can_be_taken_away(
    what: dict[str, list[str]], field: str, world: AccessWorld
) -> None:
    request = wanted(world)
    with refused(InvalidInput, errors.NARROWING_UNKNOWN, field=field):
        approve_request(
            actor=world["owner"],
            terms=Terms(narrowing=NarrowingDraft(**what)),  # type: ignore[arg-type]
            **seen(request),
        )


def test_an_end_in_the_past_is_refused(world: AccessWorld) -> None:
    request = wanted(world)
    with refused(RuleBroken, errors.END_IN_THE_PAST, field="narrowing.ends_on"):
        yesterday = NarrowingDraft(ends_on=in_days(-1))
        approve_request(actor=world["owner"], terms=Terms(narrowing=yesterday), **seen(request))


def test_in_the_undo_window_what_people_approved_has_not_begun(world: AccessWorld) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(undo_minutes=10)
    now = database_now()
    request = wanted(world)
    approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision__request=request)
    assert grant.state == "scheduled"
    assert now + timedelta(minutes=10) <= grant.not_before <= now + timedelta(minutes=11)
    at_once = asked(world["scientist"], draft(world.harmless, world.purposes["rock"]))
    assert Grant.objects.get(revision__request=at_once).state == "active"


def begun(grant: Grant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep, as it runs when the grant should begin."""
    for place in ("apps.access.tasks", "apps.audit.command"):
        monkeypatch.setattr(f"{place}.database_now", lambda: grant.not_before)
    keep_grants_in_step()


def test_at_the_beginning_the_rules_are_asked_once_more(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    later, denied = (wanted(world, starts_on=in_days(5)) for _ in range(2))
    for request in (later, denied):
        approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision__request=later)
    with monkeypatch.context() as moment:
        begun(grant, moment)
    assert set(Grant.objects.filter(revision__request__in=(later, denied)).values_list("state")) == {
        ("active",)
    }


def test_what_the_rules_deny_at_the_beginning_does_not_begin_and_is_returned(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = wanted(world, starts_on=in_days(5))
    approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision__request=request)
    suspend_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["pay"].uid,
        reason="So.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["pay"].uid),
    )
    with monkeypatch.context() as moment:
        begun(grant, moment)
    grant.refresh_from_db()
    assert (grant.state, fresh(request).state, fresh(request).closed_at) == ("revoked", "returned", None)


def test_what_has_grown_stricter_at_the_beginning_goes_back_to_review_and_can_be_granted_again(
    world: AccessWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(world["scientist"], draft(world.harmless, world.purposes["rock"], starts_on=in_days(5)))
    grant = Grant.objects.get(revision__request=request)
    items = [about_nobody(name, sensitivity_class_code="confidential") for name in ("depth", "gamma")]
    classified(world.harmless.version, world["steward"], *items)
    with monkeypatch.context() as moment:
        begun(grant, moment)
    assert fresh(request).state == "in_review"
    approved(request, world["owner"])
    states = Grant.objects.filter(revision__request=request).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["revoked", "scheduled"]
