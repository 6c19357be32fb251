from apps.classification.facts import handling_facts
from apps.compliance.facts.around import around
from apps.compliance.facts.assets import Beside, Wanted, assessed_assets, asset_facts
from apps.compliance.facts.grounds import consent_of, lia_of
from apps.compliance.facts.impact import activities_for, screened_points
from apps.compliance.facts.purposes import (
    decisive_version,
    decisive_versions,
    purpose_facts,
    purpose_in_use,
    purpose_parents,
)
from apps.compliance.facts.records import activity_content, content_sha256, purpose_content
from apps.compliance.facts.register import (
    Party,
    controller_facts,
    corrects_bias,
    national_facts,
    party_facts,
    read_register,
    system_facts,
    transfer_facts,
    use_facts,
)

__all__ = [
    "Beside",
    "Party",
    "Wanted",
    "activities_for",
    "activity_content",
    "around",
    "assessed_assets",
    "asset_facts",
    "consent_of",
    "content_sha256",
    "controller_facts",
    "corrects_bias",
    "decisive_version",
    "decisive_versions",
    "handling_facts",
    "lia_of",
    "national_facts",
    "party_facts",
    "purpose_content",
    "purpose_facts",
    "purpose_in_use",
    "purpose_parents",
    "read_register",
    "screened_points",
    "system_facts",
    "transfer_facts",
    "use_facts",
]
