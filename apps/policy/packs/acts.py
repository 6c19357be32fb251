"""The acts in force, and those that are only proposed or could not be verified: these are disabled."""

from __future__ import annotations

from datetime import date

from apps.policy.packs.adequacy import EU_ADEQUACY
from apps.policy.packs.pack import RulePack
from apps.policy.regions import EEA

EU_GDPR = RulePack(
    id="eu-gdpr-2016/679",
    version="1",
    title="Regulation (EU) 2016/679",
    regime="eu-gdpr",
    is_enabled=True,
    applies_from=date(2018, 5, 25),
    numbers={
        "answer_months": 1,
        "answer_extension_months": 2,
        "breach_hours": 72,
        "consultation_weeks": 8,
        "consultation_extension_weeks": 6,
        "wp248_criteria": 2,
    },
    countries={"eea": EEA},
    adequacy=EU_ADEQUACY,
)

EU_AI_ACT = RulePack(
    id="eu-aiact",
    version="1",
    title="Regulation (EU) 2024/1689",
    regime="eu-aiact",
    is_enabled=True,
    applies_from=date(2024, 8, 1),
    dates={
        "prohibited": date(2025, 2, 2),
        "gpai": date(2025, 8, 2),
        "general": date(2026, 8, 2),
        "high_annex_III": date(2026, 8, 2),
        "high_annex_I": date(2027, 8, 2),
    },
    numbers={"incident_days": 15, "incident_death_days": 10, "incident_widespread_days": 2},
)

EU_AI_ACT_OMNIBUS = RulePack(
    id="eu-aiact-omnibus",
    version="1",
    title="Regulation (EU) 2026/1744, amending Regulation (EU) 2024/1689 (Digital Omnibus on AI)",
    regime="eu-aiact",
    is_enabled=True,
    applies_from=date(2026, 7, 27),
    dates={
        "high_annex_III": date(2027, 12, 2),
        "high_annex_I": date(2028, 8, 2),
        "bias_correction": date(2026, 7, 27),
        "prohibited_intimate_imagery": date(2026, 12, 2),
        "marking_of_older_systems": date(2026, 12, 2),
    },
    note="Of 8 July 2026, published on 24 July 2026 (OJ L, 2026/1744), in force on 27 July 2026.",
)

EU_GDPR_OMNIBUS = RulePack(
    id="eu-gdpr-omnibus",
    version="1",
    title="Proposed amendment of Regulation (EU) 2016/679 (Digital Omnibus)",
    regime="eu-gdpr",
    is_enabled=False,
    applies_from=None,
    numbers={"breach_hours": 96},
    note="A proposal in procedure.",
)

EU_GDPR_OMNIBUS_IV = RulePack(
    id="eu-gdpr-omnibus-iv",
    version="1",
    title="Proposed amendment of GDPR Art. 30(5) (Omnibus IV)",
    regime="eu-gdpr",
    is_enabled=False,
    applies_from=None,
    numbers={"record_exemption_employees": 750},
    note="A proposal in procedure.",
)

UK_GDPR = RulePack(
    id="uk-gdpr",
    version="1",
    title="Regulation (EU) 2016/679 as it forms part of the law of the United Kingdom",
    regime="uk-gdpr",
    is_enabled=False,
    applies_from=date(2021, 1, 1),
    numbers={"answer_months": 1, "answer_extension_months": 2, "breach_hours": 72, "wp248_criteria": 2},
    countries={"eea": EEA | {"GB"}},
    note="The adequacy regulations of the United Kingdom, as amended in 2025, are not verified.",
)

ALL_PACKS = (EU_AI_ACT, EU_AI_ACT_OMNIBUS, EU_GDPR, EU_GDPR_OMNIBUS, EU_GDPR_OMNIBUS_IV, UK_GDPR)
