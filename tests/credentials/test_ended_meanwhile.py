"""The grant ends, or its lake, while the provider is at work: no key is handed out, and none is left."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from apps.access.facts import Ask
from apps.access.queries import Answer
from apps.credentials.commands import (
    confirm_lease,
    cut_grant,
    issuing,
    request_revocation,
    reserve_lease,
    take_credential,
)
from apps.credentials.commands.ending import end_key
from apps.credentials.tasks import reap
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidState
from apps.lakes.commands import disable_lake
from apps.lakes.providers.registry import provider_for
from apps.policy.facts import Identifiability
from tests.credentials.doubles import KeyCabinet
from tests.credentials.faults import INSIDE, only_lease
from tests.factories import lakes
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.lakes.refusals import is_denied

# --- the grant ends between reservation and confirmation --------------------------------------------


def test_a_grant_revoked_meanwhile_gives_no_key_and_the_key_is_dead(place: Place, lake: DemoLake) -> None:
    grant = lakes.grant(place, lakes.dataset(place))
    reserved = reserve_lease(actor=place.scientist.actor, grant_id=grant.uid, idempotency_key="")
    issued = provider_for(reserved.spec.connection).issue(reserved.spec)
    client = lake.session_client(issued.secret.reveal())
    assert client.get_object(Bucket=BUCKET, Key=INSIDE)["Body"].read()
    cut_grant(actor=place.owner.actor, grant_id=grant.uid, comment="Needed no more.")
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))
    confirmed = confirm_lease(
        actor=place.scientist.actor, grant_id=grant.uid, lease_id=reserved.lease.uid, issued=issued
    )
    assert confirmed.state == "revoke_requested"
    reap()
    assert only_lease().state == "revoked"
    assert is_denied(lambda: client.get_object(Bucket=BUCKET, Key=INSIDE))


@pytest.mark.parametrize("moment", ["before_issue", "after_issue"])
def test_a_taker_whose_grant_is_revoked_meanwhile_gets_a_409(
    anywhere: Place, cabinet: KeyCabinet, moment: str
) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))

    def cut(_spec: object) -> None:
        cut_grant(actor=anywhere.owner.actor, grant_id=grant.uid, comment="Needed no more.")

    setattr(cabinet, moment, cut)
    with pytest.raises(InvalidState) as refused:
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == "REVOKED_MEANWHILE"
    reap()
    assert not cabinet.works(only_lease().uid)
    assert only_lease().state == "revoked"


def test_a_taker_whose_lake_is_disabled_meanwhile_gets_no_key(anywhere: Place, cabinet: KeyCabinet) -> None:
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    cabinet.after_issue = lambda _spec: disable_lake(actor=SYSTEM, lake_id=anywhere.lake.uid, reason="Moves.")
    with pytest.raises(InvalidState) as refused:
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == "LAKE_DISABLED_MEANWHILE"
    reap()
    assert not cabinet.works(only_lease().uid)


def test_a_key_made_while_the_provider_is_told_to_end_it_is_ended_all_the_same(
    anywhere: Place, cabinet: KeyCabinet
) -> None:
    """The provider saw nothing to revoke, and nothing when it was read back; then the key came."""
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    reserved = reserve_lease(actor=anywhere.scientist.actor, grant_id=grant.uid, idempotency_key="")
    request_revocation(actor=anywhere.scientist.actor, lease_id=reserved.lease.uid)
    read_back = cabinet.read_back

    def reads_back_then_key_comes(handle: object) -> object:
        answer = read_back(handle)  # type: ignore[arg-type]
        issued = cabinet.issue(reserved.spec)
        confirm_lease(
            actor=anywhere.scientist.actor, grant_id=grant.uid, lease_id=reserved.lease.uid, issued=issued
        )
        return answer

    cabinet.read_back = reads_back_then_key_comes  # type: ignore[method-assign,assignment]
    end_key(reserved.lease.uid)
    cabinet.read_back = read_back  # type: ignore[method-assign]
    assert cabinet.works(reserved.lease.uid)
    assert only_lease().state == "revoke_requested"
    reap()
    assert not cabinet.works(reserved.lease.uid)
    assert only_lease().state == "revoked"


def test_a_key_that_would_outlive_its_grant_is_not_handed_out(anywhere: Place, cabinet: KeyCabinet) -> None:
    """A provider counts from its answer, not from our question: a slow one overshoots."""
    grant = lakes.grant(anywhere, lakes.dataset(anywhere))
    reserved = reserve_lease(
        actor=anywhere.scientist.actor,
        grant_id=grant.uid,
        idempotency_key="",
        at=grant.not_after - timedelta(seconds=60),
    )
    issued = cabinet.issue(reserved.spec)
    overshot = type(issued)(
        secret=issued.secret,
        expires_at=grant.not_after + timedelta(seconds=3),
        scope_hash=issued.scope_hash,
        handle=issued.handle,
    )
    confirmed = confirm_lease(
        actor=anywhere.scientist.actor,
        grant_id=grant.uid,
        lease_id=reserved.lease.uid,
        issued=overshot,
        at=grant.not_after - timedelta(seconds=57),
    )
    assert (confirmed.state, confirmed.fault) == ("revoke_requested", "KEY_OUTLIVES_GRANT")


# --- policy is asked again where something changed ---------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Ask]:
    """What policy was asked."""
    put: list[Ask] = []
    answer = issuing.answer

    def answered(ask: Ask, *, at: datetime) -> Answer:
        put.append(ask)
        return answer(ask, at=at)

    monkeypatch.setattr(issuing, "answer", answered)
    return put


def test_a_class_that_is_raised_meanwhile_gives_no_key(
    anywhere: Place, cabinet: KeyCabinet, asked: list[Ask]
) -> None:
    asset = lakes.dataset(anywhere)
    grant = lakes.grant(anywhere, asset)
    cabinet.after_issue = lambda _spec: lakes.classified(
        anywhere,
        asset.versions.get(),
        "internal",
        identifiability=Identifiability.IDENTIFIED,
        categories=("UID",),
    )
    with pytest.raises(InvalidState) as refused:
        take_credential(actor=anywhere.scientist.actor, grant_id=grant.uid)
    assert refused.value.code == "REVOKED_MEANWHILE"
    assert len(asked) == 2
    reap()
    assert not cabinet.works(only_lease().uid)


def test_where_only_keys_were_taken_meanwhile_policy_is_not_asked_again(
    anywhere: Place, cabinet: KeyCabinet, asked: list[Ask]
) -> None:
    asset = lakes.dataset(anywhere)
    first, second = lakes.grant(anywhere, asset), lakes.grant(anywhere, asset)

    def take_another(_spec: object) -> None:
        cabinet.after_issue = lambda _spec: None
        take_credential(actor=anywhere.scientist.actor, grant_id=second.uid)

    cabinet.after_issue = take_another
    assert take_credential(actor=anywhere.scientist.actor, grant_id=first.uid).lease.state == "issued"
    assert len(asked) == 2  # once for each key
