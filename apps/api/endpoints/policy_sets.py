"""The organization's own rules, what drafts would change, why a request was answered so, what rules did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access import commands, queries
from apps.access.queries import PolicySetState
from apps.api.addresses import addresses
from apps.api.fields import Filters, Input, Moment, Output, SeenImpact, Several, Shown, Text, Uid, Word
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, changes, creates, performs
from apps.kernel.clock import database_now
from apps.policy.house.text import LARGEST_TEXT

USUAL_PERIOD = timedelta(days=90)


class PolicySetShown(Shown):
    ref = serializers.CharField()
    number = serializers.IntegerField()
    name = serializers.CharField()
    state = Word(PolicySetState)
    sha256 = serializers.CharField(help_text="Of the rules; comments do not count.")
    organization_id = serializers.UUIDField(source="organization.uid")
    author_id = serializers.UUIDField(source="author.uid")
    approver_id = serializers.UUIDField(source="approver.uid", allow_null=True)
    published_at = serializers.DateTimeField(allow_null=True)
    effective_from = serializers.DateTimeField(allow_null=True)


class PolicySetDetailShown(PolicySetShown):
    text = serializers.CharField(help_text="YAML or JSON, as it was written.")
    document = serializers.DictField(help_text="The same as plain values.")


class PolicyTextInput(Input):
    text = Text(max_length=LARGEST_TEXT, help_text="YAML or JSON.")


class ReturnInput(Input):
    reason = Text(max_length=10_000)


class PublishInput(Input):
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="Of the rules that were read.")
    effective_from = Moment(required=False, allow_null=True, help_text="At once where it is left out.")
    seen_impact = SeenImpact()


class ReplayInput(Input):
    months = serializers.IntegerField(required=False, min_value=1, max_value=36)


class ReplayShown(Shown):
    policy_set_id = serializers.UUIDField(source="policy_set.uid")
    draft_sha256 = serializers.CharField()
    base_sha256 = serializers.CharField(help_text="Of the rulebook it was compared with.")
    months = serializers.IntegerField()
    since = serializers.DateTimeField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    finished_at = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())


class ReplayDetailShown(ReplayShown):
    changed = Several(child=serializers.DictField())


class LintShown(Output):
    is_clean = serializers.BooleanField()
    sha256 = serializers.CharField(source="house.sha256", default=None, allow_null=True)
    faults = ReasonShown(many=True)
    warnings = ReasonShown(many=True, help_text="Stages that nobody can fill: the draft cannot be sent so.")


class PolicySets(Resource):
    """Versions of the organization's own rules, for those who write them or watch over them."""

    slug = "policy-sets"
    output = PolicySetShown
    order = ("-number", "-pk")

    def rows(self) -> Any:
        return queries.policy_sets_visible_to(self.actor)

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=PolicySetDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(self.one(id), self.contract_of("retrieve"))

    @creates(PolicyTextInput, output=PolicySetDetailShown)
    def create(self, given: dict[str, Any]) -> Any:
        """Begin a draft. A text with faults is refused, with every fault by its line."""
        return commands.draft_policy_set(actor=self.actor, **given)

    @changes(PolicyTextInput, output=PolicySetDetailShown)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Write one's own draft anew."""
        return commands.change_policy_set(actor=self.actor, policy_set_id=id, seen_version=seen, **given)

    @performs(PolicyTextInput, output=LintShown, on_collection=True)
    def lint(self, given: dict[str, Any]) -> Any:
        """What is wrong with a text. Writes nothing."""
        return queries.lint(self.actor, given["text"])

    @performs(ReplayInput, output=ReplayShown, status=202)
    def replay(self, given: dict[str, Any], id: UUID) -> Any:
        """Have it answer past requests; the report is found under `policy-replays`."""
        return commands.start_replay(actor=self.actor, policy_set_id=id, **given)

    @performs()
    def submit(self, given: dict[str, Any], id: UUID) -> Any:
        """Ask another person to publish one's replayed draft."""
        return commands.submit_policy_set(actor=self.actor, policy_set_id=id)

    @performs(ReturnInput)
    def return_(self, given: dict[str, Any], id: UUID) -> Any:
        """Give it back to its author."""
        return commands.return_policy_set(actor=self.actor, policy_set_id=id, **given)

    @performs(PublishInput)
    def publish(self, given: dict[str, Any], id: UUID) -> Any:
        """Put exactly what was read in force, as somebody other than its author."""
        return commands.publish_policy_set(actor=self.actor, policy_set_id=id, **given)


class ReplayFilters(Filters):
    policy_set = Uid(source="policy_set__uid", required=False)


class PolicyReplays(Resource):
    """What drafts would have answered to requests of the past, the newest first."""

    slug = "policy-replays"
    output = ReplayShown
    filters = ReplayFilters

    def rows(self) -> Any:
        return queries.replays_visible_to(self.actor)

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=ReplayDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(self.one(id), self.contract_of("retrieve"))


