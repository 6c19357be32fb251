"""The workflow as a table: what everybody may do in every state. Each row says so beside the specification.

A command is added by one `Row`; a state by its name and a few lines in `situations`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.access.situations import (
    AWAITING,
    CONDITION_STATES,
    FOR_CAUSE,
    GLASS_STATES,
    GRANT_STATES,
    NO_EMERGENCY,
    NOTHING,
    OFFICERS_TURN,
    OWNERS_TURN,
    REQUEST_STATES,
    TIME_OVER,
    Machine,
    Situation,
)
from tests.factories.access import in_days

Given = Callable[[Situation], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One command: who performs it in which states, as the specification has it, and what to note."""

    name: str
    group: str
    spec: str
    given: Given
    allowed: Mapping[str, frozenset[str]]
    note: str = ""


ROLES = (
    "requester",
    "beneficiary",
    "owner",
    "officer",
    "second officer",
    "dpo",
    "steward",
    "auditor",
    "administrator",
    "on-call",
    "stranger",
    "system",
)
REVIEW = (OWNERS_TURN, OFFICERS_TURN)
OPEN = ("draft", *REVIEW, "returned", AWAITING)
SENT = REQUEST_STATES[1:]
SUSPENDED = ("suspended", FOR_CAUSE)
GIVING = ("scheduled", "active", TIME_OVER)
LIVE = (*GIVING, *SUSPENDED)
OFFICERS = ("officer", "second officer")
REQUESTER = ("requester",)
SPEAKING = ("requester", "beneficiary", "owner", *OFFICERS, "dpo")
LASTING = (
    "open",
    "open, overdue",
    "lasting",
    "due soon",
    "lasting, overdue",
    "lapsed",
    "after, overdue",
)
KEEPING = ("owner", *OFFICERS, "steward", "system")
WHOSE_TURN = {OWNERS_TURN: frozenset({"owner"}), OFFICERS_TURN: frozenset(OFFICERS)}
GROUPS = {
    "Beginning": (Machine.REQUEST, (NOTHING,)),
    "Asking": (Machine.REQUEST, REQUEST_STATES),
    "Deciding": (Machine.REQUEST, REQUEST_STATES),
    "Talking": (Machine.REQUEST, REQUEST_STATES),
    "The machine, on requests": (Machine.REQUEST, REQUEST_STATES),
    "Grants": (Machine.GRANT, GRANT_STATES),
    "The machine, on grants": (Machine.GRANT, GRANT_STATES),
    "Conditions": (Machine.CONDITION, CONDITION_STATES),
    "Breaking the glass": (Machine.EMERGENCY, (NO_EMERGENCY,)),
    "After the glass was broken": (Machine.EMERGENCY, GLASS_STATES),
}
"""Each with the machine its commands move, and the states they are tried in."""


def by(who: tuple[str, ...], when: tuple[str, ...]) -> dict[str, frozenset[str]]:
    return dict.fromkeys(when, frozenset(who))


