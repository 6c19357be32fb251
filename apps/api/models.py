"""What was answered to a creating request, so that repeating it creates nothing."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class IdempotencyKey(models.Model):
    """One account's key: which request it stood for, and the answer. Without a status it is being served.

    `body` is null where the answer held a secret: that is shown once and stored nowhere.
    """

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=128)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(null=True)
    headers = models.JSONField(default=dict)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="idempotency_key_once")]
        indexes = [models.Index("expires_at", name="idempotency_key_expiry")]

    def __str__(self) -> str:
        return f"{self.key} of account {self.account_id}"
