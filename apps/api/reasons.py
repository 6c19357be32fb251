"""Reasons as they are shown: the finding, and its wording in the reader's language."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.api.fields import Output, Several
from apps.kernel.texts import remedy, sentence
from apps.policy.reason import Reason


class ReasonShown(Output):
    """One finding: the rule, the law, the facts, and what to do about it."""

    code = serializers.CharField()
    rule = serializers.CharField(allow_blank=True)
    articles = Several(child=serializers.CharField())
    facts = serializers.DictField()
    field = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()
    remedy = serializers.CharField(allow_blank=True)

    def to_representation(self, instance: Reason) -> dict[str, Any]:
        return {
            **instance.as_json(),
            "sentence": sentence(instance),
            "remedy": remedy(instance),
        }
