"""The web and the worker themselves, as a portal starts them, are killed while a lake holds their call.

No key is left that nobody knows, and no revocation is lost: the next worker finds what they were at.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from celery import Celery
from defusedxml.ElementTree import fromstring

from apps.access.models import Grant
from apps.credentials.models import Lease
from apps.credentials.tasks import INTENT_MAY_TAKE
from apps.kernel.clock import database_now
from portal.embedded.paths import Places
from portal.supervisor.keys import free_port
from portal.supervisor.parts import Part, web, worker
from tests.eventually import eventually
from tests.factories import lakes
from tests.factories.lakes import BUCKET, OBJECTS, Place
from tests.lab.demo_lake import DemoLake
from tests.lab.slow_lake import SlowLake, slow
from tests.lakes.refusals import is_denied
from tests.platform.portal_process import clean_environment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
WITHIN = 60
ENDS_A_KEY = "PutRolePolicy"


@dataclass
class House:
    """`environment` is that of every process; what they write lies in `state`."""

    state: Path
    environment: Mapping[str, str]
    broker: str

    @contextmanager
    def running(self, part: Part) -> Iterator[Callable[[], None]]:
        """Until it is killed with all it started, which what is yielded does, and the end of the block."""
        part.prepare()
        with (self.state / f"{part.name}.txt").open("ab") as output:
            process = subprocess.Popen(part.command, env=part.environment, stdout=output, stderr=output)

        def kill() -> None:
            everybody = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
            for each in everybody:
                each.kill()
            process.wait(WITHIN)

        try:
            eventually(part.answers, within=WITHIN)
            yield kill
        finally:
            if process.poll() is None:
                kill()

    def web(self) -> tuple[str, Part]:
        port = free_port()
        return f"http://127.0.0.1:{port}", web(port, self.environment)

    def worker(self) -> Part:
        places = Places(state=self.state, servers=self.state, runtime=self.state)
        return worker(places, self.environment)

    def wake_reaper(self) -> None:
        """As beat does. What else waited for a worker is lost with the broker: the reaper has to do alone."""
        with Celery(broker=self.broker, set_as_current=False) as clock:
            clock.control.purge()
            clock.send_task("apps.credentials.tasks.reap")


@pytest.fixture
def front(lake: DemoLake) -> Iterator[SlowLake]:
    with slow(lake) as made:
        yield made


@pytest.fixture
def house(lake: DemoLake, database_url: str, valkey: str, tmp_path: Path) -> House:
    environment = {
        **clean_environment(tmp_path),
        **lake.environment,
        "DJANGO_SETTINGS_MODULE": "portal.settings.dev",
        "DATABASE_URL": database_url,
        "BROKER_URL": valkey,
        "LAKEWARDEN_SECRET_KEY": "x" * 60,
    }
    return House(state=tmp_path, environment=environment, broker=valkey)


def asked(url: str, path: str, token: str, body: Mapping[str, str]) -> threading.Thread:
    """By somebody who waits for an answer, and may get none."""
    import requests

    def ask() -> None:
        try:
            requests.post(
                f"{url}/api/v1/{path}",
                json=dict(body),
                headers={"Authorization": f"Bearer {token}"},
                timeout=WITHIN,
            )
        except requests.RequestException:
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread


def key_in(answer: bytes) -> dict[str, str]:
    """What the lake had made and nobody was told."""
    found = {each.tag.rpartition("}")[2]: str(each.text) for each in fromstring(answer).iter()}
    names = {
        "access_key_id": "AccessKeyId",
        "secret_access_key": "SecretAccessKey",
        "session_token": "SessionToken",
    }
    return {ours: found[theirs] for ours, theirs in names.items()}


def grant_to(place: Place, prefix: str) -> Grant:
    return lakes.grant(place, lakes.dataset(place, prefix))


def aged() -> None:
    """So long ago that nobody is at it any more."""
    long_ago = database_now() - INTENT_MAY_TAKE - timedelta(seconds=1)
    Lease.objects.filter(state="intent").update(created_at=long_ago)
    Lease.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=database_now())


def test_a_web_and_a_worker_that_are_killed_leave_no_key_and_lose_no_revocation(
    house: House, front: SlowLake, lake: DemoLake
) -> None:
    place = lakes.place(lake, sts_endpoint=front.url, iam_endpoint=front.url)
    taken, cut = grant_to(place, "ds/a/"), grant_to(place, "ds/b/")
    inside: dict[str, Any] = {"Bucket": BUCKET, "Key": OBJECTS[0]}

    url, part = house.web()
    with house.running(part) as kill, front.holding("AssumeRole", is_answered=True) as hold:
        asking = asked(url, f"grants/{taken.uid}/credentials", place.scientist.token, {})
        assert hold.reached.wait(WITHIN)
        kill()
        asking.join(WITHIN)
    assert Lease.objects.get(grant=taken).state == "intent"
    orphan = lake.session_client(key_in(hold.body))
    assert orphan.get_object(**inside)["Body"].read()

    url, part = house.web()
    with house.running(part) as kill:
        asked(url, f"grants/{cut.uid}/credentials", place.scientist.token, {}).join(WITHIN)
        assert Lease.objects.get(grant=cut).state == "issued"
        with front.holding(ENDS_A_KEY, is_answered=False) as hold:
            asking = asked(url, f"grants/{cut.uid}/revoke", place.owner.token, {"comment": "Needed no more."})
            assert hold.reached.wait(WITHIN)
            kill()
            asking.join(WITHIN)
    cut.refresh_from_db()
    assert cut.state == "revoked"
    assert Lease.objects.get(grant=cut).state == "revoke_requested"

    house.wake_reaper()
    aged()
    with house.running(house.worker()) as kill, front.holding(ENDS_A_KEY, is_answered=False) as hold:
        assert hold.reached.wait(WITHIN)
        kill()
    assert set(Lease.objects.values_list("state", flat=True)) == {"revoke_requested"}
    assert orphan.get_object(**inside)["Body"].read()

    house.wake_reaper()
    aged()
    with house.running(house.worker()):
        eventually(lambda: set(Lease.objects.values_list("state", flat=True)) == {"revoked"}, within=WITHIN)
    assert is_denied(lambda: orphan.get_object(**inside))
    assert not Lease.objects.filter(ended_at__isnull=True).exists()
