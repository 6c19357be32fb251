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
