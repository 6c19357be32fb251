"""Whether anything was done since a moment, also by somebody who began before it and committed after."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from apps.accounts.events import DomainChanged
from apps.accounts.models import Domain
from apps.audit.moments import this_moment, was_anything_done
from apps.audit.record import record, record_refusal
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from tests.factories import accounts as people


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.audit.record._dispatch", lambda _delivery_id: None)


def a_domain() -> Domain:
    return people.domain(people.organization())


def change(domain: Domain) -> None:
    event = DomainChanged(domain_id=domain.uid, changed=(), audience="organization")
    record(event, actor=SYSTEM, at=database_now())


def was_done(since: str) -> bool:
    return was_anything_done(since, besides="credentials")


@pytest.mark.django_db
def test_what_was_done_before_does_not_count_and_what_is_done_after_does(quiet: None) -> None:
    domain = a_domain()
    change(domain)
    since = this_moment()
    assert not was_done(since)
    change(domain)
    assert was_done(since)
    assert not was_done(this_moment())


@pytest.mark.django_db
def test_refusals_and_the_events_of_ones_own_app_do_not_count(quiet: None) -> None:
    domain = a_domain()
    since = this_moment()
    record_refusal(
        command="accounts.change_domain", actor=SYSTEM, at=database_now(), subject_uid=None, reasons=()
    )
    assert not was_done(since)
    change(domain)
    assert not was_anything_done(since, besides="accounts")
    assert was_done(since)


@pytest.mark.django_db(transaction=True)
def test_whoever_began_before_and_commits_after_counts_though_their_number_is_lower(quiet: None) -> None:
    domain = a_domain()
    has_written, may_commit = threading.Event(), threading.Event()

    def begin_early_and_commit_late() -> None:
        with transaction.atomic():
            change(domain)
            has_written.set()
            may_commit.wait(10)
        connection.close()

    other = threading.Thread(target=begin_early_and_commit_late)
    other.start()
    assert has_written.wait(10)
    with transaction.atomic():
        change(domain)  # a higher number, visible in the moment that follows
    since = this_moment()
    assert not was_done(since)
    may_commit.set()
    other.join(10)
    assert was_done(since)


@pytest.mark.django_db(transaction=True)
def test_what_this_transaction_does_counts_though_another_that_began_later_is_committed(quiet: None) -> None:
    """A snapshot takes its own transaction for a finished one as soon as a later one has finished."""
    domain = a_domain()

    def another() -> None:
        change(domain)
        connection.close()

    with transaction.atomic():
        change(domain)
        later = threading.Thread(target=another)
        later.start()
        later.join(10)
        since = this_moment()
        assert not was_done(since)
        change(domain)
        assert was_done(since)
