"""A question that is put together once answers, each time, about what is given then."""

from __future__ import annotations

from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import NotSupportedError, connection
from django.db.models import Value
from django.db.models.functions import JSONObject
from django.db.transaction import TransactionManagementError, atomic
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Domain, Organization
from apps.kernel.questions import KEYS, Given, Question, among, each_given, planned_once
from portal.embedded import APP_ROLE, OWNER_ROLE
from portal.embedded.postgres import Postgres
from tests.clones import name_in_use
from tests.factories.accounts import domain, organization

BY_KEY: Question[Domain] = Question(
    lambda *related: Domain.objects.select_related(*related).filter(pk=Given("key"))
)
PREPARED = "SELECT statement FROM pg_prepared_statements WHERE statement LIKE %s"


@pytest.mark.django_db
def test_it_answers_about_what_is_given_each_time_and_with_what_is_read_beside_it() -> None:
    places = [organization(), organization()]
    made = [domain(place) for place in places]
    with CaptureQueriesContext(connection) as asked:
        found = [BY_KEY.first("organization", key=each.pk) for each in made]
        assert [each.organization if each else None for each in found] == places
    assert len(asked) == 2
    assert BY_KEY.first("organization", key=0) is None
    assert found == made


@pytest.mark.django_db
def test_lists_tuples_and_single_values_come_as_they_would_without_it() -> None:
    made = [domain(organization()) for _ in range(3)]
    some = Domain.objects.filter(among("pk", Given("keys", KEYS))).order_by("pk")
    rows: Question[Any] = Question(lambda: some.all())
    pairs: Question[Any] = Question(lambda: some.values_list("pk", "organization__name"))
    names: Question[Any] = Question(lambda: some.values_list("name", flat=True))
    said: Question[Any] = Question(lambda: some.values_list(JSONObject(kind=Value("domain"), name="name")))
    for wanted in (made[:2], made[1:], []):
        keys = [each.pk for each in wanted]
        assert rows.rows(keys=keys) == wanted
        assert pairs.rows(keys=keys) == [(each.pk, each.organization.name) for each in wanted]
        assert names.rows(keys=keys) == [each.name for each in wanted]
        assert said.rows(keys=keys) == [({"kind": "domain", "name": each.name},) for each in wanted]


@pytest.mark.django_db
def test_it_is_one_statement_of_the_session_however_large_the_keys_are() -> None:
    small, large = 3, 2**40
    question: Question[Domain] = Question(lambda: Domain.objects.filter(pk=Given("key"), name="One of it"))
    for key in (small, large, small):
        question.rows(key=key)
    with connection.cursor() as cursor:
        cursor.execute(PREPARED, ['%"name" = $1 AND%'])
        assert len(cursor.fetchall()) == 1


@pytest.mark.django_db
def test_what_is_asked_beside_it_is_not_prepared() -> None:
    with planned_once():
        list(Domain.objects.filter(name="Prepared"))
    for _ in range(3):
        list(Domain.objects.filter(name="Not prepared", organization__name="Not prepared"))
    with connection.cursor() as cursor:
        cursor.execute(PREPARED, ["%accounts_domain%"])
        found = [statement for (statement,) in cursor.fetchall()]
    assert any("name" in each for each in found)
    assert not any("accounts_organization" in each and "Not prepared" in each for each in found)


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_asked_for_within_a_transaction_alone_and_other_threads_ask_by_their_own_sessions() -> None:
    made = domain(organization())
    locked: Question[Domain] = Question(
        lambda: Domain.objects.select_for_update().filter(organization=Given("place"))
    )
    with atomic():
        assert locked.rows(place=made.organization_id) == [made]
    with pytest.raises(TransactionManagementError):
        locked.rows(place=made.organization_id)
    sessions: list[Any] = [_session()]

    def elsewhere() -> None:
        assert BY_KEY.first("organization", key=made.pk) == made
        sessions.append(_session())
        connection.close()

    assert BY_KEY.first("organization", key=made.pk) == made
    other = Thread(target=elsewhere)
    other.start()
    other.join()
    assert len(set(sessions)) == 2
    assert Organization.objects.filter(pk=made.organization_id).exists()


def _session() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
def test_several_are_given_one_by_one_and_what_was_asked_can_be_read() -> None:
    made = [domain(organization()) for _ in range(3)]
    each: Question[Domain] = Question(
        lambda count: Domain.objects.filter(pk__in=each_given("keys", count)).order_by("pk")
    )
    for wanted in (made, made[1:], made[:2]):
        with CaptureQueriesContext(connection) as asked:
            assert each.rows(len(wanted), keys=[one.pk for one in wanted]) == wanted
        assert "accounts_domain" in asked[0]["sql"]


@pytest.mark.django_db(transaction=True)
def test_a_session_remembers_its_statements_after_what_was_rolled_back() -> None:
    made = domain(organization())
    Domain.objects.filter(pk=made.pk).update(name="Remembered")
    kept = Domain.objects.filter(description=Given("said"), name="Remembered")
    question: Question[Domain] = Question(lambda: kept.all())
    with pytest.raises(ZeroDivisionError), atomic():
        assert question.rows(said=made.description) == [made]
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute(PREPARED, ['%"description" = ($1)%'])
        assert len(cursor.fetchall()) == 1
    assert question.rows(said=made.description) == [made]
    connection.close()
    assert question.rows(said=made.description) == [made]


@pytest.mark.django_db
def test_nothing_that_can_be_found_is_no_row_and_no_statement() -> None:
    question: Question[Domain] = Question(
        lambda *keys: Domain.objects.filter(pk__in=each_given("keys", len(keys)))
    )
    with CaptureQueriesContext(connection) as asked:
        assert question.rows(keys=[]) == []
    assert len(asked) == 0


@pytest.mark.django_db(transaction=True)
def test_a_table_that_was_changed_is_asked_anew_and_a_transaction_in_between_is_lost_once(
    postgres: Postgres,
) -> None:
    owner = psycopg.connect(postgres.url(OWNER_ROLE, name_in_use()), autocommit=True)
    owner.execute("CREATE TABLE changed AS SELECT 7::smallint AS size")
    owner.execute(f"GRANT SELECT ON changed TO {APP_ROLE}")

    def answers() -> list[Any]:
        with planned_once(), connection.cursor() as cursor:
            cursor.execute("SELECT size FROM changed")
            return [value for (value,) in cursor.fetchall()]

    assert answers() == answers() == [7]
    owner.execute("ALTER TABLE changed ALTER size TYPE bigint")
    assert answers() == [7]
    owner.execute("ALTER TABLE changed ALTER size TYPE text")
    with pytest.raises(NotSupportedError), atomic():
        answers()
    with atomic():
        assert answers() == ["7"]
    owner.close()
