from apps.access.models.condition import Condition
from apps.access.models.glass import BreakGlass, GlassVerdict
from apps.access.models.grant import Grant, GrantMode, Suspension
from apps.access.models.request import Request, Revision, RevisionItem, SubjectKind
from apps.access.models.route import Slot, Stage, Verdict, VerdictKind
from apps.access.models.rulebook import Decision, Rulebook

__all__ = [
    "BreakGlass",
    "Condition",
    "Decision",
    "GlassVerdict",
    "Grant",
    "GrantMode",
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
