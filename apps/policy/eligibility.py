"""Who may fill a slot: four eyes in every disguise. Persons are compared, never accounts.

A candidate counts with everybody they act for: a delegate needs the role in their own right and inherits
every conflict of the delegator. Whoever cannot be told apart from a party cannot decide.
"""

from __future__ import annotations

from dataclasses import dataclass

from apps.policy.reason import Reason, Value, declare
from apps.policy.route import StageSpec
from apps.policy.stated import Stated

RULE = "A38"
ARTICLES = ("GDPR Art. 5(2)", "GDPR Art. 24")

CANDIDATE_INACTIVE = declare(
    "CANDIDATE_INACTIVE",
    "This account is not an active person's.",
    "A person with an active account decides.",
)
ROLE_NOT_HELD = declare(
    "ROLE_NOT_HELD",
    "This stage is decided by %(roles)s; you hold none of these roles for this asset today.",
    "Leave it to somebody with the role, or ask the administrator for the assignment.",
)
PARTIES_UNKNOWN = declare(
    "PARTIES_UNKNOWN",
    "Who asks, or who would receive the access, is not recorded as a person.",
    "Record the person behind the account, the owner of the service account, or the members of the project.",
)
OWN_REQUEST = declare(
    "OWN_REQUEST", "You, or somebody you act for, asked for this.", "Another person with the role decides."
)
OWN_BENEFIT = declare(
    "OWN_BENEFIT",
    "You, or somebody you act for, would receive this access.",
    "Another person with the role decides.",
)
OWN_SERVICE_ACCOUNT = declare(
    "OWN_SERVICE_ACCOUNT",
    "You, or somebody you act for, answer for the service account that would receive this access.",
    "Another person with the role decides.",
)
OWN_PROJECT = declare(
    "OWN_PROJECT",
    "You, or somebody you act for, are a member of the project that would receive this access.",
    "Somebody outside the project decides.",
)
OWN_EDIT = declare(
    "OWN_EDIT",
    "You, or somebody you act for, edited this revision of the request.",
    "Somebody who did not write it decides.",
)
DELEGATION_WITH_PARTY = declare(
    "DELEGATION_WITH_PARTY",
    "A delegation links you to somebody who asks for or would receive this access.",
    "Somebody without such a delegation decides.",
)
OTHER_SLOT_FILLED = declare(
    "OTHER_SLOT_FILLED",
    "You, or somebody a delegation links you to, already fill another slot of this request.",
    "Every slot is filled by another person.",
)
CONFLICT_DECLARED = declare(
    "CONFLICT_DECLARED",
    "You, or somebody you act for, declared a conflict of interest.",
    "Another person with the role decides.",
)
RECUSED = declare(
    "RECUSED",
    "You, or somebody you act for, stepped back from this request.",
    "Another person with the role decides.",
)
LINE_MANAGER = declare(
    "LINE_MANAGER",
    "This stage is independent, and you manage somebody who asks for or would receive this access.",
    "Somebody outside the reporting line decides.",
)


@dataclass(frozen=True, kw_only=True)
class CandidateFacts(Stated):
    """Who would decide. `roles` are those held in their own right, in scope, today.

    `acts_for`: persons who delegated to the candidate; `delegates`: persons the candidate delegated to. Both
    are the delegations valid now. `person` is `None` for an account without a person behind it.
    """

    person: str | None
    roles: frozenset[str]
    is_active: bool
    acts_for: frozenset[str] = frozenset()
    delegates: frozenset[str] = frozenset()
    has_declared_conflict: bool = False


@dataclass(frozen=True, kw_only=True)
class PartiesFacts(Stated):
    """The persons of one request. Exactly what the subject is decides which of the three is stated:

    `subject_person` for a person, `owner_person` accountable for a service account, `project_members` for a
    project. `delegator_persons`: everybody linked by a delegation, in either direction, to a requester or
    subject. `slot_fillers`: who fills (or is represented in) the *other* slots of the request. `recused`: who
    stepped back from it.
    """

    requester_person: str | None
    subject_person: str | None
    owner_person: str | None
    project_members: frozenset[str] | None
    editor_persons: frozenset[str]
    delegator_persons: frozenset[str]
    slot_fillers: frozenset[str]
    line_managers: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()

    @property
    def is_known(self) -> bool:
        has_subject = bool(self.subject_person or self.owner_person or self.project_members)
        return bool(self.requester_person) and has_subject

    @property
    def interested(self) -> frozenset[str]:
        """Everybody who asks, wrote or would receive."""
        single = {self.requester_person, self.subject_person, self.owner_person} - {None, ""}
        members = self.project_members or frozenset()
        return frozenset(name for name in single if name) | members | self.editor_persons


def eligibility(candidate: CandidateFacts, stage: StageSpec, parties: PartiesFacts) -> tuple[Reason, ...]:
    """Every reason why the candidate may not fill a slot of the stage; empty means eligible."""
    reasons: list[Reason] = []
    if candidate.person is None or not candidate.is_active:
        reasons.append(_reason(CANDIDATE_INACTIVE))
    if not candidate.roles & set(stage.roles):
        reasons.append(_reason(ROLE_NOT_HELD, roles=stage.roles))
    if not parties.is_known:
        reasons.append(_reason(PARTIES_UNKNOWN))
    return (*reasons, *interests(candidate, parties), *_entangled(candidate, stage, parties))


def interests(candidate: CandidateFacts, parties: PartiesFacts) -> tuple[Reason, ...]:
    """Why the candidate has an interest in the request, or stepped back from it: such a person decides
    nothing and steers nothing."""
    faces = _faces(candidate)
    linked = candidate.acts_for | candidate.delegates
    tests = (
        (OWN_REQUEST, parties.requester_person in faces),
        (OWN_BENEFIT, parties.subject_person in faces),
        (OWN_SERVICE_ACCOUNT, parties.owner_person in faces),
        (OWN_PROJECT, bool(faces & (parties.project_members or frozenset()))),
        (OWN_EDIT, bool(faces & parties.editor_persons)),
        (DELEGATION_WITH_PARTY, bool(linked & parties.interested or faces & parties.delegator_persons)),
        (CONFLICT_DECLARED, candidate.has_declared_conflict),
        (RECUSED, bool(faces & parties.recused)),
    )
    return tuple(_reason(code) for code, holds in tests if holds)


def _entangled(candidate: CandidateFacts, stage: StageSpec, parties: PartiesFacts) -> tuple[Reason, ...]:
    faces = _faces(candidate)
    tests = (
        (OTHER_SLOT_FILLED, bool((faces | candidate.delegates) & parties.slot_fillers)),
        (LINE_MANAGER, stage.is_independent and bool(faces & parties.line_managers)),
    )
    return tuple(_reason(code) for code, holds in tests if holds)


def _faces(candidate: CandidateFacts) -> frozenset[str]:
    """Everybody in whose name the candidate would decide."""
    return candidate.acts_for | ({candidate.person} if candidate.person else set())


def _reason(code: str, **facts: Value) -> Reason:
    return Reason(code=code, rule=RULE, articles=ARTICLES, facts=facts)
