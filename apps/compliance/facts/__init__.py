from apps.classification.facts import handling_facts
from apps.compliance.facts.around import around
from apps.compliance.facts.assets import Wanted, assessed_assets, asset_facts
from apps.compliance.facts.grounds import consent_of, lia_of
from apps.compliance.facts.purposes import decisive_version, purpose_facts, purpose_parents
from apps.compliance.facts.records import activity_content, content_sha256, purpose_content

__all__ = [
    "Wanted",
    "activity_content",
    "around",
    "assessed_assets",
    "asset_facts",
    "consent_of",
    "content_sha256",
    "decisive_version",
    "handling_facts",
    "lia_of",
    "purpose_content",
    "purpose_facts",
    "purpose_parents",
]
