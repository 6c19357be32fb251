"""Terms of the hierarchy of purposes, as commands are given them."""

from __future__ import annotations

from apps.compliance.errors import CONCEPT_UNKNOWN
from apps.compliance.models import PurposeConcept
from apps.kernel.errors import InvalidInput
from apps.policy.reason import Reason


def concept_in_use(field: str, code: str) -> PurposeConcept:
    """V-23.  Raises: InvalidInput where the code is unknown or no longer in use."""
    concept = PurposeConcept.objects.in_use().filter(code=code).first()
    if concept is None:
        facts = {"concept": code}
        raise InvalidInput(Reason(code=CONCEPT_UNKNOWN, rule="V-23", field=field, facts=facts))
    return concept
