"""Lakes: connecting, changing, testing; what is wrong is told beside the field, what was typed stays."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from apps.accounts.models import Organization
from apps.accounts.roles import Role
from apps.audit import tasks
from apps.audit.models import AuditEvent
from apps.console.probes import asked
from apps.credentials.models import Lease
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.lakes.commands import change_lake
from apps.lakes.models import Lake
from tests.console.conftest import Browse
from tests.factories import accounts, lakes
from tests.factories.access import AccessWorld, granted
from tests.factories.reviews import used
from tests.flatness import assert_flat
from tests.lab.demo_lake import DemoLake

BUDGET = 15


@pytest.fixture(scope="module")
def running_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoLake]:
    with lakes.furnished_lake(tmp_path_factory.mktemp("lake")) as running:
        yield running


@pytest.fixture
def keys(running_lake: DemoLake, monkeypatch: pytest.MonkeyPatch) -> DemoLake:
    """The lake, its keys in the portal's environment; nobody listens for events."""
    for name, value in running_lake.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(tasks.deliver, "delay", lambda delivery: None)
    return running_lake


def filled(**given: Any) -> dict[str, Any]:
    made = {
        "name": "Research lake",
        "flavor": "ceph",
        "country": "DE",
        "endpoint": "https://lake.example.org:8443",
        "region": "eu-central-1",
        "role_arn": "arn:aws:iam::123456789012:role/lakewarden",
        "roots": "research/geology/\r\n\r\nmodels",
        "secret_ref": "RESEARCH",
        "key": str(uuid4()),
    }
    return {**made, **given}


@pytest.mark.parametrize(("flavor", "knows_external_id"), [("aws", True), ("ceph", False), ("minio", False)])
def test_an_administrator_connects_a_lake_once(
    world: AccessWorld, browse: Browse, flavor: str, knows_external_id: bool
) -> None:
    client, form = browse("administrator"), filled(flavor=flavor)
    answers = [client.post("/lakes/new/", form) for _ in range(2)]
    lake = Lake.objects.get(name="Research lake")
    assert [answer.headers["Location"] for answer in answers] == [f"/lakes/{lake.uid}/"] * 2
    assert lake.roots == ["research/geology/", "models"]
    assert (lake.organization, lake.country, lake.ttl_max_seconds) == (world.organization, "DE", None)
    page = client.get(f"/lakes/{lake.uid}/").text
    code = world.organization.code.upper()
    for name in ("ISSUER_KEY", "ISSUER_SECRET", "ADMIN_KEY", "ADMIN_SECRET"):
        assert f"LAKEWARDEN_LAKE_{code}_RESEARCH_{name}" in page
    assert (lake.external_id in page) is knows_external_id
    assert "Never tested" in page


def test_the_form_names_the_variables_of_the_organization(world: AccessWorld, browse: Browse) -> None:
    page = browse("administrator").get("/lakes/new/").text
    assert f"LAKEWARDEN_LAKE_{world.organization.code.upper()}_RESEARCH_ISSUER_KEY" in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("endpoint", "https://169.254.169.254", "The address 169.254.169.254 cannot be a lake."),
        ("endpoint", "http://lake.example.org", "Keys travel over https only"),
        ("endpoint", "https://me:word@lake.example.org", "Remove user, path, query and fragment"),
        ("sts_endpoint", "https://[fe80::1]", "cannot be a lake."),
        ("region", "evil.example/", "«evil.example/» cannot be the name of a region."),
        ("role_arn", "lakewarden", "is not an ARN of a role."),
        ("roots", "research/geology", "«research/geology»: A storage prefix ends with a slash"),
        ("roots", "UPPER", "«UPPER»: The character U (U+0055) cannot stand in a bucket name."),
        ("secret_ref", "lower case", "is malformed."),
        ("country", "Germany", "Write the country as two capital letters, such as DE."),
        ("ttl_max_seconds", "an hour", "Write a whole number of seconds, such as 3600 for an hour."),
    ],
)
def test_what_is_refused_is_told_at_its_field_and_stays(
    browse: Browse, field: str, typed: str, said: str
) -> None:
    page = browse("administrator").post("/lakes/new/", filled(**{field: typed}))
    assert page.status_code == 400
    assert page.context["form"][field].value() == typed
    assert page.context["form"]["name"].value() == "Research lake"
    assert not page.context["form"].refusal
    assert any(said in error for error in page.context["form"].errors[field])
    assert not Lake.objects.filter(name="Research lake").exists()


