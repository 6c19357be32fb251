"""The closed lists of Regulation (EU) 2024/1689: roles, classes, what is documented, how far a system is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import Choice


class OrgRole(Choice):
    PROVIDER = "provider", _("Provider"), "Art. 3(3) AI Act"
    DEPLOYER = "deployer", _("Deployer"), "Art. 3(4) AI Act"
    IMPORTER = "importer", _("Importer"), "Art. 3(6) AI Act"
    DISTRIBUTOR = "distributor", _("Distributor"), "Art. 3(7) AI Act"
    REPRESENTATIVE = "authorized_representative", _("Authorized representative"), "Art. 3(5) AI Act"
    MANUFACTURER = "product_manufacturer", _("Product manufacturer"), "Art. 25(3) AI Act"


class RiskClass(Choice):
    PROHIBITED = "prohibited_art5", _("Prohibited"), "Art. 5 AI Act"
    HIGH_ANNEX_I = "high_annex_I", _("High risk: part of a regulated product"), "Art. 6(1) AI Act"
    HIGH_ANNEX_III = "high_annex_III", _("High risk: a use of Annex III"), "Art. 6(2) AI Act"
    NOT_HIGH = "annex_III_not_high", _("A use of Annex III without high risk"), "Art. 6(3) AI Act"
    GPAI_SYSTEMIC = "gpai_systemic", _("General-purpose model with systemic risk"), "Art. 51 AI Act"
    GPAI = "gpai", _("General-purpose model"), "Art. 53 AI Act"
    TRANSPARENCY = "transparency_art50", _("Has to make itself known"), "Art. 50 AI Act"
    MINIMAL = "minimal", _("None of these"), "Art. 95 AI Act"
    EXPERIMENT = "experiment", _("An experiment, no system"), "Art. 2(6), (8) AI Act"


class Practice(Choice):
    """AI Act Art. 5(1), and what Regulation (EU) 2026/1744 adds to it: what nobody may do with such a system.
    Titles are ours, after the text of the points; of the addition the letter is left out until it is
    confirmed."""

    MANIPULATION = "5(1)(a)", _("Subliminal, manipulative or deceptive techniques"), "Art. 5(1)(a) AI Act"
    VULNERABILITIES = "5(1)(b)", _("Vulnerabilities exploited"), "Art. 5(1)(b) AI Act"
    SOCIAL_SCORING = "5(1)(c)", _("Social scoring"), "Art. 5(1)(c) AI Act"
    CRIME_BY_PROFILE = "5(1)(d)", _("Crimes foretold by profile alone"), "Art. 5(1)(d) AI Act"
    FACES_SCRAPED = "5(1)(e)", _("Facial images scraped without a target"), "Art. 5(1)(e) AI Act"
    EMOTIONS = "5(1)(f)", _("Emotions inferred at work or in education"), "Art. 5(1)(f) AI Act"
    CATEGORIZATION = (
        "5(1)(g)",
        _("People categorized by biometric data into race, opinion, belief, sex life"),
        "Art. 5(1)(g) AI Act",
    )
    REMOTE_IDENTIFICATION = (
        "5(1)(h)",
        _("Real-time remote biometric identification for law enforcement"),
        "Art. 5(1)(h) AI Act",
    )
    INTIMATE_IMAGES = (
        "5(1)_2026/1744",
        _("Intimate images without consent, or of the abuse of children"),
        "Art. 5(1), Regulation (EU) 2026/1744 AI Act",
    )


class AnnexUse(Choice):
    """AI Act Annex III, as published in OJ L, 2024/1689: areas by number, uses by letter. Titles are ours."""

    REMOTE_IDENTIFICATION = "1(a)", _("Biometrics: remote identification"), "Annex III 1(a) AI Act"
    CATEGORIZATION = "1(b)", _("Biometrics: categorization by sensitive traits"), "Annex III 1(b) AI Act"
    EMOTIONS = "1(c)", _("Biometrics: recognition of emotions"), "Annex III 1(c) AI Act"
    INFRASTRUCTURE = "2", _("Critical infrastructure: safety components"), "Annex III 2 AI Act"
    ADMISSION = "3(a)", _("Education: access and admission"), "Annex III 3(a) AI Act"
    LEARNING = "3(b)", _("Education: evaluation of learning"), "Annex III 3(b) AI Act"
    LEVEL = "3(c)", _("Education: level of education"), "Annex III 3(c) AI Act"
    TESTS_WATCHED = "3(d)", _("Education: monitoring of tests"), "Annex III 3(d) AI Act"
    RECRUITMENT = "4(a)", _("Employment: recruitment and selection"), "Annex III 4(a) AI Act"
    WORK_RELATIONS = (
        "4(b)",
        _("Employment: terms, promotion, termination, tasks, monitoring"),
        "Annex III 4(b) AI Act",
    )
    PUBLIC_BENEFITS = "5(a)", _("Essential services: public benefits"), "Annex III 5(a) AI Act"
    CREDIT = "5(b)", _("Essential services: creditworthiness"), "Annex III 5(b) AI Act"
    INSURANCE = "5(c)", _("Essential services: life and health insurance"), "Annex III 5(c) AI Act"
    EMERGENCY_CALLS = "5(d)", _("Essential services: emergency calls and triage"), "Annex III 5(d) AI Act"
    VICTIMS = "6(a)", _("Law enforcement: risk of becoming a victim"), "Annex III 6(a) AI Act"
    POLYGRAPHS = "6(b)", _("Law enforcement: polygraphs"), "Annex III 6(b) AI Act"
    PROOF = "6(c)", _("Law enforcement: reliability of evidence"), "Annex III 6(c) AI Act"
    OFFENDING = "6(d)", _("Law enforcement: risk of offending"), "Annex III 6(d) AI Act"
    PROFILING = "6(e)", _("Law enforcement: profiling in investigations"), "Annex III 6(e) AI Act"
    MIGRATION_POLYGRAPHS = "7(a)", _("Migration: polygraphs"), "Annex III 7(a) AI Act"
    MIGRATION_RISKS = "7(b)", _("Migration: assessment of risks"), "Annex III 7(b) AI Act"
    APPLICATIONS = "7(c)", _("Migration: asylum, visas, residence permits"), "Annex III 7(c) AI Act"
    BORDER = "7(d)", _("Migration: detection and recognition of people"), "Annex III 7(d) AI Act"
    JUSTICE = "8(a)", _("Administration of justice"), "Annex III 8(a) AI Act"
    ELECTIONS = "8(b)", _("Elections and votes"), "Annex III 8(b) AI Act"


class Derogation(Choice):
    """AI Act Art. 6(3): why a use of Annex III is none of high risk."""

    NARROW_TASK = "6(3)(a)", _("A narrow procedural task"), "Art. 6(3)(a) AI Act"
    IMPROVES = "6(3)(b)", _("Improves what a human has completed"), "Art. 6(3)(b) AI Act"
    FINDS_PATTERNS = (
        "6(3)(c)",
        _("Finds patterns in decisions, and replaces no human assessment"),
        "Art. 6(3)(c) AI Act",
    )
    PREPARES = "6(3)(d)", _("Prepares an assessment of Annex III"), "Art. 6(3)(d) AI Act"


class PersonalData(Choice):
    NO = "no", _("No")
    YES = "yes", _("Yes")
    ANONYMITY_CLAIMED = "anonymity_claimed", _("The model is said to be anonymous"), "EDPB 28/2024"


class Governance(Choice):
    """AI Act Art. 10(2)."""

    DESIGN = "10(2)(a)", _("Design choices"), "Art. 10(2)(a) AI Act"
    COLLECTION = "10(2)(b)", _("Collection and origin"), "Art. 10(2)(b) AI Act"
    PREPARATION = "10(2)(c)", _("Annotation, labeling, cleaning"), "Art. 10(2)(c) AI Act"
    ASSUMPTIONS = "10(2)(d)", _("Assumptions"), "Art. 10(2)(d) AI Act"
    AVAILABILITY = "10(2)(e)", _("Enough and suitable data"), "Art. 10(2)(e) AI Act"
    BIAS_EXAMINED = "10(2)(f)", _("Bias looked for"), "Art. 10(2)(f) AI Act"
    BIAS_MITIGATED = "10(2)(g)", _("Bias dealt with"), "Art. 10(2)(g) AI Act"
    GAPS = "10(2)(h)", _("Gaps known and closed"), "Art. 10(2)(h) AI Act"


class BiasCondition(Choice):
    """AI Act Art. 10(5)."""

    NO_OTHER_DATA = "10(5)(a)", _("No other data, also no synthetic ones, would do"), "Art. 10(5)(a) AI Act"
    LIMITED_REUSE = "10(5)(b)", _("Re-use is technically limited"), "Art. 10(5)(b) AI Act"
    SECURED = "10(5)(c)", _("Secured, with access strictly controlled"), "Art. 10(5)(c) AI Act"
    NOT_SHARED = "10(5)(d)", _("Given to nobody else"), "Art. 10(5)(d) AI Act"
    DELETED = "10(5)(e)", _("Deleted once the bias is corrected"), "Art. 10(5)(e) AI Act"
    RECORDED = "10(5)(f)", _("The records say why it was necessary"), "Art. 10(5)(f) AI Act"


class AiStage(Choice):
    REGISTERED = "registered", _("Registered")
    CLASSIFIED = "classified", _("Classified")
    DOCUMENTED = "documented", _("Documented")
    FOR_TRAINING = "approved_for_training", _("May be trained")
    FOR_RELEASE = "approved_for_release", _("May be released")
    RELEASED = "released", _("Released")
    MONITORED = "monitored", _("Monitored")
    REVIEW_REQUIRED = "review_required", _("Has to be reviewed")
    SUSPENDED = "suspended", _("Suspended")
    RETIRED = "retired", _("Retired")
