"""A verdict counts for the revision and the evaluation it names; facts that change in flight end both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.access import errors
from apps.access.commands import (
    approve_request,
    change_request,
    publish_rulebook,
    reevaluate_request,
    reject_request,
    return_request,
    submit_request,
)
from apps.access.models import Decision, Grant, Request, Verdict
from apps.accounts.commands import change_person
from apps.accounts.models import PersonStatus, Relation
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.classification.commands import confirm_lowering
from apps.compliance.commands import (
    approve_purpose,
    edit_purpose,
    forbid_purpose,
    resume_purpose,
    submit_purpose,
    suspend_purpose,
)
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, NotPermitted, StaleVersion
from apps.policy.rulebook import DEFAULT_RULEBOOK
from tests.access.refusals import refused
from tests.factories import accounts as people
from tests.factories import classification, compliance
from tests.factories.access import (
    PAY,
    ROCK,
    AccessWorld,
    about_health,
    about_nobody,
    approved,
    asked,
    decision_of,
    draft,
    fresh,
    in_days,
    revision_of,
    seen,
    thing,
)
from tests.factories.impacts import CLASSIFYING, ENDING_PURPOSE, looked_at


def personal(world: AccessWorld, who: str = "scientist", **given: Any) -> Request:
    return asked(world[who], draft(world.personal, world.purposes["pay"], **given))


def raise_the_class(world: AccessWorld) -> None:
    items = [
        classification.saying(name, sensitivity_class_code="restricted", category_codes=("Income",))
        for name in ("name", "salary")
    ]
    classification.classified(world.personal.version, world["steward"], *items)


def suspend(world: AccessWorld) -> None:
    suspend_purpose(
        actor=world["officer"],
        purpose_id=world.purposes["pay"].uid,
        reason="Under review.",
        seen_impact=looked_at(ENDING_PURPOSE, world.purposes["pay"].uid),
    )


def forbid(world: AccessWorld) -> None:
    forbid_purpose(actor=world["officer"], asset_version_id=world.personal.version.uid, concept_code=PAY)


def forget_the_condition(world: AccessWorld) -> None:
    items = [about_health(name) for name in ("name", "salary")]
    classification.classified(world.personal.version, world["steward"], *items)


def leave(world: AccessWorld) -> None:
    person = world.players["scientist"].person
    change_person(actor=SYSTEM, person_id=person.uid, status=PersonStatus.DEPARTED)


CHANGES: dict[str, tuple[Callable[[AccessWorld], None], str, str]] = {
    "the class is raised": (raise_the_class, "refer", "in_review"),
    "the purpose is suspended": (suspend, "deny", "returned"),
    "the purpose is forbidden for the data": (forbid, "block", "in_review"),
    "the data turn out to be on health": (forget_the_condition, "deny", "returned"),
    "the requester leaves": (leave, "deny", "returned"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_facts_that_change_in_flight_stop_the_verdict_and_are_evaluated_anew(
    what: str, world: AccessWorld
) -> None:
    change, effect, state = CHANGES[what]
    request = personal(world)
    approve_request(actor=world["owner"], **seen(request))
    shown = {**seen(request), "reason": "A long and well considered reason."}
    change(world)
    version = fresh(request).row_version
    with refused(StaleVersion, errors.FACTS_CHANGED):
        approve_request(actor=world["officer"], **shown)
    request = fresh(request)
    assert (request.state, decision_of(request).effect) == (state, effect)
    assert decision_of(request).uid != shown["decision_id"]
    assert request.row_version > version
    assert Verdict.objects.filter(revision=request.revision).count() == 1
    assert not Grant.objects.filter(revision=request.revision).exists()


def test_the_new_decision_lays_out_its_own_route_and_earlier_verdicts_are_history(world: AccessWorld) -> None:
    request = personal(world)
    approve_request(actor=world["owner"], **seen(request))
    shown = {**seen(request), "reason": "Well considered."}
    raise_the_class(world)
    with refused(StaleVersion, errors.FACTS_CHANGED):
        approve_request(actor=world["officer"], **shown)
    told = AuditEvent.objects.get(subject_uid=request.uid, name="access.request.reevaluated")
    assert told.data["reopened"] == ["owner"]
    with refused(NotPermitted):
        approve_request(actor=world["officer"], **{**seen(request), "reason": shown["reason"]})
    approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision__request=request)
    assert grant.decision == decision_of(request)
    assert Verdict.objects.filter(revision__request=request).count() == 3


def test_a_verdict_may_be_repeated_as_it_was_on_the_new_evaluation(world: AccessWorld) -> None:
    """The caller still has what they typed: the same call with what is read now goes through."""
    request = personal(world)
    call = {"actor": world["owner"], "reason": "Too much, and here is a page about why."}
    shown = seen(request)
    raise_the_class(world)
    with refused(StaleVersion, errors.FACTS_CHANGED):
        reject_request(**call, **shown)
    reject_request(**call, **seen(request))
    assert Verdict.objects.get(revision__request=request).reason == call["reason"]


def test_a_verdict_on_an_old_revision_is_stale(world: AccessWorld) -> None:
    request = personal(world)
    old = seen(request)
    return_request(actor=world["owner"], reason="Say more.", **old)
    again = draft(world.personal, world.purposes["pay"], justification="Much more.")
    change_request(actor=world["scientist"], request_id=request.uid, draft=again)
    submit_request(actor=world["scientist"], request_id=request.uid)
    with refused(StaleVersion, errors.REVISION_CHANGED):
        approve_request(actor=world["owner"], **old)
    with refused(StaleVersion, errors.FACTS_CHANGED):
        approve_request(actor=world["owner"], **{**seen(request), "decision_id": old["decision_id"]})
    approve_request(actor=world["owner"], **seen(request))


def test_a_verdict_on_an_old_evaluation_is_stale(world: AccessWorld) -> None:
    request = personal(world)
    old = seen(request)
    raise_the_class(world)
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    decisions = Decision.objects.filter(revision__request=request).count()
    with refused(StaleVersion, errors.FACTS_CHANGED):
        approve_request(actor=world["owner"], **old)
    assert Decision.objects.filter(revision__request=request).count() == decisions == 2
    approve_request(actor=world["owner"], **seen(request))


def test_evaluating_anew_without_a_change_does_nothing(world: AccessWorld) -> None:
    request = personal(world)
    approve_request(actor=world["owner"], **seen(request))
    before = (seen(request), fresh(request).row_version, AuditEvent.objects.count())
    reevaluate_request(actor=SYSTEM, request_id=request.uid, at=database_now() + timedelta(days=1))
    assert (seen(request), fresh(request).row_version, AuditEvent.objects.count()) == before
    approve_request(actor=world["officer"], **seen(request))


def test_only_the_machine_evaluates_anew(world: AccessWorld) -> None:
    request = personal(world)
    for who in ("scientist", "owner", "officer"):
        with refused(NotPermitted):
            reevaluate_request(actor=world[who], request_id=request.uid)
    reevaluate_request(actor=SYSTEM, request_id=request.uid)


def test_what_is_over_is_not_evaluated_anew(world: AccessWorld) -> None:
    request = personal(world)
    approved(request, world["owner"], world["officer"])
    before = fresh(request).row_version
    suspend(world)
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert (fresh(request).state, fresh(request).row_version) == ("approved", before)


def test_what_needs_nobody_any_more_is_granted(world: AccessWorld) -> None:
    rock = thing(world.domain, world["steward"], classification.about_nobody("depth"))
    item = about_nobody("depth")
    strict = classification.about_nobody("depth", sensitivity_class_code="confidential")
    classification.classified(rock.version, world["steward"], strict)
    request = asked(world["scientist"], draft(rock, world.purposes["rock"]))
    assert request.state == "in_review"
    said = classification.classified(rock.version, world["steward"], item)
    confirm_lowering(
        actor=world["owner"],
        asset_version_id=rock.version.uid,
        proposal_ids=[row.uid for row in said.proposed],
        seen_impact=looked_at(CLASSIFYING, rock.asset.uid),
    )
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).state == "approved"
    assert Grant.objects.get(revision__request=request).decision == decision_of(request)


def test_a_purpose_suspended_and_resumed_is_sent_again_after_the_return(world: AccessWorld) -> None:
    request = personal(world)
    suspend(world)
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    assert fresh(request).state == "returned"
    resume_purpose(actor=world["officer"], purpose_id=world.purposes["pay"].uid)
    change_request(
        actor=world["scientist"],
        request_id=request.uid,
        draft=draft(world.personal, world.purposes["pay"]),
    )
    submit_request(actor=world["scientist"], request_id=request.uid)
    approved(request, world["owner"], world["officer"])


def test_a_new_rulebook_is_a_new_question(world: AccessWorld) -> None:
    request = personal(world)
    shown = seen(request)
    publish_rulebook(actor=SYSTEM, document={**DEFAULT_RULEBOOK.as_dict(), "version": "next"})
    with refused(StaleVersion, errors.FACTS_CHANGED):
        approve_request(actor=world["owner"], **shown)
    assert decision_of(request).rulebook.version == "next"
    with refused(Conflict, errors.RULEBOOK_TAKEN):
        publish_rulebook(actor=SYSTEM, document={**DEFAULT_RULEBOOK.as_dict(), "version": "next"})
    approve_request(actor=world["owner"], **seen(request))


# The same facts, another day


def test_an_ask_whose_time_ran_out_in_review_is_returned_and_not_approved(world: AccessWorld) -> None:
    request = personal(world, ends_on=in_days(3))
    end = revision_of(request).ends_at
    approve_request(actor=world["owner"], **seen(request))
    with refused(StaleVersion, errors.FACTS_CHANGED):
        approve_request(actor=world["officer"], at=end, **seen(request))
    assert (fresh(request).state, decision_of(request).effect) == ("returned", "deny")


def test_a_contract_that_ran_out_in_review_returns_the_ask(world: AccessWorld) -> None:
    last = in_days(10)
    contractor = people.player(
        world.organization,
        Role.SCIENTIST,
        relation=Relation.CONTRACTOR,
        contract_ends_on=last,
        cleared_rank=3,
    )
    wanted = draft(world.personal, world.purposes["pay"])
    request = asked(contractor.actor, wanted, accept_shorter=True)
    at = datetime.combine(last, datetime.min.time(), tzinfo=UTC)
    reevaluate_request(actor=SYSTEM, request_id=request.uid, at=at - timedelta(microseconds=1))
    assert fresh(request).state == "in_review"
    reevaluate_request(actor=SYSTEM, request_id=request.uid, at=at)
    assert fresh(request).state == "returned"


def test_no_grant_stands_on_a_decision_that_blocks(world: AccessWorld) -> None:
    """A purpose that begins next week blocks an ask for today, until next week."""
    begins = in_days(7)
    purpose = world.purposes["rock"]
    content = compliance.purpose_content(concept_code=ROCK, lawful_basis=None, lia_ref="", valid_from=begins)
    edit_purpose(actor=world["officer"], purpose_id=purpose.uid, content=content)
    submit_purpose(actor=world["officer"], purpose_id=purpose.uid)
    approve_purpose(actor=world["second_officer"], purpose_id=purpose.uid)
    request = asked(world["scientist"], draft(world.harmless, purpose, actions=["export"]))
    assert decision_of(request).effect == "block"
    at = datetime.combine(begins, datetime.min.time(), tzinfo=UTC)
    with refused(StaleVersion, errors.FACTS_CHANGED):
        approve_request(actor=world["owner"], at=at, **seen(request))
    assert decision_of(request).effect == "refer"
    approve_request(actor=world["owner"], at=at, **seen(request))
    assert Grant.objects.get(revision__request=request).decision.effect == "refer"
