"""Several requests that are alike are approved from a frozen list, each by the one command that decides."""

from __future__ import annotations

import pytest

from apps.access import errors
from apps.access.commands import MOST_TOGETHER, Chosen, approve_together
from apps.access.models import Request, Verdict
from apps.kernel.errors import InvalidInput, RuleBroken
from tests.access.seats import personal
from tests.factories.access import AccessWorld, approved, asked, draft, seen


def chosen(*requests: Request) -> list[Chosen]:
    return [Chosen(**seen(request)) for request in requests]


def verdicts(*requests: Request) -> int:
    return Verdict.objects.filter(revision__request__in=requests).count()


def test_each_has_its_own_outcome(world: AccessWorld) -> None:
    one, stale, gone = personal(world), personal(world, "colleague"), personal(world, "steward")
    frozen = chosen(one, stale, gone)
    frozen[1] = Chosen(request_id=stale.uid, revision_sha256="0" * 64, decision_id=frozen[1].decision_id)
    approved(gone, world["second_owner"])
    done = approve_together(actor=world["owner"], chosen=frozen, reason="As last year.")
    assert [each.request_id for each in done] == [one.uid, stale.uid, gone.uid]
    codes = [[reason.code for reason in each.reasons] for each in done]
    assert codes == [[], [errors.REVISION_CHANGED], [errors.NOT_WAITING_FOR_YOU]]
    assert [each.request for each in done] == [one, stale, None]
    assert (verdicts(one), verdicts(stale), verdicts(gone)) == (1, 0, 1)
    assert Verdict.objects.get(revision__request=one).reason == "As last year."


def test_nothing_is_done_where_they_are_not_alike_or_the_list_is_none(world: AccessWorld) -> None:
    low = personal(world)
    high = asked(world["colleague"], draft(world.personal, world.purposes["pay"], actions=["export"]))
    owner = world["owner"]
    with pytest.raises(RuleBroken, match=errors.NOT_ALIKE):
        approve_together(actor=owner, chosen=chosen(low, high))
    for wrong, code in (
        ([], errors.TOGETHER_MANY),
        (chosen(low) * (MOST_TOGETHER + 1), errors.TOGETHER_MANY),
        (chosen(low, low), errors.TOGETHER_TWICE),
    ):
        with pytest.raises(InvalidInput, match=code):
            approve_together(actor=owner, chosen=wrong)
    assert verdicts(low, high) == 0
