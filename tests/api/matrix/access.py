from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from apps.access.commands import (
    AgreementTarget,
    ask_for_access,
    ask_requester,
    attach_file,
    publish_agreement,
    submit_request,
    suspend_grant,
)
from apps.access.models import Rulebook, Slot
from apps.accounts.roles import ASKED_BY_ROUTES, Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionKind
from tests.api import asking
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories.accounts import World

ASKER, OWNER, OFFICER = Role.SCIENTIST, Role.OWNER, Role.COMPLIANCE_OFFICER
UNCONCERNED = (Role.STEWARD, Role.ADMINISTRATOR, Role.ON_CALL, *ASKED_BY_ROUTES)
"""Neither do they ask, nor own the asset, nor watch over the organization, nor does the route ask them."""
KEPT = (OWNER, OFFICER, Role.DPO, Role.AUDITOR, Role.STEWARD)
CONCERNED = tuple(role for role in Role if role not in UNCONCERNED)


def drafted(world: World) -> Call:
    request = asking.drafted(world)
    return Call(path={"id": request.uid}, body={"justification": "More."}, etag=etag(request))


def to_submit(world: World) -> Call:
    request = asking.drafted(world)
    return Call(path={"id": request.uid}, etag=etag(request))


def to_withdraw(world: World) -> Call:
    return Call(path={"id": asking.waiting(world).uid})


def to_decide(world: World) -> Call:
    request = asking.waiting(world)
    return Call(path={"id": request.uid}, body=asking.verdict(request))


def together(world: World) -> Call:
    """Of low risk: it stays in the house and is about nobody."""
    asked = ask_for_access(actor=world[ASKER].actor, draft=asking.offer(world).draft("deploy"))
    named = {name: value for name, value in asking.verdict(asked).items() if name != "reason"}
    return Call(body={"items": [{"request_id": str(asked.uid), **named}], "reason": "As agreed."})


def to_reject(world: World) -> Call:
    call = to_decide(world)
    return replace(call, body={**call.body, "rejection_code": "risk"})


def to_amend(world: World) -> Call:
    request = asking.waiting(world)
    return Call(path={"id": request.uid}, body=asking.offer(world).body("export"), etag=etag(request))


def to_say(world: World) -> Call:
    return Call(path={"id": asking.waiting(world).uid}, body={"text": "For which year?"})


def to_answer(world: World) -> Call:
    request = asking.waiting(world)
    question = ask_requester(actor=world[OWNER].actor, request_id=request.uid, text="For which year?")
    return Call(path={"id": request.uid}, body={"text": "The last.", "question_id": str(question.uid)})


def of_request(world: World) -> Call:
    return Call(path={"request_id": asking.waiting(world).uid})


def to_attach(world: World) -> Call:
    content = base64.b64encode(b"As agreed.").decode()
    request = asking.waiting(world)
    return Call(path={"request_id": request.uid}, body={"name": "note.txt", "content": content})


def attached(world: World) -> Call:
    """Before it was sent, so that everybody concerned reads it."""
    request = asking.drafted(world)
    scientist = world[ASKER].actor
    made = attach_file(actor=scientist, request_id=request.uid, name="note.txt", content=b"As agreed.")
    submit_request(actor=scientist, request_id=request.uid)
    return Call(path={"request_id": request.uid, "id": made.uid})


def new_agreement(world: World) -> Call:
    asset = asking.offer(world).asset
    body = {"code": "dua", "title": "Use of data", "text": "No sharing.", "asset_id": str(asset.uid)}
    return Call(body=body)


def agreement(world: World) -> Call:
    call = new_agreement(world)
    target = AgreementTarget(asset_id=UUID(call.body.pop("asset_id")))
    made = publish_agreement(actor=world[OFFICER].actor, target=target, **call.body)
    return Call(path={"id": made.uid}, body={"sha256": made.sha256})


def to_retire(world: World) -> Call:
    return Call(path=agreement(world).path)


def to_recuse(world: World) -> Call:
    return Call(path={"id": asking.waiting(world).uid}, body={"reason": "We share an office."})


def to_reassign(world: World) -> Call:
    request = asking.waiting(world)
    slot = Slot.objects.filter(stage__decision__revision=request.revision).earliest("pk")
    body = {"slot_id": str(slot.uid), "person_id": str(request.requester.uid), "reason": "For you."}
    return Call(path={"id": request.uid}, body=body)


def new_request(world: World) -> Call:
    return Call(body=asking.offer(world).body("read"))


def grant(world: World) -> Call:
    return Call(path={"id": asking.granted(world).uid})


def to_revoke(world: World) -> Call:
    return Call(path={"id": asking.granted(world).uid}, body={"comment": "Not needed."})


