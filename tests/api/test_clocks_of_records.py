"""What records with a clock tell of their days, as a program meets it: transfers and requests of people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.lifecycle.rights import RIGHTS, RightsContent, RightsType
from apps.compliance.lifecycle.transfers import TRANSFERS, TransferContent
from apps.kernel.clock import database_now
from tests.api.caller import Caller
from tests.api.conftest import As
from tests.api.test_classification import reasons
from tests.factories import catalog, records
from tests.factories.accounts import World
from tests.factories.occurrences import in_effect


@pytest.fixture
def officer(as_: As) -> Caller:
    return as_(Role.COMPLIANCE_OFFICER)


@pytest.fixture
def version(place: World) -> AssetVersion:
    return catalog.published_asset(place.domain).versions.get()


def test_a_transfer_tells_its_stage_as_its_days_and_its_basis_say(
    officer: Caller, place: World, version: AssetVersion
) -> None:
    partner = records.a_party(place.organization, country="IN")
    end = database_now().date() + timedelta(days=30)
    for name, until in (("Desk", None), ("Night desk", end)):
        content = TransferContent(name=name, importer=partner.uid, data="Names.", effective_to=until)
        records.kept(place.organization, TRANSFERS, content)

    def stages() -> list[str]:
        return sorted(row["stage"] for row in officer.get("transfers").json()["results"])

    assert stages() == ["active", "expiring"]
    in_effect(place.organization, Happening.INSTRUMENT_INVALID, version, country="US")
    assert stages() == ["active", "expiring"]
    in_effect(place.organization, Happening.INSTRUMENT_INVALID, version, country="IN")
    assert stages() == ["suspended", "suspended"]


def test_a_request_whose_clock_stands_says_so_and_a_hurried_right_does_not_wait(
    officer: Caller, place: World
) -> None:
    def begun(right: RightsType) -> str:
        content = RightsContent(
            name="A letter", type=right, received_at=database_now(), person_ref="7", calendar="DE"
        )
        return f"rights-requests/{records.kept(place.organization, RIGHTS, content).uid}"

    today = database_now().date().isoformat()
    path, said = begun(RightsType.ACCESS), {"why": "The rows bear no key.", "told_on": today}
    assert officer.get(path).json()["stopped"] is None
    stopped = officer.post(f"{path}/step", {"step": "cannot-tell", "said": said}).json()
    assert (stopped["due"], stopped["stopped"]["article"]) == (None, "Art. 11(2) GDPR")
    assert stopped["record"]["stage"] == "unidentified"
    cured = officer.post(f"{path}/step", {"step": "can-tell", "said": {"what": "A number."}}).json()
    assert (cured["stopped"], cured["record"]["stage"]) == (None, "received")
    assert cured["due"] == stopped["stopped"]["would_end"]
    hurried = officer.post(f"{begun(RightsType.OBJECTION)}/step", {"step": "cannot-tell", "said": said})
    assert (hurried.status_code, reasons(hurried)) == (422, [("RIGHTS_ALWAYS_POSSIBLE", "")])
