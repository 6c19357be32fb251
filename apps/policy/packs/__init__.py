"""Law as data: what changes by date lives here, and a decision reads what applies on its own day."""

from apps.policy.packs.acts import (
    ALL_PACKS,
    EU_AI_ACT,
    EU_AI_ACT_OMNIBUS,
    EU_GDPR,
    EU_GDPR_OMNIBUS,
    EU_GDPR_OMNIBUS_IV,
    UK_GDPR,
)
from apps.policy.packs.pack import Adequacy, Law, RulePack, law_on

__all__ = [
    "ALL_PACKS",
    "EU_AI_ACT",
    "EU_AI_ACT_OMNIBUS",
    "EU_GDPR",
    "EU_GDPR_OMNIBUS",
    "EU_GDPR_OMNIBUS_IV",
    "UK_GDPR",
    "Adequacy",
    "Law",
    "RulePack",
    "law_on",
]
