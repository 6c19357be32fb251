from __future__ import annotations

from apps.accounts.roles import Role
from tests.api.matrix.access import CONCERNED, concerned, to_withdraw
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories.accounts import World
from tests.factories.impacts import PUBLISHING, looked_at
from tests.factories.policies import HOUSE_RULES, drafted_policy, policy_in_review, replayed

OFFICER, ADMINISTRATOR = Role.COMPLIANCE_OFFICER, Role.ADMINISTRATOR
WATCHING = (Role.AUDITOR, Role.DPO)
READING = (OFFICER, ADMINISTRATOR, *WATCHING)
HIDDEN = tuple(role for role in Role if role not in READING)


def new_policy(world: World) -> Call:
    return Call(body={"text": HOUSE_RULES})


def drafted(world: World) -> Call:
    policy_set = drafted_policy(world[OFFICER].actor)
    return Call(path={"id": policy_set.uid}, body={"text": HOUSE_RULES}, etag=etag(policy_set))


def to_replay(world: World) -> Call:
    return Call(path={"id": drafted_policy(world[OFFICER].actor).uid}, body={"months": 1})


def to_submit(world: World) -> Call:
    policy_set = drafted_policy(world[OFFICER].actor)
    replayed(world[OFFICER].actor, policy_set)
    return Call(path={"id": policy_set.uid})


def to_return(world: World) -> Call:
    return Call(path={"id": policy_in_review(world[OFFICER].actor).uid}, body={"reason": "Not yet."})


def to_publish(world: World) -> Call:
    policy_set = policy_in_review(world[OFFICER].actor)
    body = {"sha256": policy_set.sha256, "seen_impact": looked_at(PUBLISHING, policy_set.uid)}
    return Call(path={"id": policy_set.uid}, body=body)


def replay(world: World) -> Call:
    return Call(path={"id": replayed(world[OFFICER].actor, drafted_policy(world[OFFICER].actor)).uid})


def _answers(gets: int, *roles: Role, author: int = 0, other: int = 0) -> dict[Role, int]:
    """Rules that the officer wrote: `other` is what the administrator is answered, where it differs."""
    answers = only(*roles, gets=gets, others=403, hidden_from=HIDDEN)
    differing = {OFFICER: author, ADMINISTRATOR: other}
    return {**answers, **{role: status for role, status in differing.items() if status}}


ROWS = [
    Row(url="policy-sets-list", method="GET", answers=everybody(200)),
    Row(
        url="policy-sets-list",
        method="POST",
        answers=only(OFFICER, ADMINISTRATOR, gets=201, others=403),
        make=new_policy,
    ),
    Row(url="policy-sets-detail", method="GET", answers=_answers(200, *READING), make=drafted),
    Row(url="policy-sets-detail", method="PATCH", answers=_answers(200, OFFICER, other=422), make=drafted),
    Row(
        url="policy-sets-lint",
        method="POST",
        answers=only(OFFICER, ADMINISTRATOR, gets=200, others=403),
        make=new_policy,
    ),
    Row(
        url="policy-sets-replay",
        method="POST",
        answers=_answers(202, OFFICER, ADMINISTRATOR),
        make=to_replay,
    ),
    Row(url="policy-sets-submit", method="POST", answers=_answers(200, OFFICER, other=422), make=to_submit),
    Row(
        url="policy-sets-return",
        method="POST",
        answers=_answers(200, OFFICER, ADMINISTRATOR),
        make=to_return,
    ),
    Row(
        url="policy-sets-publish",
        method="POST",
        answers=_answers(200, ADMINISTRATOR, author=422),
        make=to_publish,
    ),
    Row(
        url="policy-set-impact",
        method="GET",
        answers=_answers(200, OFFICER, ADMINISTRATOR),
        make=drafted,
    ),
    Row(url="policy-replays-list", method="GET", answers=everybody(200)),
    Row(url="policy-replays-detail", method="GET", answers=_answers(200, *READING), make=replay),
    Row(url="coverage", method="GET", answers=only(*READING, gets=200, others=403)),
    Row(url="rulebook-activity", method="GET", answers=only(*READING, gets=200, others=403)),
    concerned("GET", "access-requests-explanation", to_withdraw, *CONCERNED),
]
