"""The password that somebody signs in with, which nobody else may know."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.standing import close_accounts
from apps.accounts.errors import PASSWORD_BY_TOKEN, PASSWORD_SAME, PASSWORD_WEAK, PASSWORD_WRONG
from apps.accounts.events import PasswordChanged
from apps.accounts.models import Account, AccountKind
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, rule_broken


@command(lock=Account)
def change_password(*, actor: Actor, account_id: UUID, current: str, password: str, at: datetime) -> Account:
    """Choose the password of one's own account. Its other sessions end, and so do all its tokens.

    Raises: NotFound (another's), NotPermitted, InvalidInput (the present one is wrong; the new one is weak or
    the same), RuleBroken (a token).
    """
    own_one = Account.objects.filter(kind=AccountKind.PERSON, pk=actor.account_key)
    account = own_one.for_update(account_id)
    own = Resource(
        kind="account",
        uid=account.uid,
        organization_id=account.organization_id,
        persons=frozenset({account.person_id}),
    )
    authorize(actor=actor, operation=Operation.CHANGE_PASSWORD, resource=own)
    if actor.scopes is not None:
        raise rule_broken(PASSWORD_BY_TOKEN)
    if not account.check_password(current):
        raise invalid("current", PASSWORD_WRONG)
    if current == password:
        raise invalid("password", PASSWORD_SAME)
    _check(account, password)
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    tokens = close_accounts([account], at=at)
    account.refresh_from_db(fields=["sessions_ended_at"])
    record(PasswordChanged(account_id=account.uid, tokens_ended=tokens), actor=actor, at=at)
    return account


def _check(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as weak:
        raise invalid("password", PASSWORD_WEAK, fault=" ".join(weak.messages)) from weak
