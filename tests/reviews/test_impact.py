"""What ending a purpose would reach, and that it is refused where that has changed since it was shown."""

from __future__ import annotations

import pytest

from apps.access.commands import give_back_grant
from apps.compliance.commands import impact_of_ending, suspend_purpose, withdraw_purpose
from apps.kernel.contributions import IMPACT_CHANGED, IMPACT_UNSEEN
from apps.kernel.errors import NotPermitted, PreconditionMissing, StaleVersion
from tests.access.refusals import refused
from tests.factories.access import AccessWorld, asked, draft, granted
from tests.factories.reviews import used


def test_grants_requests_and_working_keys_are_told_and_nothing_else(world: AccessWorld) -> None:
    grant, over = granted(world), granted(world, "colleague")
    give_back_grant(actor=world["colleague"], grant_id=over.uid)
    waiting = asked(world["scientist"], draft(world.personal, world.purposes["rock"], actions=["export"]))
    asked(world["scientist"], draft(world.personal, world.purposes["pay"]))
    key = used(grant)
    impact = impact_of_ending(actor=world["officer"], purpose_id=world.purposes["rock"].uid)
    told = {(each.kind, each.uid) for each in impact.affected}
    assert told == {("grant", grant.uid), ("request", waiting.uid), ("lease", key.uid)}
    with pytest.raises(NotPermitted):
        impact_of_ending(actor=world["dpo"], purpose_id=world.purposes["rock"].uid)


@pytest.mark.parametrize("end", [suspend_purpose, withdraw_purpose])
def test_an_impact_that_changed_refuses_the_act(end: object, world: AccessWorld) -> None:
    rock, officer = world.purposes["rock"], world["officer"]
    grant = granted(world)
    seen = impact_of_ending(actor=officer, purpose_id=rock.uid).digest
    give_back_grant(actor=world["scientist"], grant_id=grant.uid)
    given = {"actor": officer, "purpose_id": rock.uid, "reason": "Given up."}
    with refused(PreconditionMissing, IMPACT_UNSEEN):
        end(**given)  # type: ignore[operator]
    with refused(StaleVersion, IMPACT_CHANGED):
        end(**given, seen_impact=seen)  # type: ignore[operator]
    end(**given, seen_impact=impact_of_ending(actor=officer, purpose_id=rock.uid).digest)  # type: ignore[operator]
