"""What a record names has to be there."""

from __future__ import annotations

from collections.abc import Collection

from apps.accounts.models import Organization
from apps.compliance.errors import REFERENCE_UNKNOWN
from apps.compliance.facts.around import Named, unknown_references
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput
from apps.policy.reason import Reason


def refuse_unknown(
    named: Named, organization: Organization, actor: Actor, *, elsewhere: Collection[str] = ()
) -> None:
    """`elsewhere` are kinds of things that are not looked for: they stayed where a register came from.

    Raises: InvalidInput, with everything the actor may not see in that organization.
    """
    named = [each for each in named if each[1].of not in elsewhere]
    wrong = unknown_references(named, organization.pk, actor)
    if wrong:
        raise InvalidInput(
            *(
                Reason(code=REFERENCE_UNKNOWN, field=at, facts={"field": at, "given": str(uid)})
                for at, _, uid in wrong
            )
        )
