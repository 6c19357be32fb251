"""What rests on a purpose, as far as somebody may see it."""

from __future__ import annotations

import pytest

from apps.access.queries import grants_resting_on, requests_resting_on
from tests.factories.access import AccessWorld, asked, draft, granted

pytestmark = pytest.mark.django_db


def test_live_grants_and_open_requests_are_found_by_purpose_and_asset(world: AccessWorld) -> None:
    grant = granted(world)
    pay = world.purposes["pay"]
    request = asked(world["scientist"], draft(world.personal, pay))
    officer = world["officer"]
    assert list(grants_resting_on(officer, [grant.purpose_id])) == [grant]
    assert list(grants_resting_on(officer, [grant.purpose_id], [grant.asset_id])) == [grant]
    assert list(grants_resting_on(officer, [grant.purpose_id], [world.personal.asset.pk])) == []
    assert list(grants_resting_on(officer, [pay.pk])) == []
    assert list(requests_resting_on(officer, [pay.pk], [world.personal.asset.pk])) == [request]
    assert list(requests_resting_on(officer, [pay.pk], [world.harmless.asset.pk])) == []


def test_others_access_is_not_shown_to_strangers(world: AccessWorld) -> None:
    grant = granted(world)
    assert list(grants_resting_on(world["colleague"], [grant.purpose_id])) == []
