"""The closed lists of words of the law itself: assessments, transfers, agreements, systems.

`None` in a fact's place always means: not known.
"""

from __future__ import annotations

from enum import StrEnum


class ScreeningPoint(StrEnum):
    """What a screening answers: the nine criteria of WP248, then GDPR Art. 35(3), (4), (5) and (10)."""

    EVALUATION = "evaluation"
    AUTOMATED_DECISION = "automated_decision"
    MONITORING = "monitoring"
    SENSITIVE = "sensitive"
    LARGE_SCALE = "large_scale"
    MATCHING = "matching"
    VULNERABLE = "vulnerable"
    INNOVATIVE = "innovative"
    PREVENTS_RIGHT = "prevents_right"
    SYSTEMATIC_EVALUATION = "35(3)(a)"
    LARGE_SCALE_SENSITIVE = "35(3)(b)"
    PUBLIC_MONITORING = "35(3)(c)"
    AUTHORITY_LIST = "35(4)"
    EXEMPT_LIST = "35(5)"
    ASSESSED_IN_LAW = "35(10)"


class DpiaState(StrEnum):
    """GDPR Art. 35 and 36. The silence of the authority (`period_elapsed`) is not a prohibition."""

    SCREENING = "screening"
    NOT_REQUIRED = "not_required"
    DRAFT = "draft"
    DPO_CONSULTED = "dpo_consulted"
    OWNER_DECISION = "owner_decision"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REJECTED = "rejected"
    PRIOR_CONSULTATION = "prior_consultation"
    ADVICE_RECEIVED = "advice_received"
    PERIOD_ELAPSED = "period_elapsed"
    PROHIBITED = "prohibited"
    OUTDATED = "outdated"


class AutomatedDecision(StrEnum):
    """GDPR Art. 4(4) and 22; a score that decides counts as a decision."""

    NONE = "none"
    PROFILING = "profiling_no_solely_automated"
    SOLELY_NOT_SIGNIFICANT = "solely_automated_not_significant"
    SOLELY_SIGNIFICANT = "solely_automated_significant"


class Art22Basis(StrEnum):
    """GDPR Art. 22(2); `none` is the stated absence of one."""

    CONTRACT = "22(2)(a)"
    LAW = "22(2)(b)"
    EXPLICIT_CONSENT = "22(2)(c)"
    NONE = "none"


class PartyPart(StrEnum):
    """Why a party beside the own organization would see the data."""

    EMPLOYER = "employer"
    OPERATOR = "operator"
    RECIPIENT = "recipient"


class PartyRole(StrEnum):
    PROCESSOR = "processor"
    SUB_PROCESSOR = "sub_processor"
    JOINT_CONTROLLER = "joint_controller"
    INDEPENDENT_CONTROLLER = "independent_controller"


class DpfCover(StrEnum):
    """What the certification under the EU-US Data Privacy Framework covers."""

    NO = "no"
    HR = "yes_hr"
    NON_HR = "yes_non_hr"
    BOTH = "both"


class TransferMechanism(StrEnum):
    """GDPR Art. 45 to 49. `49(1)-2` is the second subparagraph of Art. 49(1)."""

    ADEQUACY = "45(3)"
    PUBLIC_BODY_INSTRUMENT = "46(2)(a)"
    BINDING_CORPORATE_RULES = "46(2)(b)"
    STANDARD_CLAUSES = "46(2)(c)"
    AUTHORITY_CLAUSES = "46(2)(d)"
    CODE_OF_CONDUCT = "46(2)(e)"
    CERTIFICATION = "46(2)(f)"
    AD_HOC_CLAUSES = "46(3)(a)"
    ADMINISTRATIVE_ARRANGEMENT = "46(3)(b)"
    EXPLICIT_CONSENT = "49(1)(a)"
    CONTRACT = "49(1)(b)"
    CONTRACT_IN_INTEREST = "49(1)(c)"
    PUBLIC_INTEREST = "49(1)(d)"
    LEGAL_CLAIMS = "49(1)(e)"
    VITAL_INTERESTS = "49(1)(f)"
    PUBLIC_REGISTER = "49(1)(g)"
    COMPELLING_INTERESTS = "49(1)-2"


