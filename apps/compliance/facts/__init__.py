from apps.classification.facts import handling_facts
from apps.compliance.facts.assets import asset_facts
from apps.compliance.facts.purposes import purpose_facts, purpose_parents
from apps.compliance.facts.records import activity_content, content_sha256, purpose_content

__all__ = [
    "activity_content",
    "asset_facts",
    "content_sha256",
    "handling_facts",
    "purpose_content",
    "purpose_facts",
    "purpose_parents",
]