def to_resume(world: World) -> Call:
    held = asking.granted(world)
    suspend_grant(actor=SYSTEM, grant_id=held.uid, comment="So.")
    return Call(path={"id": held.uid}, body={"comment": "Looked into."})


def to_approve_less(world: World) -> Call:
    call = to_decide(world)
    narrowing = {"ends_on": (database_now().date() + timedelta(days=5)).isoformat()}
    return replace(call, body=call.body | {"narrowing": narrowing})


def before(world: World) -> Call:
    condition = asking.bound(world, ConditionKind.BEFORE)
    return Call(path={"id": condition.uid}, body={"evidence": "Filed."})


def of_condition(world: World) -> Call:
    return Call(path={"condition_id": asking.bound(world, ConditionKind.BEFORE).uid})


def emergency(world: World) -> Call:
    offer = asking.offer(world)
    return Call(
        body={
            "asset_id": str(offer.asset.uid),
            "purpose_id": str(offer.purpose.uid),
            "actions": ["read"],
            "hours": 2,
            "reason": "The pump is on fire.",
            "incident_ref": "INC-1",
        }
    )


def glass(world: World) -> Call:
    return Call(path={"id": asking.broken(world).uid})


def to_name(world: World) -> Call:
    return Call(path={"id": asking.broken(world, "").uid}, body={"incident_ref": "INC-1"})


def to_review(world: World) -> Call:
    return Call(path={"id": asking.broken(world).uid}, body={"is_justified": True, "comment": "Needed."})


def of_bound(world: World) -> Call:
    return Call(path={"request_id": asking.bound(world, ConditionKind.BEFORE).request.uid})


def of_grant(world: World) -> Call:
    return Call(path={"grant_id": asking.granted(world).uid})


def by_a_grant(world: World) -> Call:
    return Call(query={"grant": asking.granted(world).uid})


def lease(world: World) -> Call:
    return Call(path={"id": asking.leased(world).uid})


def rulebook(world: World) -> Call:
    return Call(path={"id": Rulebook.objects.latest("pk").uid})


def wish(world: World) -> Call:
    offer = asking.offer(world)
    return Call(path={"id": offer.asset.uid}, query={"purpose": offer.purpose.uid, "action": "read,export"})


def concerned(method: str, url: str, make: object, *roles: Role, gets: int = 200) -> Row:
    answers = only(*roles, gets=gets, others=403, hidden_from=UNCONCERNED)
    return Row(url=url, method=method, answers=answers, make=make)  # type: ignore[arg-type]


def about_a_grant(method: str, url: str, make: object, *roles: Role, gets: int = 200) -> Row:
    """The steward of the asset sees its grants too, so as to suspend one."""
    hidden = (Role.ADMINISTRATOR, Role.ON_CALL, *ASKED_BY_ROUTES)
    answers = only(*roles, gets=gets, others=403, hidden_from=hidden)
    return Row(url=url, method=method, answers=answers, make=make)  # type: ignore[arg-type]


def in_an_emergency(method: str, url: str, make: object, *roles: Role) -> Row:
    """Who was on call used it; who keeps the asset or watches over it sees it."""
    answers = only(*roles, gets=200, others=403, hidden_from=(ASKER, Role.ADMINISTRATOR, *ASKED_BY_ROUTES))
    return Row(url=url, method=method, answers=answers, make=make)  # type: ignore[arg-type]


def askers_alone(method: str, make: object, *, url: str = "access-requests-detail") -> Row:
    """A draft is nobody else's to see."""
    others = tuple(role for role in Role if role is not ASKER)
    answers = only(ASKER, gets=200, others=403, hidden_from=others)
    return Row(url=url, method=method, answers=answers, make=make)  # type: ignore[arg-type]


