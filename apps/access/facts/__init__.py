"""What is asked, turned into the facts policy decides on."""

from apps.access.facts.asks import Ask, Item, ask_of, part_of
from apps.access.facts.lawful import lawful_facts
from apps.access.facts.requests import (
    ASIDE,
    Circle,
    agreement_resource,
    circle_of,
    grant_resource,
    own_request,
    parties_of,
    request_facts,
    request_resources,
    revision_content,
    revision_sha256,
    substance_of,
)
from apps.access.facts.subjects import behind, members_of

__all__ = [
    "ASIDE",
    "Ask",
    "Circle",
    "Item",
    "agreement_resource",
    "ask_of",
    "behind",
    "circle_of",
    "grant_resource",
    "lawful_facts",
    "members_of",
    "own_request",
    "part_of",
    "parties_of",
    "request_facts",
    "request_resources",
    "revision_content",
    "revision_sha256",
    "substance_of",
]
