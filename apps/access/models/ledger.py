"""Whose part of the ledger of grants tells no names any more."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Person
from apps.kernel.models import BaseModel, HouseQuerySet


class Pseudonymized(BaseModel):
    """The person left, and their last access ended years ago; since then a code stands for them. Texts of the
    trail about them are dropped only where there is such a row (migration 0030)."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    texts_dropped = models.PositiveIntegerField(default=0)

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pseudonymized person")

    def __str__(self) -> str:
        return f"pseudonym of {self.person_id}"