ROWS = [
    Row(url="access-requests-list", method="GET", answers=everybody(200)),
    Row(url="access-requests-list", method="POST", answers=everybody(201), make=new_request),
    Row(url="access-requests-separately", method="POST", answers=everybody(201), make=new_request),
    Row(url="access-requests-preview", method="POST", answers=everybody(200), make=new_request),
    Row(url="access-requests-inbox-list", method="GET", answers=everybody(200)),
    concerned("GET", "access-requests-detail", to_withdraw, *CONCERNED),
    askers_alone("GET", drafted),
    askers_alone("PATCH", drafted),
    askers_alone("POST", to_submit, url="access-requests-submit"),
    concerned("POST", "access-requests-withdraw", to_withdraw, ASKER),
    concerned("POST", "access-requests-amend", to_amend, ASKER),
    concerned("POST", "access-requests-comment", to_say, ASKER, OWNER, OFFICER, Role.DPO, gets=201),
    concerned("POST", "access-requests-ask", to_say, OWNER, OFFICER, Role.DPO, gets=201),
    concerned("POST", "access-requests-answer", to_answer, ASKER, gets=201),
    concerned("GET", "request-comments-list", of_request, *CONCERNED),
    concerned("POST", "access-requests-approve", to_decide, OWNER),
    concerned("POST", "access-requests-approve", to_approve_less, OWNER),
    # Everybody is told of each what became of it: for whom it does not wait, that it does not.
    Row(url="access-requests-approve-together", method="POST", answers=everybody(200), make=together),
    Row(url="break-glass-list", method="GET", answers=everybody(200)),
    # By a token nobody proves who they are, also who is on call.
    Row(url="break-glass-list", method="POST", answers=everybody(403), make=emergency),
    in_an_emergency("GET", "break-glass-detail", glass, Role.ON_CALL, *KEPT),
    in_an_emergency("POST", "break-glass-incident", to_name, Role.ON_CALL),
    in_an_emergency("POST", "break-glass-review", to_review, OFFICER),
    Row(url="conditions-list", method="GET", answers=everybody(200)),
    concerned("GET", "conditions-detail", before, *CONCERNED),
    concerned("POST", "conditions-show-evidence", before, ASKER),
    concerned("POST", "conditions-satisfy", before, OWNER, OFFICER),
    concerned("GET", "condition-confirmations-list", of_condition, *CONCERNED),
    concerned("GET", "access-request-conditions-list", of_bound, *CONCERNED),
    about_a_grant("GET", "grant-conditions-list", of_grant, *CONCERNED, Role.STEWARD),
    concerned("GET", "access-request-ticket-checks-list", of_request, *CONCERNED),
    # No rule waits for the word of a ticket system.
    concerned("POST", "access-requests-ask-ticket-again", to_withdraw, ASKER, OWNER, OFFICER, gets=409),
    concerned("POST", "access-requests-reject", to_reject, OWNER),
    concerned("POST", "access-requests-return", to_decide, OWNER),
    concerned("POST", "access-requests-recuse", to_recuse, OWNER),
    # The officer leads too; nobody else is asked who could take it.
    concerned("POST", "access-requests-reassign", to_reassign, OWNER, OFFICER, gets=422),
    concerned("GET", "access-requests-why-not-me", to_withdraw, *CONCERNED),
    # The DPO is heard, but not in a stage that wants a decision.
    concerned("POST", "access-requests-opinion", to_decide, Role.DPO, gets=422),
    concerned("GET", "request-attachments-list", of_request, *CONCERNED),
    concerned("POST", "request-attachments-list", to_attach, ASKER, gets=201),
    concerned("GET", "request-attachments-detail", attached, *CONCERNED),
    concerned("POST", "request-attachments-remove", attached, ASKER),
    Row(url="agreements-list", method="GET", answers=everybody(200)),
    Row(
        url="agreements-list",
        method="POST",
        answers=only(OWNER, OFFICER, gets=201, others=403),
        make=new_agreement,
    ),
    Row(url="agreements-detail", method="GET", answers=everybody(200), make=agreement),
    Row(url="agreements-accept", method="POST", answers=everybody(200), make=agreement),
    Row(
        url="agreements-retire",
        method="POST",
        answers=only(OWNER, OFFICER, gets=200, others=403),
        make=to_retire,
    ),
    about_a_grant("POST", "access-requests-extend", grant, ASKER, gets=201),
    Row(url="grants-list", method="GET", answers=everybody(200)),
    about_a_grant("GET", "grants-detail", grant, *CONCERNED, Role.STEWARD),
    about_a_grant("POST", "grants-revoke", to_revoke, OWNER, OFFICER),
    about_a_grant("GET", "grant-impact", grant, OWNER, OFFICER),
    about_a_grant("POST", "grants-suspend", to_revoke, OWNER, OFFICER, Role.STEWARD),
    about_a_grant("POST", "grants-resume", to_resume, OWNER, OFFICER, Role.STEWARD),
    about_a_grant("POST", "grants-give-back", grant, ASKER),
    # The version lies nowhere: the subject gets as far as that.
    about_a_grant("POST", "grant-credentials-credentials", of_grant, ASKER, gets=422),
    about_a_grant("GET", "container-credentials-detail", by_a_grant, ASKER, gets=422),
    about_a_grant("GET", "grant-leases-list", of_grant, *CONCERNED, Role.STEWARD),
    about_a_grant("GET", "grant-touches-list", of_grant, *CONCERNED, Role.STEWARD),
    Row(url="leases-list", method="GET", answers=everybody(200)),
    about_a_grant("GET", "leases-detail", lease, *CONCERNED, Role.STEWARD),
    about_a_grant("POST", "leases-revoke", lease, ASKER, OWNER, OFFICER),
    Row(url="rulebooks-list", method="GET", answers=everybody(200)),
    Row(url="rulebooks-detail", method="GET", answers=everybody(200), make=rulebook),
    Row(url="asset-preview", method="GET", answers=everybody(200), make=wish),
]
