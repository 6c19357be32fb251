"""Which forms were sent, so that sending one twice does nothing twice."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SentForm(models.Model):
    """A form carries a key; `address` is where its sender was led to. Kept for a day."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    address = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="sent_form_once")]

    def __str__(self) -> str:
        return f"{self.key} of account {self.account_id}"
