"""A hundred lawful asks such as a house hears in a year, written down before any rule was measured on them.

Each row says in words what is asked for and states what is peculiar to it. Everything else is the ordinary
record that a diligent house keeps: a cleared activity that was screened (and assessed where two criteria say
so), an approved purpose, classified columns, people with their undertaking and training.
"""

from __future__ import annotations

from apps.policy.facts import (
    Action,
    HoldFacts,
    LawfulBasis,
    PinFacts,
)
from apps.policy.law_words import (
    AiRiskClass,
    Art22Basis,
    AutomatedDecision,
    DpfCover,
    DuoModifier,
    DuoPermission,
    NationalEffect,
    PartyPart,
    PartyRole,
    RowFlag,
    TransferMechanism,
)

from . import records as r
from .lawful_words import (
    CARE,
    CONTRACTOR,
    DIABETES_USE,
    DISEASE,
    EXPLICIT,
    HEALTH_USE,
    HMB,
    INVOKE,
    JOINED,
    LABEL,
    ON_CONSENT,
    PROJECT,
    READ,
    RESEARCH,
    ROBOT,
    TRAIN,
    VENDOR,
    Ask,
    affiliate,
    asks,
    vendor,
)

ASKS: tuple[Ask, ...] = (
    *asks(
        "open data",
        ("well logs, to read", "measure"),
        ("well logs, to train a model", "measure", {"actions": (TRAIN,)}),
        ("weather of ten years", "measure", {"days": 365}),
        ("satellite tiles for a project", "measure", {"subject": PROJECT, "actions": (READ, TRAIN)}),
        ("street map, to label", "measure", {"actions": (LABEL,)}),
        ("soil samples for a contractor", "measure", {"subject": CONTRACTOR, "request": vendor()}),
        ("timetables for a nightly job", "measure", {"subject": ROBOT, "days": 365}),
        ("river gauges, to export", "measure", {"actions": (READ, Action.EXPORT)}),
        ("seismic lines for two years", "measure", {"days": 730}),
        (
            "plant pictures, to label by a vendor",
            "measure",
            {"actions": (LABEL,), "subject": VENDOR, "request": vendor()},
        ),
        ("air quality from abroad", "measure", {"subject": {"location": "IN"}}),
        ("open gene sequences of yeast", "measure", {"asset": {"agreements": (r.agreement(),)}}),
        ("a pretrained model of rocks, to use", "measure", {"actions": (INVOKE,)}),
        (
            "bird calls under a licence for research",
            "measure",
            {"asset": {"agreements": (r.agreement(modifiers=frozenset({DuoModifier.NON_COMMERCIAL})),)}},
        ),
        (
            "well logs, to share with a university",
            "measure",
            {
                "actions": (READ, Action.SHARE),
                "request": vendor(
                    "CH", part=PartyPart.RECIPIENT, role=PartyRole.INDEPENDENT_CONTROLLER, has_agreement=True
                ),
            },
        ),
    ),
    *asks(
        "internal data",
        ("load of the turbines", "internal measure"),
        ("load of the turbines, to train a forecast", "internal measure", {"actions": (READ, TRAIN)}),
        ("product catalog", "internal measure, measure", {"days": 365}),
        ("energy prices for a job", "internal measure", {"subject": ROBOT}),
        ("drawings of machines, to label", "internal measure", {"actions": (LABEL,)}),
        ("vibration of pumps for a project", "internal measure", {"subject": PROJECT, "actions": (TRAIN,)}),
        ("maintenance plans", "internal measure"),
        ("warehouse stock for a vendor", "internal measure", {"subject": VENDOR, "request": vendor()}),
        ("reserves of a field", "secret measure"),
        ("reserves of a field, to train", "secret measure", {"actions": (TRAIN,)}),
        ("synthetic customers", "internal measure", {"actions": (READ, TRAIN), "days": 180}),
        ("a feature set of pipes, to write", "internal measure", {"actions": (READ, Action.WRITE)}),
        (
            "a model of prices, to deploy",
            "internal measure",
            {"actions": (Action.DEPLOY,), "system": {"risk_class": AiRiskClass.MINIMAL}},
        ),
        (
            "test bench runs within the EEA",
            "internal measure",
            {"asset": {"pin": PinFacts(places=frozenset({"EEA"}), operators=frozenset({"own-cloud"}))}},
        ),
        (
            "core photographs, to train a safety part",
            "internal measure",
            {"actions": (TRAIN,), "system": {"risk_class": AiRiskClass.HIGH_ANNEX_I}},
        ),
    ),
    *asks(
        "statistics",
        ("sales by month", "statistic"),
        ("sales by month, to train", "statistic", {"actions": (TRAIN,)}),
        ("energy use by district", "statistic", {"days": 365}),
        ("churn by region for a project", "statistic", {"subject": PROJECT}),
        ("age bands of members", "statistic, measure"),
        (
            "hospital stays by year",
            "statistic",
            {
                "asset": {"agreements": (r.agreement(permission=DuoPermission.HEALTH_RESEARCH),)},
                "request": {"use": HEALTH_USE},
            },
        ),
        ("sickness by plant, to export", "statistic", {"actions": (READ, Action.EXPORT)}),
        ("travel flows for a contractor", "statistic", {"subject": CONTRACTOR, "request": vendor()}),
        ("salaries by grade", "statistic"),
        ("survey results", "statistic", {"days": 30}),
    ),
    *asks(
        "pseudonymised customers",
        (
            "baskets, to recommend",
            "key, purchase",
            {"purpose": {"automated_decision": AutomatedDecision.PROFILING}, "yes": ("evaluation",)},
        ),
        (
            "baskets, to train a recommender",
            "key, purchase",
            {
                "actions": (TRAIN,),
                "yes": ("evaluation", "innovative"),
                "purpose": {"automated_decision": AutomatedDecision.PROFILING},
            },
        ),
        (
            "churn, to train",
            "key, purchase",
            {"actions": (TRAIN,), "yes": ("evaluation", "innovative"), "is_assessed": True},
        ),
        (
            "churn of a million people",
            "key, purchase",
            {"yes": ("evaluation", "large_scale"), "people": {"is_large_scale": True}},
        ),
        (
            "payments, to find fraud",
            "key, payment",
            {
                "actions": (READ, TRAIN),
                "yes": ("evaluation", "sensitive", "innovative"),
                "purpose": {"automated_decision": AutomatedDecision.SOLELY_NOT_SIGNIFICANT},
            },
        ),
        (
            "payments, to score credit",
            "key, payment",
            {
                "actions": (TRAIN,),
                "yes": (
                    "evaluation",
                    "sensitive",
                    "automated_decision",
                    "innovative",
                    "prevents_right",
                    "35(3)(a)",
                ),
                "purpose": {
                    "automated_decision": AutomatedDecision.SOLELY_SIGNIFICANT,
                    "art22_basis": Art22Basis.CONTRACT,
                    "has_art22_safeguards": True,
                },
                "system": {"risk_class": AiRiskClass.HIGH_ANNEX_III},
            },
        ),
        ("tickets, to sort", "key, text", {"yes": ("sensitive",)}),
        (
            "tickets, to train a classifier",
            "key, text",
            {"actions": (TRAIN,), "yes": ("sensitive", "innovative")},
        ),
        ("tickets, to label", "key, text", {"actions": (LABEL,), "yes": ("sensitive",)}),
        (
            "movements, to plan cells",
            "key, place",
            {
                "yes": ("sensitive", "large_scale", "monitoring", "35(3)(b)"),
                "people": {"is_large_scale": True, "is_monitored": True},
            },
        ),
        (
            "baskets joined with payments",
            "key, purchase, payment",
            {"yes": ("sensitive", "matching"), "request": {"linked_personal": True, "joint": JOINED}},
        ),
        ("baskets for an experiment on prices", "key, purchase"),
        (
            "baskets with objections left out",
            "key, purchase",
            {
                "asset": {
                    "rows": r.rows(flags=frozenset({RowFlag.OBJECTED}), list_version=4, applied_version=4)
                }
            },
        ),
        (
            "baskets on consent",
            "key, purchase",
            {"asset": ON_CONSENT, "purpose": {"lawful_basis": LawfulBasis.CONSENT}},
        ),
        (
            "addresses for a mailing people agreed to",
            "key, email",
            {"asset": ON_CONSENT, "purpose": {"lawful_basis": LawfulBasis.CONSENT}},
        ),
        ("baskets for a job", "key, purchase", {"subject": ROBOT}),
        ("baskets for a project", "key, purchase", {"subject": PROJECT}),
        ("baskets from abroad", "key, purchase", {"subject": {"location": "BR"}}),
        (
            "tickets of young customers",
            "key, text",
            {"yes": ("sensitive", "vulnerable"), "people": {"has_children": True}},
        ),
        (
            "a column nobody listed, with its reason",
            "key, purchase, place",
            {
                "yes": ("sensitive",),
                "unlisted": ("cell",),
                "request": {"justified_columns": frozenset({"wells/cell"})},
            },
        ),
    ),
    *asks(
        "health research",
        ("registry of diabetes", "key, diagnosis", {"asset": DISEASE, "request": {"use": DIABETES_USE}}),
        (
            "registry of diabetes, to train",
            "key, diagnosis",
            {
                "actions": (TRAIN,),
                "yes": ("sensitive", "vulnerable", "innovative"),
                "asset": DISEASE,
                "request": {"use": DIABETES_USE},
            },
        ),
        ("images of a hospital", "key, diagnosis", {"asset": HMB, "request": {"use": HEALTH_USE}}),
        (
            "images of a hospital, to label",
            "key, diagnosis",
            {"actions": (LABEL,), "asset": HMB, "request": {"use": HEALTH_USE}},
        ),
        ("biobank on broad consent", "key, diagnosis", {"purpose": EXPLICIT, "asset": ON_CONSENT}),
        ("genomes, under national law", "key, genome", {"request": {"national_conditions": (r.national(),)}}),
        (
            "genomes, to train",
            "key, genome",
            {"actions": (TRAIN,), "yes": ("sensitive", "vulnerable", "innovative")},
        ),
        ("stays for a quality study of the ward", "key, diagnosis", {"purpose": CARE}),
        (
            "cohort of a million",
            "key, diagnosis",
            {
                "yes": ("sensitive", "vulnerable", "large_scale", "35(3)(b)"),
                "people": {"is_large_scale": True, "subjects": frozenset({"Patient"})},
            },
        ),
        ("children's clinic", "key, diagnosis", {"people": {"has_children": True}}),
        (
            "trial with a partner of the consortium",
            "key, diagnosis",
            {
                "request": {
                    "parties": (r.vendor(role=PartyRole.JOINT_CONTROLLER, has_arrangement=True),),
                    "transfers": (),
                }
            },
        ),
        ("trial, to export for the statistician", "key, diagnosis", {"actions": (READ, Action.EXPORT)}),
        yes=("sensitive", "vulnerable"),
        purpose=RESEARCH,
        people={"subjects": frozenset({"Patient"})},
    ),
    *asks(
        "own workers",
        ("working hours, to plan shifts", "key, place", {"yes": ("sensitive", "vulnerable")}),
        ("salaries, to check equal pay", "key, salary"),
        (
            "salaries under works agreement law",
            "key, salary",
            {
                "request": {
                    "national_conditions": (
                        r.national(
                            article="GDPR Art. 88",
                            special_kinds=frozenset(),
                            subjects=frozenset({"Employee"}),
                        ),
                    )
                }
            },
        ),
        (
            "attrition, to train",
            "key, salary",
            {"actions": (TRAIN,), "yes": ("evaluation", "vulnerable", "innovative")},
        ),
        ("accidents at work", "key, text", {"yes": ("sensitive", "vulnerable")}),
        (
            "checks of conduct that a law orders",
            "key, offence",
            {
                "yes": ("sensitive", "vulnerable"),
                "purpose": {"art10_basis": "law", "lawful_basis": LawfulBasis.LEGAL_OBLIGATION},
            },
        ),
        yes=("vulnerable",),
        people={"subjects": frozenset({"Employee"})},
    ),
    *asks(
        "vendors",
        ("labels by a vendor in France", "key, text", {"request": vendor()}),
        ("labels by a vendor in India on clauses", "key, text", {"request": vendor("IN", r.transfer())}),
        (
            "labels by a vendor in the Philippines on clauses",
            "key, text",
            {"request": vendor("PH", r.transfer())},
        ),
        (
            "labels by a further processor",
            "key, text",
            {"request": vendor(role=PartyRole.SUB_PROCESSOR, is_authorized=True)},
        ),
        (
            "a cloud in the United States on the list",
            "key, purchase",
            {
                "actions": (READ,),
                "request": vendor(
                    "US",
                    r.transfer(mechanism=TransferMechanism.ADEQUACY),
                    dpf=DpfCover.NON_HR,
                    part=PartyPart.OPERATOR,
                ),
                "subject": {},
                "yes": (),
            },
        ),
        (
            "support by a vendor in Canada",
            "key, text",
            {"request": vendor("CA", r.transfer(mechanism=TransferMechanism.ADEQUACY), is_commercial=True)},
        ),
        (
            "a contractor in person in Serbia on clauses",
            "key, purchase",
            {
                "subject": CONTRACTOR,
                "yes": (),
                "request": vendor("RS", r.transfer(importer="ada"), uid="ada"),
            },
        ),
        (
            "labels of images by a vendor under health law",
            "key, diagnosis",
            {"purpose": RESEARCH, "yes": ("sensitive", "vulnerable"), "request": vendor()},
        ),
        subject=VENDOR,
        actions=(LABEL,),
        yes=("sensitive",),
    ),
    *asks(
        "foreign affiliates",
        ("sales to the company in Switzerland", "key, purchase", {"request": affiliate("CH", "45(3)")}),
        ("sales to the company in Britain", "key, purchase", {"request": affiliate("GB", "45(3)")}),
        (
            "sales to the company in Japan",
            "key, purchase",
            {"request": affiliate("JP", "45(3)", is_commercial=True)},
        ),
        ("sales to the company in Brazil", "key, purchase", {"request": affiliate("BR", "45(3)")}),
        (
            "sales to the company in India on binding rules",
            "key, purchase",
            {"request": affiliate("IN", "46(2)(b)")},
        ),
        (
            "sales to the company in Singapore on clauses",
            "key, purchase",
            {"request": affiliate("SG", "46(2)(c)")},
        ),
        (
            "salaries to the company in the United States",
            "key, salary",
            {
                "yes": ("vulnerable",),
                "people": {"subjects": frozenset({"Employee"})},
                "request": affiliate("US", "45(3)", True, dpf=DpfCover.BOTH),
            },
        ),
        (
            "files of a claim abroad, once",
            "key, text",
            {
                "yes": ("sensitive",),
                "request": {
                    "parties": (
                        r.vendor(
                            country="US",
                            role=PartyRole.INDEPENDENT_CONTROLLER,
                            has_agreement=True,
                            has_own_basis=True,
                        ),
                    ),
                    "transfers": (r.transfer(mechanism=TransferMechanism.LEGAL_CLAIMS, is_occasional=True),),
                },
            },
        ),
        subject=VENDOR,
    ),
    *asks(
        "law and claims",
        (
            "a version on hold, for a claim",
            "key, text",
            {
                "yes": ("sensitive",),
                "purpose": {"is_for_legal_claims": True},
                "asset": {
                    "retention_ends_on": r.LATELY,
                    "hold": HoldFacts(is_held=True, review_on=r.NEXT_YEAR),
                },
            },
        ),
        (
            "reports that a law orders",
            "key, payment",
            {"yes": ("sensitive",), "purpose": {"lawful_basis": LawfulBasis.LEGAL_OBLIGATION}},
        ),
        (
            "a task of public interest",
            "key, place",
            {
                "yes": ("sensitive",),
                "purpose": {"lawful_basis": LawfulBasis.PUBLIC_TASK},
                "request": {"controller": r.controller(is_public_authority=True)},
            },
        ),
        (
            "bias of a high-risk system",
            "key, diagnosis",
            {
                "yes": ("sensitive", "vulnerable"),
                "purpose": {**RESEARCH, "is_bias_correction": True},
                "system": {"risk_class": AiRiskClass.HIGH_ANNEX_III},
            },
        ),
        (
            "genetic data that national law keeps from insurers",
            "key, genome",
            {
                "yes": ("sensitive", "vulnerable"),
                "purpose": RESEARCH,
                "request": {"national_conditions": (r.national(effect=NationalEffect.DENY, country="FR"),)},
            },
        ),
        ("a breach of low risk is open", "key, purchase", {"asset": {"open_breach": "risk"}}),
    ),
)
