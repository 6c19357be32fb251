"""A program for which nobody answered is stopped, and the keys it holds end with it."""

from __future__ import annotations

from datetime import timedelta

from apps.accounts.commands import disable_account, follow_unanswered
from apps.accounts.events import ServiceAccountSuspended
from apps.accounts.queries import actor_of
from apps.credentials.commands import take_credential
from apps.credentials.tasks import reap, recheck_keys_for_account
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.events import subscribers_of
from tests.credentials.doubles import KeyCabinet
from tests.factories import accounts, lakes
from tests.factories.lakes import Place


def test_its_keys_are_cut_when_it_is_stopped_and_not_before(anywhere: Place, cabinet: KeyCabinet) -> None:
    program, now = accounts.service_account(anywhere.scientist.person), database_now()
    grant = lakes.grant(anywhere, lakes.dataset(anywhere), service_account=program)
    lease = take_credential(actor=actor_of(program), grant_id=grant.uid).lease
    disable_account(actor=SYSTEM, account_id=anywhere.scientist.account.uid)
    for days, works in ((0, True), (14, False)):
        follow_unanswered(actor=SYSTEM, account_id=program.uid, at=now + timedelta(days=days))
        recheck_keys_for_account(program.uid)
        reap()
        assert cabinet.works(lease.uid) is works
    assert any(
        name.endswith("recheck_keys_for_account") for name in subscribers_of(ServiceAccountSuspended.name)
    )
