"""What is said of a file of labels beside its bytes."""

from __future__ import annotations

from rest_framework import serializers

from apps.api.fields import Flag, Shown, Text, Uid
from apps.labeling.commands.attributing import LONGEST_NAME


class ShownOfFile(Shown):
    labeled_by = serializers.CharField(
        help_text="Who labeled what the file leaves unnamed, as whoever brought it said."
    )
    is_gold = serializers.BooleanField(help_text="All of the file is gold.")
    all_items_seen = serializers.BooleanField(
        help_text="Items of the file with nothing on them were looked at."
    )
    together_with_id = serializers.UUIDField(
        source="together_with.uid", allow_null=True, help_text="The label set that it was added to."
    )


class SaidOfFile(serializers.Serializer[object]):
    labeled_by = Text(
        max_length=LONGEST_NAME,
        allow_blank=True,
        required=False,
        help_text="Who labeled what the file leaves unnamed: their number or name on the roster of the"
        " policy, or an address of the house.",
    )
    is_gold = Flag(required=False, help_text="All of the file is gold.")
    all_items_seen = Flag(
        required=False, help_text="Items with nothing on them were looked at, and nothing is there."
    )
    together_with = Uid(
        required=False, help_text="An earlier label set, whose labels the new one holds as well."
    )
