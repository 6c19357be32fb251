from apps.access.models.agreement import Agreement, AgreementAcceptance
from apps.access.models.attachment import Attachment, MediaType
from apps.access.models.comment import Comment, CommentAudience, CommentKind
from apps.access.models.condition import Condition, Confirmation, Turn
from apps.access.models.glass import BreakGlass, GlassVerdict
from apps.access.models.grant import Grant, GrantMode, Suspension
from apps.access.models.ledger import Pseudonymized
from apps.access.models.policy_set import PolicyReplay, PolicySet
from apps.access.models.recall import Recall
from apps.access.models.request import LabelingPart, Request, Revision, RevisionItem, SubjectKind
from apps.access.models.route import Recusal, RejectionCode, Slot, Stage, Verdict, VerdictKind
from apps.access.models.rulebook import Decision, Rulebook
from apps.access.models.ticket import TicketCheck, TicketSystem

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "Attachment",
    "BreakGlass",
    "Comment",
    "CommentAudience",
    "CommentKind",
    "Condition",
    "Confirmation",
    "Decision",
    "GlassVerdict",
    "Grant",
    "GrantMode",
    "LabelingPart",
    "MediaType",
    "PolicyReplay",
    "PolicySet",
    "Pseudonymized",
    "Recall",
    "Recusal",
    "RejectionCode",
    "Request",
    "Revision",
    "RevisionItem",
    "Rulebook",
    "Slot",
    "Stage",
    "SubjectKind",
    "Suspension",
    "TicketCheck",
    "TicketSystem",
    "Turn",
    "Verdict",
    "VerdictKind",
]
