"""Object permissions on domains, given per user and per group, on django-guardian's direct foreign keys."""

from __future__ import annotations

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from apps.accounts.models.organization import Domain


class DomainUserPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Domain, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class DomainGroupPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Domain, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
