"""A worker that prepares a view is killed in the middle of it. What it left is ended, another finishes."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from apps.lakes.providers.contract import CredentialSpec, Issued
from apps.lakes.providers.s3 import S3Provider
from apps.preparing.commands import keys
from apps.preparing.events import HouseKeyEnded, HouseKeyIssued
from apps.preparing.models import HouseKey, PreparedView
from apps.preparing.tasks import keep_views_in_step
from apps.preparing.work.job import prepared
from tests.credentials.killed import Step, dies_at
from tests.eventually import eventually
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.preparing import views

pytestmark = pytest.mark.django_db(transaction=True)
KEYS, JOB = "apps.preparing.commands.keys", "apps.preparing.work.job"
INTENT_ONLY = "the intent is committed, nobody is asked"
STEPS = {
    INTENT_ONLY: Step(function=f"{JOB}.issued_key"),
    "the key is made, nothing is confirmed": Step(function=f"{KEYS}.confirm_house_key"),
    "the confirmation is written, not committed": Step(function=KEYS, event=HouseKeyIssued),
    "the key is there, nothing is written with it": Step(function=f"{JOB}.Making"),
    "all is written, nothing is registered": Step(function=f"{JOB}.finish_view"),
    "the view is registered, the key lives": Step(function=f"{JOB}.finish_view", comes_after=True),
    "the end is asked for, nobody is told": Step(function=f"{KEYS}.told_provider"),
    "the provider ended it, nothing is written": Step(function=f"{KEYS}.told_provider", comes_after=True),
    "the end is written, not committed": Step(function=KEYS, event=HouseKeyEnded),
}
ENDED = ("the provider ended it, nothing is written", "the end is written, not committed")


class Telling(S3Provider):
    """The adapter of the house, which leaves its key where the test finds it."""

    def __init__(self, lake: DemoLake, kept: Path) -> None:
        super().__init__(lake.secrets)
        self._kept = kept

    def issue(self, spec: CredentialSpec) -> Issued:
        issued = super().issue(spec)
        self._kept.write_text(json.dumps(dict(issued.secret.reveal())))
        return issued


def opens(lake: DemoLake, kept: Path, prefix: str) -> bool:
    """Whether the key that was left does."""
    try:
        lake.session_client(json.loads(kept.read_text())).list_objects_v2(Bucket=BUCKET, Prefix=prefix)
    except ClientError:
        return False
    return True


@pytest.mark.parametrize("name", STEPS)
def test_no_key_of_the_house_outlives_the_worker_that_died_with_it(
    place: Place,
    lake: DemoLake,
    name: str,
    tmp_path: Path,
    woken: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = tmp_path / "key"
    source = views.rocks(place, lake, a__csv=b"depth,porosity\n1,2\n")
    view = views.asked(place, source, depth={"step": "keep"})
    prefix = source.location.prefix
    with monkeypatch.context() as patch:
        patch.setattr(keys, "provider_for", lambda _connection: Telling(lake, kept))
        dies_at(STEPS[name], object(), partial(prepared, view.uid))
    left = HouseKey.objects.get(view=view)
    assert left.ended_at is None
    assert kept.exists() is (name != INTENT_ONLY)
    if kept.exists():
        assert opens(lake, kept, prefix) is (name not in ENDED)
    woken.clear()
    keep_views_in_step()
    for waiting in woken:  # the server may need a moment to see that who held the lock is dead
        eventually(lambda uid=waiting: views.worked(PreparedView.objects.get(uid=uid)).state == "ready")
    left.refresh_from_db()
    assert (left.state, left.ended_at is None) == ("revoked", False)
    assert not (kept.exists() and opens(lake, kept, prefix))
    assert PreparedView.objects.get(pk=view.pk).state == "ready"
    assert not HouseKey.objects.filter(ended_at__isnull=True).exists()
