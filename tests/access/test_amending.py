"""A request is amended in review: another revision, another decision, and old verdicts are history."""

from __future__ import annotations

from typing import Any

import pytest

from apps.access import errors
from apps.access.commands import (
    amend_request,
    approve_request,
    ask_for_access,
    create_request,
    reject_request,
    withdraw_request,
)
from apps.access.lifecycle import RequestState
from apps.access.models import Grant, Revision, Verdict
from apps.access.queries import changes_between, detail_of, requests_visible_to, revision_read
from apps.accounts.authorization import NOT_PERMITTED
from apps.audit.models import AuditEvent
from apps.kernel.errors import InvalidState, NotFound, NotPermitted, RuleBroken, StaleVersion
from tests.access.refusals import refused
from tests.factories.access import (
    AccessWorld,
    approved,
    asked,
    decision_of,
    draft,
    fresh,
    in_days,
    revision_of,
    seen,
)


def personal(world: AccessWorld, **given: Any) -> Any:
    return draft(world.personal, world.purposes["pay"], **given)


def test_an_amended_request_stays_in_review_with_a_revision_more(world: AccessWorld) -> None:
    request = asked(world["scientist"], personal(world))
    before, decision = revision_of(request), decision_of(request)
    amend_request(actor=world["scientist"], request_id=request.uid, draft=personal(world, ends_on=in_days(7)))
    after = revision_of(request)
    assert fresh(request).state == RequestState.IN_REVIEW
    assert (before.number, after.number) == (1, 2)
    assert after.sha256 not in {"", before.sha256}
    assert decision_of(request) != decision
    assert Revision.objects.get(pk=before.pk).sha256 == before.sha256
    told = AuditEvent.objects.filter(name="access.request.amended", subject_uid=request.uid).get()
    assert told.data["revision_sha256"] == after.sha256


def test_approvals_of_the_revision_before_are_history(world: AccessWorld) -> None:
    request = approved(asked(world["scientist"], personal(world)), world["owner"])
    assert Verdict.objects.filter(revision=request.revision).count() == 1
    amend_request(actor=world["scientist"], request_id=request.uid, draft=personal(world, ends_on=in_days(7)))
    detail = detail_of(world["owner"], requests_visible_to(world["owner"]).get(pk=request.pk))
    assert all(slot.verdict is None for stage in detail.stages for slot in stage.slots)
    approved(request, world["owner"], world["officer"])
    grant = Grant.objects.get(revision__request=request)
    assert grant.revision.number == 2


@pytest.mark.parametrize("decide", [approve_request, reject_request])
def test_a_verdict_on_what_was_read_before_is_stale(world: AccessWorld, decide: Any) -> None:
    request = asked(world["scientist"], personal(world))
    read = seen(request)
    amend_request(actor=world["scientist"], request_id=request.uid, draft=personal(world, ends_on=in_days(7)))
    with pytest.raises(StaleVersion) as caught:
        decide(actor=world["owner"], reason="As agreed.", **read)
    assert caught.value.code == errors.REVISION_CHANGED
    assert caught.value.reasons[0].facts["changed"] == ("starts_at", "ends_at")
    assert fresh(request).state == RequestState.IN_REVIEW
    decide(actor=world["owner"], reason="As agreed.", **seen(request))


def test_what_became_another_is_named_field_by_field(world: AccessWorld) -> None:
    request = asked(world["scientist"], personal(world))
    read = revision_of(request).sha256
    changed = personal(world, actions=["read", "train"], justification="Another one.")
    amend_request(actor=world["scientist"], request_id=request.uid, draft=changed)
    before = revision_read(request, read)
    assert before is not None
    changes = {each.field: each for each in changes_between(before, revision_of(request))}
    assert changes.keys() == {"actions", "justification", "starts_at"}
    assert (changes["actions"].before, changes["actions"].after) == (("read",), ("read", "train"))
    assert revision_read(request, "0" * 64) is None


def test_an_amendment_that_policy_refuses_leaves_what_is_in_review(world: AccessWorld) -> None:
    request = asked(world["scientist"], personal(world))
    before = revision_of(request)
    with refused(RuleBroken):
        amend_request(
            actor=world["scientist"],
            request_id=request.uid,
            draft=draft(world.restricted, world.purposes["ordinary"], ends_on=in_days(3)),
        )
    assert revision_of(request) == before
    approved(request, world["owner"], world["officer"])


def test_an_amendment_that_needs_nobody_is_granted_at_once(world: AccessWorld) -> None:
    request = asked(world["scientist"], personal(world))
    amend_request(
        actor=world["scientist"], request_id=request.uid, draft=draft(world.harmless, world.purposes["rock"])
    )
    assert fresh(request).state == RequestState.APPROVED
    assert Grant.objects.get(revision__request=request).asset == world.harmless.asset


def test_only_what_is_in_review_is_amended_and_only_by_its_requester(world: AccessWorld) -> None:
    scientist = world["scientist"]
    drafted = create_request(actor=scientist, draft=personal(world))
    with refused(InvalidState, errors.NOT_AMENDABLE):
        amend_request(actor=scientist, request_id=drafted.uid, draft=personal(world))
    request = asked(scientist, personal(world))
    with refused(NotPermitted, NOT_PERMITTED):
        amend_request(actor=world["owner"], request_id=request.uid, draft=personal(world))
    with refused(NotFound):
        amend_request(actor=world["colleague"], request_id=request.uid, draft=personal(world))
    with refused(StaleVersion):
        amend_request(actor=scientist, request_id=request.uid, draft=personal(world), seen_version=1)
    withdraw_request(actor=scientist, request_id=request.uid)
    with refused(InvalidState, errors.NOT_AMENDABLE):
        amend_request(actor=scientist, request_id=request.uid, draft=personal(world))
    with refused(InvalidState, errors.NOT_AMENDABLE):
        granted = ask_for_access(actor=scientist, draft=draft(world.harmless, world.purposes["rock"]))
        amend_request(actor=scientist, request_id=granted.uid, draft=personal(world))