class TransferState(StrEnum):
    DRAFT = "draft"
    TIA_DONE = "tia_done"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"


class TiaOutcome(StrEnum):
    """Of the assessment of a transfer's impact (CJEU C-311/18)."""

    ADEQUATE = "adequate"
    ADEQUATE_WITH_MEASURES = "adequate_with_measures"
    NEGATIVE = "negative"


class RowFlag(StrEnum):
    """Rows that must not be read: GDPR Art. 18, 21, 7(3), 17."""

    RESTRICTED = "restricted"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class AgreementState(StrEnum):
    DRAFT = "draft"
    NEGOTIATED = "negotiated"
    SIGNED = "signed"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    DESTRUCTION_CERTIFIED = "destruction_certified"


class DuoPermission(StrEnum):
    """The permission terms of the Data Use Ontology (CC BY 4.0)."""

    NO_RESTRICTION = "NRES"
    GENERAL_RESEARCH = "GRU"
    HEALTH_RESEARCH = "HMB"
    DISEASE_RESEARCH = "DS"
    ANCESTRY_RESEARCH = "POA"


class DuoModifier(StrEnum):
    """The modifier terms of the Data Use Ontology; those of `NEEDS_PARAMETER` say nothing without one."""

    ETHICS_APPROVAL = "IRB"
    PUBLICATION = "PUB"
    MORATORIUM = "MOR"
    COLLABORATION = "COL"
    RETURN = "RTN"
    NO_METHODS = "NMDS"
    GENETIC_ONLY = "GSO"
    NO_ANCESTRY = "NPOA"
    NON_COMMERCIAL = "NCU"
    NOT_FOR_PROFIT = "NPU"
    NOT_FOR_PROFIT_NON_COMMERCIAL = "NPUNCU"
    USERS = "US"
    INSTITUTIONS = "IS"
    PROJECTS = "PS"
    REGIONS = "GS"
    TIME = "TS"
    TOPICS = "RS"
    CLINICAL_CARE = "CC"


class ResearchUse(StrEnum):
    """What data under an agreement would be used for."""

    NOT_RESEARCH = "not_research"
    GENERAL = "general"
    HEALTH = "health"
    DISEASE = "disease"
    ANCESTRY = "ancestry"
    METHODS = "methods"
    CLINICAL_CARE = "clinical_care"


class AiRiskClass(StrEnum):
    """Regulation (EU) 2024/1689. `experiment`: no system is meant to come of it (Art. 2(6) and (8))."""

    PROHIBITED = "prohibited_art5"
    HIGH_ANNEX_I = "high_annex_I"
    HIGH_ANNEX_III = "high_annex_III"
    ANNEX_III_NOT_HIGH = "annex_III_not_high"
    GPAI_SYSTEMIC = "gpai_systemic"
    GPAI = "gpai"
    TRANSPARENCY = "transparency_art50"
    MINIMAL = "minimal"
    EXPERIMENT = "experiment"


class AiPractice(StrEnum):
    """AI Act Art. 5(1), and what Regulation (EU) 2026/1744 adds."""

    MANIPULATION = "5(1)(a)"
    VULNERABILITIES = "5(1)(b)"
    SOCIAL_SCORING = "5(1)(c)"
    CRIME_BY_PROFILE = "5(1)(d)"
    FACES_SCRAPED = "5(1)(e)"
    EMOTIONS = "5(1)(f)"
    CATEGORIZATION = "5(1)(g)"
    REMOTE_IDENTIFICATION = "5(1)(h)"
    INTIMATE_IMAGES = "5(1)_2026/1744"


