"""A program signs in by what its platform says of it: who may register that, and what is taken for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts import commands
from apps.accounts.authorization import NOT_ACTIVE, NOT_PERMITTED
from apps.accounts.commands.workloads import ACCESS_LIVES, MOST_A_MINUTE, audience_of
from apps.accounts.errors import TOKEN_MINTS_TOKEN
from apps.accounts.freshness import STEP_UP_NEEDED
from apps.accounts.models import ApiToken, PersonStatus, WorkloadIdentity, WorkloadTokenUse
from apps.accounts.queries import actor_of, live_token
from apps.accounts.roles import Role
from apps.accounts.workloads import discovery, errors
from apps.accounts.workloads.exchange import exchange
from apps.audit.models import AuditEvent
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import LakewardenError
from tests.factories import accounts
from tests.factories.accounts import Player, World
from tests.issuer import SUBJECT, Issuer, claims, issuing, key_set, public_key, signed
from tests.listener import answering

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def issuer(settings: Any) -> Iterator[Issuer]:
    """One that the operator named as inside, in plain HTTP."""
    with issuing() as issuer:
        settings.OUTBOUND_INSIDE = [issuer.url]
        yield issuer


@pytest.fixture
def world() -> World:
    return accounts.world()


@pytest.fixture
def answers(world: World) -> Player:
    """Who answers for the program."""
    return accounts.player(world.organization)


@pytest.fixture
def identity(issuer: Issuer, answers: Player) -> WorkloadIdentity:
    program = accounts.service_account(answers.person)
    return register(answers, program, issuer=issuer.url)


def register(answers: Player, program: Any, **given: Any) -> WorkloadIdentity:
    usual = {"name": "Nightly", "issuer": "https://ci.example.org", "subject": SUBJECT, "scopes": ["read"]}
    made: WorkloadIdentity = commands.register_workload(
        actor=answers.actor, account_id=program.uid, **{**usual, **given}
    )
    return made


def code_of(act: Callable[[], Any]) -> str:
    with pytest.raises(LakewardenError) as refusal:
        act()
    return refusal.value.code


def noted(identity: WorkloadIdentity) -> str:
    """Why a token was last refused, for those who may know."""
    identity.refresh_from_db()
    return str((identity.last_refusal or {}).get("code"))


def test_a_token_of_the_platform_gives_an_access_token_for_minutes(
    issuer: Issuer, identity: WorkloadIdentity
) -> None:
    made = exchange(compact=issuer.token(identity.audience))
    token = ApiToken.objects.get(identity=identity)
    assert token.scopes == ["read"] and token.expires_at - token.created_at == ACCESS_LIVES
    assert made.secret not in json.dumps([token.digest, token.prefix, token.name])
    identity.refresh_from_db()
    assert identity.last_used_at == token.created_at
    told = AuditEvent.objects.get(name="accounts.workload.signed_in")
    assert (told.subject_uid, told.actor_account_id) == (identity.uid, identity.account_id)
    assert told.data["token_id"] == str(token.uid)
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]


def test_keys_are_read_once_an_hour_and_pasted_ones_never(issuer: Issuer, identity: WorkloadIdentity) -> None:
    for _ in range(3):
        exchange(compact=issuer.token(identity.audience))
    assert len(issuer.asked) == 2
    pasted = accounts.workload(identity.account, keys=key_set(public_key("RS256")), subject="pod")
    said = claims("https://ci.example.org", pasted.audience, sub="pod")
    exchange(compact=signed(said))
    assert len(issuer.asked) == 2


def test_a_new_key_of_the_issuer_is_found_and_asked_for_once_a_minute(
    issuer: Issuer, identity: WorkloadIdentity
) -> None:
    exchange(compact=issuer.token(identity.audience))
    issuer.keys = [public_key("ES256")]
    later = database_now() + 2 * MINUTE

    def turned(at: Any) -> str:
        now = int(at.timestamp())
        return signed(claims(issuer.url, identity.audience, iat=now, exp=now + 300), "ES256")

    exchange(compact=turned(later), at=later)
    assert len(issuer.asked) == 4
    strange = signed(claims(issuer.url, identity.audience), "EdDSA")
    for _ in range(3):
        assert code_of(lambda: exchange(compact=strange, at=later)) == errors.TOKEN_UNTRUSTED
    assert len(issuer.asked) == 4
    assert noted(identity) == errors.KEY_UNKNOWN


def test_keys_that_cannot_be_read_again_are_believed_for_a_day(
    issuer: Issuer, identity: WorkloadIdentity
) -> None:
    exchange(compact=issuer.token(identity.audience))
    issuer.says["/keys"] = answering(500)

    def at(moment: Any) -> Any:
        now = int(moment.timestamp())
        compact = issuer.token(identity.audience, iat=now, exp=now + 60)
        return exchange(compact=compact, at=moment)

    start = database_now()
    at(start + timedelta(hours=20))
    assert code_of(lambda: at(start + timedelta(hours=25))) == errors.TOKEN_UNTRUSTED
    assert noted(identity) == errors.KEYS_UNREAD


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("/keys", answering(200, b"x" * 70_000)),
        ("/keys", answering(200, b"\xff")),
        ("/keys", answering(302, Location="/other")),
        ("/keys", answering(200, b'{"keys": []}')),
        ("/.well-known/openid-configuration", answering(200, b"[]")),
        ("/.well-known/openid-configuration", answering(200, b'{"issuer": "https://other"}')),
        (
            "/.well-known/openid-configuration",
            answering(200, b'{"issuer": "ISSUER", "jwks_uri": "http://169.254.169.254/keys"}'),
        ),
    ],
    ids=["too large", "no text", "elsewhere", "empty", "no object", "another", "inside"],
)
def test_what_is_no_key_set_is_none(
    issuer: Issuer, identity: WorkloadIdentity, target: str, says: Any
) -> None:
    issuer.says[target] = says
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == errors.TOKEN_UNTRUSTED
    assert noted(identity) in {errors.KEYS_UNREAD, errors.WORKLOAD_KEYS}
    identity.refresh_from_db()
    assert identity.keys_fetched is None


def test_an_issuer_that_is_slow_is_not_waited_for(
    issuer: Issuer, identity: WorkloadIdentity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "SECONDS", 0.2)
    issuer.says["/keys"] = lambda _wire: issuer.listener.let_go.wait(5)
    begun = time.monotonic()
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == errors.TOKEN_UNTRUSTED
    assert time.monotonic() - begun < 3
    assert noted(identity) == errors.KEYS_UNREAD


@pytest.mark.parametrize(
    "given", [{"aud": "https://other"}, {"sub": "repo:example/rocks"}, {"iss": "https://other.example"}]
)
def test_what_is_not_registered_together_is_trusted_by_nobody_and_asks_nobody(
    issuer: Issuer, identity: WorkloadIdentity, given: dict[str, str]
) -> None:
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience, **given))) == (
        errors.TOKEN_UNTRUSTED
    )
    assert issuer.asked == []


def test_a_stranger_is_told_the_same_whatever_is_registered(
    issuer: Issuer, identity: WorkloadIdentity
) -> None:
    """Forged for what is registered, and for what is not."""
    told = []
    for audience in (identity.audience, "https://other"):
        forged = signed(claims(issuer.url, audience), "RS256", 2, kid="RS256-1")
        with pytest.raises(LakewardenError) as refusal:
            exchange(compact=forged)
        told.append(refusal.value.reasons)
    assert told[0] == told[1]
    assert noted(identity) == errors.SIGNATURE_WRONG


def test_each_token_is_taken_once_unless_it_was_registered_otherwise(
    issuer: Issuer, identity: WorkloadIdentity, answers: Player
) -> None:
    once = issuer.token(identity.audience)
    exchange(compact=once)
    assert code_of(lambda: exchange(compact=once)) == errors.TOKEN_USED
    assert AuditEvent.objects.filter(name="accounts.sign_in_workload", outcome="refused").count() == 1
    program = accounts.service_account(answers.person)
    again = register(answers, program, issuer=issuer.url, is_single_use=False)
    twice = issuer.token(again.audience)
    assert exchange(compact=twice).secret != exchange(compact=twice).secret
    with pytest.raises(IntegrityError), transaction.atomic():
        use = WorkloadTokenUse.objects.get()
        WorkloadTokenUse.objects.create(identity=identity, digest=use.digest, ends_at=use.ends_at)


def test_a_token_that_ended_or_says_something_else_is_refused_with_the_fact(
    issuer: Issuer, answers: Player
) -> None:
    program = accounts.service_account(answers.person)
    identity = register(answers, program, issuer=issuer.url, claims={"ref": "main"})
    past = int(database_now().timestamp()) - 600
    ended = issuer.token(identity.audience, ref="main", iat=past, exp=past + 300)
    assert code_of(lambda: exchange(compact=ended)) == errors.TOKEN_ENDED
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == errors.CLAIM_DIFFERS
    exchange(compact=issuer.token(identity.audience, ref="main"))


def test_less_may_be_asked_for_and_more_is_not_given(issuer: Issuer, answers: Player) -> None:
    program = accounts.service_account(answers.person)
    identity = register(answers, program, issuer=issuer.url, scopes=["read", "credentials"])
    made = exchange(compact=issuer.token(identity.audience), scopes=["credentials"])
    assert made.token.scopes == ["credentials"]
    compact = issuer.token(identity.audience)
    assert code_of(lambda: exchange(compact=compact, scopes=["write"])) == errors.EXCHANGE_SCOPE


def test_an_account_that_is_stopped_or_whose_person_is_not_active_signs_nobody_in(
    issuer: Issuer, identity: WorkloadIdentity, world: World, answers: Player
) -> None:
    admin = world[Role.ADMINISTRATOR].actor
    commands.disable_account(actor=admin, account_id=identity.account.uid)
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == NOT_ACTIVE
    commands.enable_account(actor=admin, account_id=identity.account.uid)
    made = exchange(compact=issuer.token(identity.audience))
    status = PersonStatus.SUSPENDED
    commands.change_person(actor=admin, person_id=answers.person.uid, status=status)
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == NOT_ACTIVE
    assert live_token(made.token.digest, at=database_now()) is None


def test_what_is_removed_signs_nobody_in_and_what_it_was_given_ends(
    issuer: Issuer, identity: WorkloadIdentity, world: World
) -> None:
    made = exchange(compact=issuer.token(identity.audience))
    admin = world[Role.ADMINISTRATOR].actor
    commands.remove_workload(actor=admin, workload_identity_id=identity.uid)
    assert live_token(made.token.digest, at=database_now()) is None
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == errors.TOKEN_UNTRUSTED
    again = {"actor": admin, "workload_identity_id": identity.uid}
    assert code_of(lambda: commands.remove_workload(**again)) == errors.WORKLOAD_REMOVED
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkloadIdentity.objects.filter(pk=identity.pk).update(removed_at=None)


def test_handed_over_the_program_is_registered_anew(
    issuer: Issuer, identity: WorkloadIdentity, world: World
) -> None:
    made = exchange(compact=issuer.token(identity.audience))
    heir = accounts.player(world.organization)
    commands.hand_over_service_account(
        actor=world[Role.ADMINISTRATOR].actor, account_id=identity.account.uid, person_id=heir.person.uid
    )
    assert live_token(made.token.digest, at=database_now()) is None
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == errors.TOKEN_UNTRUSTED
    told = AuditEvent.objects.get(name="accounts.account.handed_over")
    assert told.data["identity_ids"] == [str(identity.uid)]
    register(heir, identity.account, issuer=issuer.url)


def test_a_program_that_signs_in_without_end_is_slowed_down(
    issuer: Issuer, identity: WorkloadIdentity
) -> None:
    now = database_now()
    for number in range(MOST_A_MINUTE):
        ApiToken.objects.create(
            account=identity.account,
            identity=identity,
            digest=str(number),
            scopes=[],
            expires_at=now,
            created_at=now,
        )
    assert code_of(lambda: exchange(compact=issuer.token(identity.audience))) == errors.EXCHANGE_TOO_OFTEN


def test_it_is_registered_by_who_answers_for_the_program_and_has_just_proved_it(
    world: World, answers: Player
) -> None:
    program = accounts.service_account(answers.person)
    given = {"name": "x", "issuer": "https://ci.example.org", "subject": "x", "scopes": ["read"]}

    def by(actor: Any) -> str:
        return code_of(lambda: commands.register_workload(actor=actor, account_id=program.uid, **given))

    assert by(world[Role.ADMINISTRATOR].actor) == NOT_PERMITTED
    assert by(actor_of(answers.account)) == STEP_UP_NEEDED
    assert by(actor_of(answers.account, scopes=frozenset({"write"}))) == TOKEN_MINTS_TOKEN
    own = {"actor": answers.actor, "account_id": answers.account.uid, **given}
    assert code_of(lambda: commands.register_workload(**own)) == errors.WORKLOAD_OF_A_PERSON
    register(answers, program)
    told = AuditEvent.objects.get(name="accounts.workload.registered")
    assert told.data["workload_subject"] == SUBJECT


def test_the_audience_is_the_accounts_own_and_nobody_elses(answers: Player) -> None:
    one, other = accounts.service_account(answers.person), accounts.service_account(answers.person)
    assert register(answers, one).audience == audience_of(one)
    stolen = {"audience": audience_of(one)}
    assert code_of(lambda: register(answers, other, **stolen)) == errors.WORKLOAD_AUDIENCE_OF_ANOTHER
    assert register(answers, other).audience == audience_of(other)
    assert register(answers, other, audience="sts.example.org").audience == "sts.example.org"
    assert code_of(lambda: register(answers, one, audience="sts.example.org")) == errors.WORKLOAD_TAKEN


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"scopes": ["decide"]}, errors.WORKLOAD_SCOPE),
        ({"scopes": []}, errors.WORKLOAD_SCOPE),
        ({"issuer": "https://ci.example.org/?a=1"}, errors.WORKLOAD_ISSUER),
        ({"issuer": "http://ci.example.org"}, "URL_NOT_HTTPS"),
        ({"issuer": "https://10.0.0.1"}, "ADDRESS_INSIDE"),
        ({"issuer": "http://10.0.0.1", "keys": key_set(public_key("EdDSA"))}, errors.WORKLOAD_ISSUER),
        ({"issuer": "x"}, "URL_MALFORMED"),
        ({"subject": ""}, errors.WORKLOAD_FIELD_EMPTY),
        ({"subject": "a\nb"}, errors.WORKLOAD_FIELD_EMPTY),
        ({"audience": " a"}, errors.WORKLOAD_FIELD_EMPTY),
        ({"claims": {"sub": "x"}}, errors.WORKLOAD_CLAIM),
        ({"claims": {"ref": ""}}, errors.WORKLOAD_CLAIM),
        ({"claims": {"re\0f": "x"}}, errors.WORKLOAD_CLAIM),
        ({"claims": {str(number): "x" for number in range(11)}}, errors.WORKLOAD_CLAIMS_MANY),
        ({"keys": "{}"}, errors.WORKLOAD_KEYS),
        ({"name": " "}, "EMPTY_NAME"),
    ],
)
def test_what_cannot_be_registered(answers: Player, given: dict[str, Any], code: str) -> None:
    program = accounts.service_account(answers.person)
    assert code_of(lambda: register(answers, program, **given)) == code


def test_the_database_keeps_to_it_too(answers: Player) -> None:
    program = accounts.service_account(answers.person)
    identity = register(answers, program)
    for broken in ({"scopes": ["decide"]}, {"scopes": []}, {"subject": ""}, {"account": answers.account}):
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkloadIdentity.objects.filter(pk=identity.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        identity.pk, identity.uid = None, program.uid
        identity.save(force_insert=True)


def test_the_machine_removes_too(answers: Player) -> None:
    identity = register(answers, accounts.service_account(answers.person))
    removed = commands.remove_workload(actor=SYSTEM, workload_identity_id=identity.uid)
    assert removed.removed_at is not None