class RuleActivityShown(Output):
    rule = serializers.CharField()
    refused = serializers.IntegerField()
    blocked = serializers.IntegerField()
    routed = serializers.IntegerField()
    instant = serializers.IntegerField()


class MissingRecordShown(Output):
    waiting = serializers.IntegerField()
    reason = ReasonShown()


class RulebookActivityShown(Output):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    total = serializers.IntegerField()
    refused = serializers.IntegerField()
    blocked = serializers.IntegerField()
    routed = serializers.IntegerField()
    instant = serializers.IntegerField()
    rules = RuleActivityShown(many=True)
    missing = MissingRecordShown(many=True, help_text="What would unblock the requests that wait today.")


class ActivityFilters(Filters):
    def get_fields(self) -> Any:
        since = Moment(source="since", required=False, help_text="90 days ago where it is left out.")
        until = Moment(source="until", required=False, help_text="Exclusive.")
        return {**super().get_fields(), "from": since, "to": until}


class RulebookActivity(Resource):
    """What the rules did in a period: refused, blocked, routed, granted at once, and by which rule."""

    slug = "rulebook-activity"
    output = RulebookActivityShown
    filters = ActivityFilters

    @property
    def takes_filters(self) -> bool:
        return True

    def ask(self, request: Request) -> Response:
        """Counts of first answers, and what is missing today."""
        now = database_now()
        since, until = self.query.get("since", now - USUAL_PERIOD), self.query.get("until", now)
        return self.shown(queries.activity_of(self.actor, since=since, until=until), Contract(status=200))


class LeavingShown(Output):
    name = serializers.CharField()
    reason = serializers.CharField(help_text="contract, role, away or conflict")


class GapShown(Output):
    domain_id = serializers.UUIDField()
    domain = serializers.CharField()
    class_code = serializers.CharField()
    class_rank = serializers.IntegerField()
    categories = Several(child=serializers.CharField(), help_text="Labels; empty for data of no category.")
    role = serializers.CharField(help_text="Of the people who are too few.")
    assets = serializers.IntegerField()
    now = serializers.IntegerField()
    least = serializers.IntegerField(help_text="At any moment until `until`.")
    short_from = serializers.DateTimeField(help_text="The first moment with fewer than two.")
    remaining = Several(child=serializers.CharField())
    leaving = LeavingShown(many=True)
    mend = serializers.CharField(help_text="name_another_role, add_people or replace_leaving")


class CoverageShown(Output):
    at = serializers.DateTimeField()
    until = serializers.DateTimeField()
    combinations = serializers.IntegerField(help_text="Of class, category and domain in the catalog.")
    lacking = serializers.IntegerField(help_text="Those of them with a gap.")
    gaps = GapShown(many=True)


class ApproverCoverage(Resource):
    """Where fewer than two people could decide, now or in the next 30 days."""

    slug = "coverage"
    output = CoverageShown

    def ask(self, request: Request) -> Response:
        """By class, category and domain, the roles that too few people hold."""
        return self.shown(queries.coverage_of(self.actor, at=database_now()), Contract(status=200))


class RuleRowShown(Output):
    rule = serializers.CharField()
    type = serializers.CharField()
    articles = Several(child=serializers.CharField())
    status = serializers.CharField()
    effect = serializers.CharField(allow_blank=True)
    facts = serializers.DictField()
    unknown = Several(child=serializers.CharField())
    added = Several(child=serializers.CharField())
    codes = Several(child=serializers.CharField())


class ExplanationShown(Output):
    """Three readings of one trace."""

    decision_id = serializers.UUIDField()
    rulebook_sha256 = serializers.CharField()
    reasons = ReasonShown(many=True, help_text="For who asks: why it was answered so.")
    rules = RuleRowShown(many=True, help_text="For who decides: rule by rule.")
    trace = serializers.DictField(help_text="For who audits: everything that was found, as stored.")


class Explanation(Resource):
    """Why a request was answered as it was."""

    slug = "access-requests-explanation"
    output = ExplanationShown

    def ask(self, request: Request, id: UUID) -> Response:
        """Of its newest evaluation; a draft has none."""
        return self.shown(queries.explanation_of(self.actor, id), Contract(status=200))


urlpatterns = [
    *addresses("policy-sets", PolicySets),
    *addresses("policy-replays", PolicyReplays),
    path("coverage", ApproverCoverage.as_view({"get": "ask"}), name="coverage"),
    path("rulebook-activity", RulebookActivity.as_view({"get": "ask"}), name="rulebook-activity"),
    path(
        "access-requests/<uuid:id>/explanation",
        Explanation.as_view({"get": "ask"}),
        name="access-requests-explanation",
    ),
]
