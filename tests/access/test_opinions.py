"""The data protection officer is heard, and decides nothing."""

from __future__ import annotations

from dataclasses import replace

from apps.access import errors
from apps.access.commands import (
    approve_request,
    give_opinion,
    publish_rulebook,
)
from apps.access.models import Request
from apps.access.queries import inbox_of
from apps.accounts.authorization import NOT_PERMITTED, SCOPE_MISSING
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput, NotPermitted, RuleBroken
from apps.policy.rulebook import DEFAULT_RULEBOOK
from tests.access.decided import VERDICTS, decide, personal
from tests.access.refusals import refused
from tests.factories.access import (
    AccessWorld,
    decision_of,
    fresh,
    seen,
)

# Opinions


def with_an_opinion(world: AccessWorld) -> Request:
    """Under a rulebook that wants to hear the DPO before an officer decides."""
    book = DEFAULT_RULEBOOK.as_dict()
    route = {"roles": ["data_owner"], "personal_roles": ["compliance_officer", "dpo"]}
    publish_rulebook(actor=SYSTEM, document={**book, "version": "next", "default_route": route})
    return personal(world)


def test_an_opinion_is_heard_before_the_officer_decides_and_decides_nothing(world: AccessWorld) -> None:
    request = with_an_opinion(world)
    stages = list(decision_of(request).stages.order_by("position").values_list("name", "is_opinion"))
    assert stages == [("owner", False), ("dpo_opinion", True), ("privacy", False)]
    with refused(RuleBroken, errors.STAGE_IS_NOT_OPINION):
        give_opinion(actor=world["dpo"], reason="Mind the minors.", **seen(request))
    approve_request(actor=world["owner"], **seen(request))
    with refused(RuleBroken, errors.STAGE_IS_OPINION):
        approve_request(actor=world["officer"], **seen(request))
    for how in VERDICTS:
        with refused(NotPermitted, NOT_PERMITTED):
            decide(how, world["dpo"], request)
    with refused(InvalidInput, errors.REASON_MISSING):
        give_opinion(actor=world["dpo"], reason=" ", **seen(request))
    assert inbox_of(world["dpo"]).filter(pk=request.pk).exists()
    give_opinion(actor=world["dpo"], reason="I would not.", **seen(request))
    assert fresh(request).state == "in_review"
    approve_request(actor=world["officer"], **seen(request))
    assert fresh(request).state == "approved"


def test_an_opinion_is_the_dpos_own_and_a_token_needs_the_scope_for_it(world: AccessWorld) -> None:
    request = with_an_opinion(world)
    approve_request(actor=world["owner"], **seen(request))
    for who in ("officer", "second_owner", "auditor"):
        with refused(NotPermitted, NOT_PERMITTED):
            give_opinion(actor=world[who], reason="I think so.", **seen(request))
    reading = replace(world["dpo"], scopes=frozenset({"read", "write"}))
    with refused(NotPermitted, SCOPE_MISSING):
        give_opinion(actor=reading, reason="I think so.", **seen(request))
    deciding = replace(world["dpo"], scopes=frozenset({"decide"}))
    give_opinion(actor=deciding, reason="I think so.", **seen(request))
