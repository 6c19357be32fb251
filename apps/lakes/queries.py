"""Reads of lake connections."""

from __future__ import annotations

from apps.kernel.actor import Actor
from apps.kernel.models import HouseQuerySet
from apps.lakes.models import Lake


def lakes_visible_to(actor: Actor) -> HouseQuerySet[Lake]:
    return Lake.objects.visible_to(actor).select_related("organization")