def test_everything_that_is_wrong_is_told_at_once(browse: Browse) -> None:
    wrong = filled(endpoint="https://169.254.169.254", region="a/b", role_arn="nobody")
    page = browse("administrator").post("/lakes/new/", wrong)
    assert set(page.context["form"].errors) == {"endpoint", "region", "role_arn"}


def test_a_name_that_is_taken_is_told_at_the_name(world: AccessWorld, browse: Browse) -> None:
    lakes.connection(world.organization, name="research LAKE")
    page = browse("administrator").post("/lakes/new/", filled())
    assert page.status_code == 409
    assert page.text.count("There is already a lake called «Research lake» in this organization.") == 2


def test_a_change_sends_what_differs_and_needs_a_new_test(world: AccessWorld, browse: Browse) -> None:
    lake = lakes.connection(world.organization)
    client = browse("administrator")
    answer = client.post(
        f"/lakes/{lake.uid}/change/", changed(client, lake, roots="vault-one\r\nvault-three")
    )
    assert answer.status_code == 302
    lake.refresh_from_db()
    assert lake.roots == ["vault-one", "vault-three"]
    event = AuditEvent.objects.filter(name="lakes.lake.changed", subject_uid=lake.uid).get()
    assert event.data["changed"] == ["roots"]


def test_who_was_overtaken_sees_both_and_keeps_what_was_typed(world: AccessWorld, browse: Browse) -> None:
    lake = lakes.connection(world.organization)
    client, path = browse("administrator"), f"/lakes/{lake.uid}/change/"
    form = changed(client, lake, region="typed-here")
    change_lake(actor=SYSTEM, lake_id=lake.uid, region="set-by-another")
    page = client.post(path, form)
    assert page.status_code == 412
    assert "Somebody else changed it while you wrote" in page.text
    assert "set-by-another" in page.text and "typed-here" in page.text
    again = {**form, "row_version": page.context["form"]["row_version"].value()}
    assert client.post(path, again).status_code == 302
    lake.refresh_from_db()
    assert lake.region == "typed-here"
    assert client.post(path, again).status_code == 302  # sent twice: nothing more happens
    assert AuditEvent.objects.filter(name="lakes.lake.changed", subject_uid=lake.uid).count() == 2


def test_a_limit_once_set_is_not_silently_kept(world: AccessWorld, browse: Browse) -> None:
    lake = lakes.connection(world.organization, ttl_max_seconds=600)
    client = browse("administrator")
    page = client.post(f"/lakes/{lake.uid}/change/", changed(client, lake, ttl_max_seconds=""))
    assert page.status_code == 400
    assert page.text.count("A limit can be changed but not taken away.") == 2


def changed(client: Client, lake: Lake, **given: str) -> dict[str, Any]:
    """What the form for a change would send."""
    form = client.get(f"/lakes/{lake.uid}/change/").context["form"]
    return {**{field.name: field.value() or "" for field in form}, **given}


def test_a_sound_lake_is_shown_sound(keys: DemoLake, world: AccessWorld, browse: Browse) -> None:
    lake = lakes.connection(world.organization, keys)
    client = browse("administrator")
    answer = client.post(f"/lakes/{lake.uid}/test/", follow=True)
    assert "The test passed: the lake answered as it should." in answer.text
    assert "Test passed" in answer.text
    assert "Not as it should be" not in answer.text
    probes = answer.context["probes"]
    assert len(probes) == answer.text.count("As it should be")
    assert all(probe.meaning and not probe.remedy for probe in probes)
    assert "Does the revoked key still open something?" in answer.text


