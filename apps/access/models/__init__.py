from apps.access.models.grant import Grant, GrantMode
from apps.access.models.policy_set import PolicyReplay, PolicySet
from apps.access.models.request import Request, Revision, RevisionItem, SubjectKind
from apps.access.models.route import Recusal, Slot, Stage, Verdict, VerdictKind
from apps.access.models.rulebook import Decision, Rulebook

__all__ = [
    "Decision",
    "Grant",
    "GrantMode",
    "PolicyReplay",
    "PolicySet",
    "Recusal",
    "Request",
    "Revision",
    "RevisionItem",
    "Rulebook",
    "Slot",
    "Stage",
    "SubjectKind",
    "Verdict",
    "VerdictKind",
]
