"""What can be wrong with labels, beside what an export tells of itself."""

from __future__ import annotations

from apps.policy.reason import declare

POLICY_NOT_IN_FORCE = declare(
    "LABELING_POLICY_NOT_IN_FORCE",
    "No labeling policy %(ref)s is in force in this organization.",
    "Name one that is approved and has begun, and is not past its review.",
)