def test_a_dead_endpoint_is_shown_faulty_with_what_mends_it(
    keys: DemoLake, world: AccessWorld, browse: Browse
) -> None:
    lake = lakes.connection(world.organization)
    answer = browse("administrator").post(f"/lakes/{lake.uid}/test/", follow=True)
    assert "The test failed: 2 answers were not as they should be." in answer.text
    assert "Test failed" in answer.text
    assert answer.text.count("Not as it should be") == 2
    assert answer.text.count("Nothing answers at the endpoint.") == 2
    lake.refresh_from_db()
    assert lake.verified_at is None
    event = AuditEvent.objects.filter(name="lakes.lake.verified", subject_uid=lake.uid).get()
    entry = browse("auditor").get(f"/trail/{event.uid}/").text
    assert "Does the lake issue a key?" in entry and f'href="/lakes/{lake.uid}/"' in entry


def test_a_lake_that_was_changed_after_its_test_says_so(
    keys: DemoLake, world: AccessWorld, browse: Browse
) -> None:
    lake = lakes.connection(world.organization, keys)
    client = browse("administrator")
    client.post(f"/lakes/{lake.uid}/test/")
    change_lake(actor=SYSTEM, lake_id=lake.uid, region="eu-central-1")
    assert "The connection was changed after this test" in client.get(f"/lakes/{lake.uid}/").text
    assert "Changed since the last test" in client.get("/lakes/").text


def test_a_lake_is_disabled_with_a_reason_and_enabled_again(world: AccessWorld, browse: Browse) -> None:
    lake = lakes.connection(world.organization)
    path, client = f"/lakes/{lake.uid}/", browse("administrator")
    silent = client.post(f"{path}disable/", {"reason": " "})
    assert silent.status_code == 400
    assert 'href="#disable_reason"' in silent.text and "Say why the lake is disabled." in silent.text
    for _twice in range(2):
        page = client.post(f"{path}disable/", {"reason": "Moves on Monday."}, follow=True).text
        assert "Moves on Monday." in page and f"{path}enable/" in page
    assert "already disabled" in page
    assert "Disabled" in client.get("/lakes/").text
    asset = world.personal.asset.uid
    assert lake.name not in browse("steward").get(f"/catalog/{asset}/locations/new/").text
    page = client.post(f"{path}enable/", follow=True).text
    assert "keys are given for it again" in page and f"{path}disable/" in page
    assert lake.name in browse("steward").get(f"/catalog/{asset}/locations/new/").text