class AnnexUse(StrEnum):
    """AI Act Annex III: areas by number, uses by letter."""

    REMOTE_IDENTIFICATION = "1(a)"
    CATEGORIZATION = "1(b)"
    EMOTIONS = "1(c)"
    INFRASTRUCTURE = "2"
    ADMISSION = "3(a)"
    LEARNING = "3(b)"
    LEVEL = "3(c)"
    TESTS_WATCHED = "3(d)"
    RECRUITMENT = "4(a)"
    WORK_RELATIONS = "4(b)"
    PUBLIC_BENEFITS = "5(a)"
    CREDIT = "5(b)"
    INSURANCE = "5(c)"
    EMERGENCY_CALLS = "5(d)"
    VICTIMS = "6(a)"
    POLYGRAPHS = "6(b)"
    PROOF = "6(c)"
    OFFENDING = "6(d)"
    PROFILING = "6(e)"
    MIGRATION_POLYGRAPHS = "7(a)"
    MIGRATION_RISKS = "7(b)"
    APPLICATIONS = "7(c)"
    BORDER = "7(d)"
    JUSTICE = "8(a)"
    ELECTIONS = "8(b)"


class AiRole(StrEnum):
    PROVIDER = "provider"
    DEPLOYER = "deployer"
    IMPORTER = "importer"
    DISTRIBUTOR = "distributor"
    AUTHORIZED_REPRESENTATIVE = "authorized_representative"
    PRODUCT_MANUFACTURER = "product_manufacturer"


class LabelerPart(StrEnum):
    ANNOTATOR = "annotator"
    ADJUDICATOR = "adjudicator"
    REVIEWER = "reviewer"


class LabelerGap(StrEnum):
    """What somebody who would label lacks. `country` is the one from which the roster says that they label,
    `place` the one from which they ask for access."""

    ROSTER = "roster"
    TEST = "test"
    TRAINING = "training"
    UNDERTAKING = "undertaking"
    CLEARANCE = "clearance"
    CONTRACT = "contract"
    CONSENT = "consent"
    PAUSE = "pause"
    COUNTRY = "country"
    PLACE = "place"
    CONFLICT = "conflict"


class DataGovernance(StrEnum):
    """AI Act Art. 10(2)."""

    DESIGN_CHOICES = "10(2)(a)"
    COLLECTION = "10(2)(b)"
    PREPARATION = "10(2)(c)"
    ASSUMPTIONS = "10(2)(d)"
    AVAILABILITY = "10(2)(e)"
    BIAS_EXAMINED = "10(2)(f)"
    BIAS_MITIGATED = "10(2)(g)"
    GAPS = "10(2)(h)"


class BiasCondition(StrEnum):
    """AI Act Art. 10(5)."""

    NO_OTHER_DATA = "10(5)(a)"
    LIMITED_REUSE = "10(5)(b)"
    SECURED = "10(5)(c)"
    NOT_SHARED = "10(5)(d)"
    DELETED = "10(5)(e)"
    RECORDED = "10(5)(f)"


class LabelsVerdict(StrEnum):
    """What labels are good for; `missing`: none were brought yet."""

    RELEASE = "release"
    RESEARCH_ONLY = "research_only"
    BLOCKED = "blocked"
    MISSING = "missing"


class BreachRisk(StrEnum):
    """Of the gravest breach that is open on an asset; `none` is the stated absence of one."""

    NONE = "none"
    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


class NationalEffect(StrEnum):
    """What a condition of national law (GDPR Art. 8, 9(4), 10, 88, 89(2)) makes of a request it meets."""

    DENY = "deny"
    BLOCK = "block"
    REFER = "refer"


class AdequacyScope(StrEnum):
    """Who in the country an adequacy decision covers."""

    GENERAL = "general"
    COMMERCIAL = "commercial_organizations"
    DPF_LIST = "importers_on_the_dpf_list"
    NOT_EXCLUDED = "all_but_excluded_sectors"
