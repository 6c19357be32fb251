"""The closed lists of Art. 12 and 15 to 22 GDPR: what is asked for, and what is said to it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import Choice


class RightsType(Choice):
    ACCESS = "access", _("Access"), "Art. 15 GDPR"
    RECTIFICATION = "rectification", _("Rectification"), "Art. 16 GDPR"
    ERASURE = "erasure", _("Erasure"), "Art. 17 GDPR"
    RESTRICTION = "restriction", _("Restriction"), "Art. 18 GDPR"
    NOTIFICATION = "notification_to_recipients", _("Telling recipients"), "Art. 19 GDPR"
    PORTABILITY = "portability", _("Portability"), "Art. 20 GDPR"
    OBJECTION = "objection", _("Objection"), "Art. 21(1) GDPR"
    OBJECTION_MARKETING = "objection_direct_marketing", _("Objection to direct marketing"), "Art. 21(2) GDPR"
    OBJECTION_RESEARCH = "objection_research", _("Objection to research"), "Art. 21(6) GDPR"
    DECISION_REVIEW = "adm_review", _("Review of an automated decision"), "Art. 22(3) GDPR"
    WITHDRAWAL = "consent_withdrawal", _("Withdrawal of consent"), "Art. 7(3) GDPR"


class Channel(Choice):
    MAIL = "mail", _("Mail")
    LETTER = "letter", _("Letter")
    FORM = "form", _("Form")
    IN_PERSON = "in_person", _("In person")


class RefusalGround(Choice):
    EXPRESSION = "17(3)(a)", _("Freedom of expression"), "Art. 17(3)(a) GDPR"
    LEGAL_OBLIGATION = "17(3)(b)", _("Legal obligation or public task"), "Art. 17(3)(b) GDPR"
    PUBLIC_HEALTH = "17(3)(c)", _("Public health"), "Art. 17(3)(c) GDPR"
    RESEARCH = "17(3)(d)", _("Archiving, research, statistics"), "Art. 17(3)(d), 89 GDPR"
    LEGAL_CLAIMS = "17(3)(e)", _("Legal claims"), "Art. 17(3)(e) GDPR"
    RIGHTS_OF_OTHERS = "15(4)", _("Rights of others"), "Art. 15(4), 20(4) GDPR"
    EXCESSIVE = "12(5)", _("Manifestly unfounded or excessive"), "Art. 12(5) GDPR"
    NOT_IDENTIFIABLE = "11(2)", _("We cannot tell who it is"), "Art. 11(2) GDPR"
    LAW = "23", _("Restricted by law"), "Art. 23 GDPR"
    RESEARCH_TASK = "21(6)", _("Research for a task in the public interest"), "Art. 21(6) GDPR"
    RESEARCH_RIGHTS = "89(2)", _("Research, where a law derogates from the right"), "Art. 89(2) GDPR"
    ARCHIVING_RIGHTS = "89(3)", _("Archiving, where a law derogates from the right"), "Art. 89(3) GDPR"


FROM_A_LAW = frozenset(
    {
        RefusalGround.RESEARCH,
        RefusalGround.LAW,
        RefusalGround.RESEARCH_TASK,
        RefusalGround.RESEARCH_RIGHTS,
        RefusalGround.ARCHIVING_RIGHTS,
    }
)
"""Grounds that hold only where a law, or the text itself, applies: it is cited."""


class RightsOutcome(Choice):
    FULFILLED = "fulfilled", _("Fulfilled")
    PARTIALLY = "partially", _("Fulfilled in part")
    REFUSED = "refused", _("Refused"), "Art. 12(4) GDPR"
    NO_DATA = "no_data", _("We hold no data")


class ExtensionReason(Choice):
    COMPLEXITY = "complexity", _("It is complex"), "Art. 12(3) GDPR"
    NUMBER = "number", _("There are many requests"), "Art. 12(3) GDPR"


class RightsStage(Choice):
    RECEIVED = "received", _("Received")
    IDENTITY_CHECK = "identity_check", _("Identity is checked"), "Art. 12(6) GDPR"
    UNIDENTIFIED = "unidentified", _("Waits for something that tells whose data they are"), "Art. 11(2) GDPR"
    IN_PROGRESS = "in_progress", _("Being worked on")
    EXTENDED = "extended", _("Extended")
    DECIDED = "decided", _("Decided")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected_unidentified", _("Closed: not identified")