def test_a_secret_that_is_not_set_is_named(
    world: AccessWorld, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = lakes.connection(
        world.organization, flavor="ceph", endpoint="https://127.0.0.1:9", secret_ref="NOWHERE"
    )
    page = browse("administrator").post(f"/lakes/{lake.uid}/test/")
    assert page.status_code == 503
    variable = f"LAKEWARDEN_LAKE_{world.organization.code.upper()}_NOWHERE_ISSUER_KEY"
    assert f"The secret {variable} of this lake connection is not set." in page.text


def test_every_probe_is_worded(keys: DemoLake, world: AccessWorld) -> None:
    """Names come from the adapter: a new one needs words."""
    connection = lakes.connection(world.organization, keys).spec()
    probes = keys.provider().verify_connection(connection)
    told = asked(
        {"name": p.name, "expected": p.expected, "observed": p.observed, "passed": False} for p in probes
    )
    assert len(told) > 8
    assert all(probe.meaning and probe.remedy for probe in told)
    assert len({probe.question for probe in told}) == len(told)


@pytest.mark.parametrize("who", ["steward", "owner", "auditor"])
def test_others_who_work_with_lakes_read_only(world: AccessWorld, browse: Browse, who: str) -> None:
    lake = lakes.connection(world.organization)
    client = browse(who)
    page = client.get(f"/lakes/{lake.uid}/")
    assert page.status_code == 200
    assert "Test connection" not in page.text.replace("«Test connection»", "")
    assert "/change/" not in page.text
    assert client.get("/lakes/new/").status_code == 403
    assert client.get(f"/lakes/{lake.uid}/change/").status_code == 403
    assert client.post("/lakes/new/", filled()).status_code == 403
    assert client.post(f"/lakes/{lake.uid}/change/", changed_by_hand(lake)).status_code == 403
    for act in ("test", "disable", "enable"):
        assert client.post(f"/lakes/{lake.uid}/{act}/", {"reason": "Moves."}).status_code == 403
    lake.refresh_from_db()
    assert lake.region == "us-east-1"


def changed_by_hand(lake: Lake) -> dict[str, Any]:
    return {**filled(), "row_version": lake.row_version, "region": "elsewhere"}


def test_a_scientist_and_a_stranger_see_no_lake(world: AccessWorld, browse: Browse) -> None:
    lake = lakes.connection(world.organization)
    stranger = Client()
    other: Organization = accounts.organization()
    player = accounts.player(other, Role.ADMINISTRATOR)
    stranger.force_login(player.account, backend="apps.accounts.backends.AccountBackend")
    for client in (browse("scientist"), stranger):
        assert lake.name not in client.get("/lakes/").text
        for path in (f"/lakes/{lake.uid}/", f"/lakes/{lake.uid}/change/"):
            assert client.get(path).status_code == 404
        assert client.post(f"/lakes/{lake.uid}/test/").status_code == 404


def test_assets_that_lie_there_are_listed(db: None) -> None:
    at = lakes.place()
    asset = lakes.dataset(at)
    admin = accounts.player(at.organization, Role.ADMINISTRATOR)
    client = Client()
    client.force_login(admin.account, backend="apps.accounts.backends.AccountBackend")
    page = client.get(f"/lakes/{at.lake.uid}/").text
    assert asset.name in page and "vault-one/ds/a/" in page
    assert f'href="/catalog/{asset.uid}/"' in page


def test_lists_are_flat(world: AccessWorld, browse: Browse) -> None:
    client = browse("administrator")
    client.get("/lakes/")
    assert_flat(
        lambda: lakes.connection(world.organization),
        lambda: client.get("/lakes/").text.count('<th role="rowheader"'),
        budget=BUDGET,
    )


def test_lakes_stand_in_the_rail_of_administrators(browse: Browse) -> None:
    assert 'href="/lakes/"' in browse("administrator").get("/").text
    assert 'href="/lakes/"' not in browse("scientist").get("/").text


def test_every_key_is_ended_after_one_has_seen_which(world: AccessWorld, browse: Browse) -> None:
    held = lakes.connection(world.organization)
    address = f"/lakes/{held.uid}/halt/"
    officer = browse("officer")
    session = officer.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(world.players["officer"].account.pk)
    session.save()
    assert f"{address}" in officer.get(f"/lakes/{held.uid}/").text
    page = officer.get(address)
    assert "Nothing: no grant" in page.text
    unread = officer.post(address, {"reason": "A key was found."})
    assert unread.status_code == 428
    given = {"reason": "A key was found.", "seen_impact": page.context["reached"].digest}
    answer = officer.post(address, given, follow=True)
    assert "Every key of the lake is dead" in answer.text
    assert "A key was found." in answer.text
    assert Lake.objects.get(pk=held.pk).disabled_at is not None


def test_who_halts_a_lake_confirms_first_that_it_is_them(world: AccessWorld, browse: Browse) -> None:
    held = lakes.connection(world.organization)
    client = browse("administrator")
    given = {"reason": "A key was found.", "seen_impact": "0" * 64}
    answer = client.post(f"/lakes/{held.uid}/halt/", given)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/")
    assert Lake.objects.get(pk=held.pk).disabled_at is None


def test_overdue_revocations_show_for_how_long_a_key_may_have_worked(
    world: AccessWorld, browse: Browse
) -> None:
    now = database_now()
    lease = used(granted(world))
    Lease.objects.filter(pk=lease.pk).update(
        state="revoke_requested",
        attempts=7,
        fault="LAKE_UNREACHABLE",
        revoke_requested_at=now - timedelta(minutes=12, seconds=5),
        expires_at=now + timedelta(hours=1),
    )
    page = browse("officer").get("/lakes/overdue/").text
    for said in (lease.lake.name, "12 minutes", "7 attempts", "LAKE_UNREACHABLE", str(lease.uid)):
        assert said in page
    assert "12 minutes" not in browse("steward").get("/lakes/overdue/").text
