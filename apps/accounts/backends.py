"""Who may sign in, and Django's `has_perm` answered from the index of who sees what."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Model

from apps.accounts.authorization import has_domain_permission, has_object_permission
from apps.accounts.models import Account, Domain, PersonStatus
from apps.accounts.models.person import normal_username
from apps.accounts.queries import actor_of
from apps.accounts.roles import ObjectPermission

ASSET = "catalog.asset"


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """Username and password of an active account of an active person; and object permissions.

    No permission is held on a whole model: without an object the answer is no.
    """

    def get_user(self, user_id: Any) -> Account | None:
        """Asked at every request of a session, so that a session ends with the person's standing."""
        account = Account.objects.select_related("person", "organization").filter(pk=user_id).first()
        return account if account is not None and self.user_can_authenticate(account) else None

    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active) and user.person.status == PersonStatus.ACTIVE

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """`account.has_perm("catalog.view_asset", asset)`, in one statement."""
        if obj is None or not isinstance(user_obj, Account) or obj.pk is None:
            return False
        permission = _permission(perm, obj)
        if permission is None:
            return False
        if isinstance(obj, Domain):
            return has_domain_permission(actor_of(user_obj), permission, obj.pk)
        return has_object_permission(actor_of(user_obj), permission, frozenset({obj.pk}))

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Not to be listed: ask for one."""
        return set()

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def _authenticate_by_username(self, username: str, password: str) -> Any:
        return super()._authenticate_by_username(normal_username(username), password)

    @classmethod
    def _stash_user(cls, user: Any) -> None:
        """allauth would sign in whoever knows the password and show a page to the inactive; we refuse."""


def _permission(perm: str, obj: Model) -> ObjectPermission | None:
    """The object permission that `perm` names for this kind of object."""
    words = {
        f"{obj._meta.app_label}.{permission.word}_{obj._meta.model_name}": permission
        for permission in ObjectPermission
    }
    return words.get(perm) if isinstance(obj, Domain) or obj._meta.label_lower == ASSET else None
