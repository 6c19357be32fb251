"""The closed lists of words in which facts are stated. `None` in a fact's place always means: not known."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Action(StrEnum):
    READ = "read"
    EXPORT = "export"
    LABEL = "label"
    TRAIN = "train"
    WRITE = "write"
    SHARE = "share"
    DEPLOY = "deploy"
    INVOKE = "invoke"


class Identifiability(StrEnum):
    IDENTIFIED = "identified"
    PSEUDONYMISED = "pseudonymised"
    ANONYMISED = "anonymised"
    NOT_PERSONAL = "not_personal"


class Relation(StrEnum):
    """How the subject stands to the organization today."""

    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"
    VENDOR = "vendor"
    SERVICE_ACCOUNT = "service_account"
    PROJECT = "project"
    NONE = "none"


class SubjectKind(StrEnum):
    PERSON = "person"
    SERVICE_ACCOUNT = "service_account"
    PROJECT = "project"


class LawfulBasis(StrEnum):
    """GDPR Art. 6(1)."""

    CONSENT = "6(1)(a)"
    CONTRACT = "6(1)(b)"
    LEGAL_OBLIGATION = "6(1)(c)"
    VITAL_INTERESTS = "6(1)(d)"
    PUBLIC_TASK = "6(1)(e)"
    LEGITIMATE_INTERESTS = "6(1)(f)"


class Art9Condition(StrEnum):
    """GDPR Art. 9(2)."""

    EXPLICIT_CONSENT = "9(2)(a)"
    EMPLOYMENT_LAW = "9(2)(b)"
    VITAL_INTERESTS = "9(2)(c)"
    NON_PROFIT_BODY = "9(2)(d)"
    MADE_PUBLIC = "9(2)(e)"
    LEGAL_CLAIMS = "9(2)(f)"
    SUBSTANTIAL_PUBLIC_INTEREST = "9(2)(g)"
    HEALTH_CARE = "9(2)(h)"
    PUBLIC_HEALTH = "9(2)(i)"
    ARCHIVING_RESEARCH_STATISTICS = "9(2)(j)"


class Art10Basis(StrEnum):
    """GDPR Art. 10; `none` is the stated absence of an authority."""

    OFFICIAL_AUTHORITY = "official_authority"
    LAW = "law"
    NONE = "none"


class Presumption(StrEnum):
    """GDPR Art. 5(1)(b), last half-sentence: further processing presumed compatible."""

    NONE = "none"
    ARCHIVING = "archiving"
    RESEARCH = "scientific_or_historical_research"
    STATISTICS = "statistics"


class PurposeState(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    REJECTED = "rejected"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Clearance(StrEnum):
    """Whether a processing activity may run."""

    CLEARED = "cleared"
    BLOCKED = "blocked"
    NOT_ASSESSED = "not_assessed"


class Outcome(StrEnum):
    """Of a compatibility assessment, GDPR Art. 6(4)."""

    COMPATIBLE = "compatible"
    COMPATIBLE_WITH_CONDITIONS = "compatible_with_conditions"
    INCOMPATIBLE = "incompatible"


class TicketStanding(StrEnum):
    """What the system that keeps a ticket has said about it."""

    UNASKED = "unasked"
    UNANSWERED = "unanswered"
    NOT_FOUND = "not_found"
    CLOSED = "closed"
    OF_ANOTHER = "of_another"
    OPEN = "open"


class ObligationKind(StrEnum):
    MASK = "mask"
    DROP = "drop"
    GENERALISE = "generalise"
    ROW_FILTER = "row_filter"
    NO_DOWNLOAD = "no_download"
    REGION_PIN = "region_pin"
    WATERMARK = "watermark"
    LOG_ROWS = "log_rows"
    K_THRESHOLD = "k_threshold"
    DELETE_ATTEST = "delete_attest"
    NO_REIDENTIFY = "no_reidentify"
    NO_JOIN = "no_join"
    ETHICS_DOC = "ethics_doc"
    PUBLISH_REVIEW = "publish_review"


class NoLimit(StrEnum):
    """The stated absence of a limit: a permanent contract, a class without a longest grant.

    It is not `None`. A limit that nobody has looked up is unknown, and an unknown limit never opens a door.
    """

    NO_LIMIT = "no_limit"


NO_LIMIT = NoLimit.NO_LIMIT

Until = date | NoLimit | None
Quota = int | NoLimit | None
