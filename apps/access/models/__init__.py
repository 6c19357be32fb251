from apps.access.models.condition import Condition
from apps.access.models.glass import BreakGlass, GlassVerdict
from apps.access.models.grant import Grant, GrantMode, Suspension
from apps.access.models.policy_set import PolicyReplay, PolicySet
from apps.access.models.request import Request, Revision, RevisionItem, SubjectKind
from apps.access.models.route import Recusal, Slot, Stage, Verdict, VerdictKind
from apps.access.models.rulebook import Decision, Rulebook

__all__ = [
    "BreakGlass",
    "Condition",
    "Decision",
    "GlassVerdict",
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
    "Suspension",
    "Verdict",
    "VerdictKind",
]