ROWS = (
    Row(
        name="create_request",
        group="Beginning",
        spec="save: requester, draft",
        given=lambda s: {"draft": replace(s.draft, project_id=None)},
        allowed=by(tuple(set(ROLES) - {"system"}), (NOTHING,)),
        note="Everybody who sees the asset is the requester of what they write down.",
    ),
    Row(
        name="ask_for_access",
        group="Beginning",
        spec="save and submit in one",
        given=lambda s: {"draft": replace(s.draft, project_id=None)},
        allowed=by(tuple(set(ROLES) - {"system"}), (NOTHING,)),
    ),
    Row(
        name="change_request",
        group="Asking",
        spec="save: requester; from draft, returned",
        given=lambda s: {**s.own, "draft": s.draft},
        allowed=by(REQUESTER, ("draft", "returned")),
    ),
    Row(
        name="submit_request",
        group="Asking",
        spec="submit: requester; from draft, returned; agreements accepted by every beneficiary; purpose "
        "active; evaluation not deny; revision frozen",
        given=lambda s: s.own,
        allowed=by(REQUESTER, ("draft",)),
        note="What was returned is sent again only once it was changed.",
    ),
    Row(
        name="amend_request",
        group="Asking",
        spec="amend: requester; in review; makes revision n+1",
        given=lambda s: {**s.own, "draft": s.draft},
        allowed=by(REQUESTER, REVIEW),
        note="No verdict on the revision before is kept, unless the rules say so and the facts are the same.",
    ),
    Row(
        name="withdraw_request",
        group="Asking",
        spec="withdraw: requester; from in review, returned, awaiting conditions",
        given=lambda s: s.own,
        allowed=by(REQUESTER, OPEN),
        note="A draft is withdrawn as well.",
    ),
    Row(
        name="attach_file",
        group="Asking",
        spec="attachments belong to a revision (5.1)",
        given=lambda s: {**s.own, "name": "notes.txt", "content": b"Of the board.\n"},
        allowed=by(REQUESTER, OPEN),
    ),
    Row(
        name="remove_attachment",
        group="Asking",
        spec="attachments belong to a revision (5.1)",
        given=lambda s: {**s.own, "attachment_id": s.attachment_id},
        allowed=by(REQUESTER, OPEN),
        note="A revision that was sent keeps its files.",
    ),
    Row(
        name="approve_request",
        group="Deciding",
        spec="approve: slot holder; in review; eligible; names revision hash and evaluation; not stale",
        given=lambda s: s.reading,
        allowed=WHOSE_TURN,
        note="With terms it is the specification's approve_with: less than was asked, or conditions.",
    ),
    Row(
        name="reject_request",
        group="Deciding",
        spec="reject: slot holder; in review; reason",
        given=lambda s: {**s.reading, "reason": "No."},
        allowed=WHOSE_TURN,
    ),
    Row(
        name="return_request",
        group="Deciding",
        spec="return: slot holder; in review; reason",
        given=lambda s: {**s.reading, "reason": "Say more."},
        allowed=WHOSE_TURN,
    ),
    Row(
        name="give_opinion",
        group="Deciding",
        spec="a DPO gives an opinion, never an approval",
        given=lambda s: {**s.reading, "reason": "Heard."},
        allowed={},
        note="Only where the route has a stage for opinions; the route of this table has none.",
    ),
    Row(
        name="recuse",
        group="Deciding",
        spec="recuse: slot holder; in review; reason; slot refilled from pool",
        given=lambda s: {**s.own, "reason": "A friend."},
        allowed=WHOSE_TURN,
    ),
    Row(
        name="reassign_slot",
        group="Deciding",
        spec="reassign: stage lead; in review; target eligible",
        given=lambda s: {**s.own, "slot_id": s.slot_id, "person_id": s.person_id, "reason": "Away."},
        allowed={
            OWNERS_TURN: frozenset({"owner", *OFFICERS}),
            OFFICERS_TURN: frozenset(OFFICERS),
        },
        note="Leads: who holds a role of the stage, an officer, an administrator (who sees the request only "
        "while nobody may decide it). Whoever answered already leads no more.",
    ),
    Row(
        name="comment_request",
        group="Talking",
        spec="ask / answer do not change the revision",
        given=lambda s: {**s.own, "text": "Mind the salaries."},
        allowed={
            **by(("requester", "beneficiary"), ("draft",)),
            **by(("requester", "beneficiary", "owner", *OFFICERS, "dpo"), SENT),
        },
        note="A draft is its requester's own; that of a project is seen by all of the project.",
    ),
    Row(
        name="ask_requester",
        group="Talking",
        spec="ask: reviewer; in review; does not change the revision",
        given=lambda s: {**s.own, "text": "For how long?"},
        allowed=by(("owner", *OFFICERS, "dpo"), REVIEW),
    ),
    Row(
        name="answer_question",
        group="Talking",
        spec="answer: requester; in review; does not change the revision",
        given=lambda s: {**s.own, "question_id": s.question_id, "text": "Until May."},
        allowed=by(REQUESTER, REVIEW),
    ),
    Row(
        name="reevaluate_request",
        group="The machine, on requests",
        spec="facts change in flight: mark stale, evaluate anew",
        given=lambda s: s.own,
        allowed={},
        note="The facts behind this table do not change, so the machine finds nothing to do.",
    ),
    Row(
        name="keep_request_going",
        group="The machine, on requests",
        spec="on timeout remind, escalate or lapse, never approve",
        given=lambda s: s.own,
        allowed={},
        note="No clock of this table has run out.",
    ),
    Row(
        name="reopen_request",
        group="The machine, on requests",
        spec="activate: evaluate anew; if stricter, back to review",
        given=lambda s: s.own,
        allowed={},
        note="The facts behind this table do not change, so nothing is put back.",
    ),
    Row(
        name="revoke_grant",
        group="Grants",
        spec="revoke: owner, compliance; any live; reason",
        given=lambda s: {**s.of_grant, "comment": "A breach."},
        allowed=by(("owner", *OFFICERS, "system"), LIVE),
    ),
    Row(
        name="give_back_grant",
        group="Grants",
        spec="give_back: beneficiary; any live",
        given=lambda s: s.of_grant,
        allowed=by(("beneficiary",), LIVE),
    ),
    Row(
        name="extend_grant",
        group="Grants",
        spec="request_extension: beneficiary; active, expired < 30 d; new request, linked",
        given=lambda s: {**s.of_grant, "ends_on": in_days(80)},
        allowed=by(("beneficiary",), ("active", TIME_OVER, "expired")),
        note="For a project its lead asks.",
    ),
    Row(
        name="activate_grant",
        group="The machine, on grants",
        spec="activate: system; approved; evaluate anew",
        given=lambda s: s.of_grant,
        allowed={},
    ),
    Row(
        name="expire_grant",
        group="The machine, on grants",
        spec="expire: clock; active; effective by computation even if the job is late",
        given=lambda s: s.of_grant,
        allowed=by(("system",), (TIME_OVER,)),
    ),
    Row(
        name="suspend_grant",
        group="Grants",
        spec="suspend: steward, compliance, system; active",
        given=lambda s: {**s.of_grant, "comment": "To be looked into."},
        allowed=by(KEEPING, GIVING),
        note="The owner suspends as well, and what has not begun is suspended too.",
    ),
    Row(
        name="resume_grant",
        group="Grants",
        spec="resume: steward, compliance, system; suspended; evaluate anew; another person than who "
        "suspended, if for cause",
        given=lambda s: {**s.of_grant, "comment": "Looked into."},
        allowed={
            "suspended": frozenset(KEEPING),
            FOR_CAUSE: frozenset(KEEPING) - {"officer"},
        },
        note="For cause it was suspended by the officer.",
    ),
    Row(
        name="show_evidence",
        group="Conditions",
        spec="satisfy_condition: evidence",
        given=lambda s: {"condition_id": s.condition_id, "evidence": "Filed under 2030/17."},
        allowed=by(("requester", "beneficiary"), LASTING),
    ),
    Row(
        name="satisfy_condition",
        group="Conditions",
        spec="satisfy_condition: owner / checker; awaiting conditions, grant active; evidence; the "
        "beneficiary cannot confirm own evidence",
        given=lambda s: {"condition_id": s.condition_id, "evidence": "Filed under 2030/17."},
        allowed=by(("owner", *OFFICERS, "system"), LASTING),
    ),
    Row(
        name="lapse_condition",
        group="Conditions",
        spec="lapse suspends the grant by itself (5.7)",
        given=lambda s: {"condition_id": s.condition_id},
        allowed=by(("system",), ("open, overdue", "lasting, overdue", "after, overdue")),
        note="What had to be true before lets its request lapse; what is due after the end is an alarm.",
    ),
    Row(
        name="remind_condition",
        group="Conditions",
        spec="living conditions with owner, evidence and clock (5.7)",
        given=lambda s: {"condition_id": s.condition_id},
        allowed=by(("system",), ("due soon",)),
    ),
    Row(
        name="break_glass",
        group="Breaking the glass",
        spec="break_glass: on-call role; reason, incident no., <= 4 h, class allow-list, second factor",
        given=lambda s: {"draft": s.glass},
        allowed=by(("on-call",), (NO_EMERGENCY,)),
    ),
    Row(
        name="name_incident",
        group="After the glass was broken",
        spec="the incident may be named within 24 h where life or limb is at stake (decisions)",
        given=lambda s: {"break_glass_id": s.glass_id, "incident_ref": "INC-8"},
        allowed=by(("on-call",), ("to be named",)),
    ),
    Row(
        name="review_break_glass",
        group="After the glass was broken",
        spec="review_break_glass: compliance, not the user; open; verdict justified / not",
        given=lambda s: {"break_glass_id": s.glass_id, "is_justified": True, "comment": "It was needed."},
        allowed=by(OFFICERS, ("to be reviewed", "review overdue")),
    ),
    Row(
        name="sanction_break_glass",
        group="After the glass was broken",
        spec="overdue: role suspended",
        given=lambda s: {"break_glass_id": s.glass_id},
        allowed=by(("system",), ("review overdue",)),
    ),
)


def machine_of(row: Row) -> Machine:
    return GROUPS[row.group][0]


def states_of(row: Row) -> tuple[str, ...]:
    return GROUPS[row.group][1]


def roles_of(row: Row) -> tuple[str, ...]:
    """All; the machine only where the command is one of its own."""
    is_machines = row.group.startswith("The machine") or any("system" in who for who in row.allowed.values())
    return ROLES if is_machines else ROLES[:-1]
