"""Campaigns that ask whether access is still needed, and the answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.endpoints.credentials import UsedShown
from apps.api.fields import Day, Filters, Flag, Input, Output, Several, Shown, Text, Uid, Word
from apps.api.reasons import ReasonShown
from apps.api.resource import Resource, changes, creates, performs
from apps.kernel.clock import database_now
from apps.reviews import commands, queries
from apps.reviews.commands import MOST_ANSWERS, CampaignDraft, Given, Silence
from apps.reviews.facts import age_day, due_day, silences
from apps.reviews.queries import Answer, CampaignState, ItemState, NoAnswer, Pool

MOST_NAMED = 200


class SilenceShown(Output):
    sensitivity_class_code = serializers.CharField()
    then = Word(NoAnswer)


class CampaignShown(Shown):
    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    state = Word(CampaignState)
    sensitivity_class_codes = Several(child=serializers.CharField())
    owner_ids = Several(child=serializers.UUIDField())
    domain_ids = Several(child=serializers.UUIDField())
    granted_before = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(help_text="Exclusive.")
    on_no_answer = Word(NoAnswer)
    no_answer_by_class = SilenceShown(source="silences", many=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        instance.silences = silences(instance)
        return super().to_representation(instance)


class CampaignProgressShown(CampaignShown):
    """With how many reviews there are in each state."""

    reviews = serializers.IntegerField(source="items_count")
    open = serializers.IntegerField(source="open_count")
    kept = serializers.IntegerField(source="kept_count")
    removed = serializers.IntegerField(source="removed_count")
    unanswered = serializers.IntegerField(source="unanswered_count")
    ended = serializers.IntegerField(source="ended_count")


class SilenceInput(Input):
    sensitivity_class_code = Text(max_length=40)
    then = Word(NoAnswer)


class CampaignInput(Input):
    name = Text(max_length=200)
    due_on = Day(help_text="The last day on which an answer counts, to its end.")
    sensitivity_class_codes = Several(child=Text(max_length=40), required=False, max_length=MOST_NAMED)
    owner_ids = Several(child=Uid(), required=False, max_length=MOST_NAMED)
    domain_ids = Several(child=Uid(), required=False, max_length=MOST_NAMED)
    granted_before = Day(required=False, allow_null=True, help_text="Only grants made before this day.")
    on_no_answer = Word(NoAnswer, required=False)
    no_answer_by_class = Several(child=SilenceInput(), required=False, max_length=MOST_NAMED)


class NewCampaignInput(CampaignInput):
    organization_id = Uid()


class ClassCountShown(Output):
    sensitivity_class_code = serializers.CharField(
        source="sensitivity_class.code", default=None, allow_null=True
    )
    grants = serializers.IntegerField()


class OutlookShown(Output):
    grants = serializers.IntegerField()
    by_class = ClassCountShown(many=True)
    reviewers = serializers.IntegerField(help_text="How many people could answer today.")
    without_reviewer = serializers.IntegerField()


class CampaignFilters(Filters):
    state = Word(CampaignState, required=False)


class Campaigns(Resource):
    """Which grants are put to their reviewers, until when, and what follows from silence."""

    slug = "campaigns"
    output = CampaignProgressShown
    filters = CampaignFilters

    def rows(self) -> Any:
        return queries.campaigns_visible_to(self.actor)

    @creates(NewCampaignInput, output=CampaignShown)
    def create(self, given: dict[str, Any]) -> Any:
        """Begin a campaign; nobody is asked yet."""
        place = given.pop("organization_id")
        return commands.draft_campaign(actor=self.actor, organization_id=place, draft=_draft(given))

    @changes(CampaignInput, output=CampaignShown)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what a draft is to ask."""
        draft = _draft(_content_of(self.one(id)) | given)
        return commands.change_campaign(actor=self.actor, campaign_id=id, draft=draft, seen_version=seen)

    @performs(NewCampaignInput, output=OutlookShown, on_collection=True)
    def preview(self, given: dict[str, Any]) -> Any:
        """How much such a campaign would ask, of whom. Writes nothing."""
        place, now = given.pop("organization_id"), database_now()
        return commands.campaign_outlook(actor=self.actor, organization_id=place, draft=_draft(given), at=now)

    @performs(output=CampaignShown)
    def open(self, given: dict[str, Any], id: UUID) -> Any:
        """Freeze the list and ask the reviewers."""
        return commands.open_campaign(actor=self.actor, campaign_id=id)

    @performs(output=CampaignShown)
    def discard(self, given: dict[str, Any], id: UUID) -> Any:
        """Give up a draft."""
        return commands.discard_campaign(actor=self.actor, campaign_id=id)


class ReviewItemShown(Shown):
    campaign_id = serializers.UUIDField(source="campaign.uid")
    grant_id = serializers.UUIDField(source="grant.uid")
    asset_id = serializers.UUIDField(source="grant.asset.uid")
    asset_name = serializers.CharField(source="grant.asset.name")
    person_id = serializers.UUIDField(source="grant.person.uid")
    actions = Several(source="grant.actions", child=serializers.CharField())
    not_after = serializers.DateTimeField(source="grant.not_after")
    sensitivity_class_code = serializers.CharField(
        source="sensitivity_class.code", default=None, allow_null=True
    )
    role = Word(Pool, source="pool", help_text="Who is asked.")
    state = Word(ItemState)
    due_at = serializers.DateTimeField(source="campaign.due_at")
    on_no_answer = Word(NoAnswer)
    reason = serializers.CharField()
    answered_by_id = serializers.UUIDField(source="answered_by.uid", default=None, allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class ReviewShown(Output):
    """A review with the evidence of use."""

    item = ReviewItemShown()
    leases = serializers.IntegerField(source="use.leases", help_text="Keys that were issued.")
    is_watched = serializers.BooleanField(
        source="use.is_watched", help_text="Whether the lake's log tells all that was done with them."
    )
    touched = UsedShown(source="use.touched")
    last_used_at = serializers.DateTimeField(
        source="use.used_at", allow_null=True, help_text="Where no log tells: when the last key was taken."
    )
    unused_days = serializers.IntegerField()
    suggestion = Word(Answer, allow_null=True)


class ShownListShown(Output):
    reviews = ReviewShown(many=True)
    digest = serializers.CharField(
        help_text="Answering the list names it, so that it counts for what was seen."
    )


class ShownListInput(Input):
    ids = Several(child=Uid(), max_length=MOST_ANSWERS)


class KeepInput(Input):
    reason = Text(required=False, allow_blank=True, max_length=10_000)


class RemoveInput(Input):
    reason = Text(max_length=10_000)


class GivenInput(Input):
    id = Uid()
    answer = Word(Answer)
    reason = Text(required=False, allow_blank=True, max_length=10_000)


class AnswersInput(Input):
    answers = Several(child=GivenInput(), max_length=MOST_ANSWERS)
    digest = serializers.RegexField(r"^[0-9a-f]{64}$")


class OutcomeShown(Output):
    id = serializers.UUIDField(source="review_item_id")
    answer = Word(Answer)
    is_done = serializers.BooleanField()
    reasons = ReasonShown(many=True)


class OutcomesShown(Output):
    outcomes = OutcomeShown(many=True)


class ReviewItemFilters(Filters):
    state = Word(ItemState, required=False)
    campaign = Uid(source="campaign__uid", required=False)
    grant = Uid(source="grant__uid", required=False)
    waiting = Flag(required=False, help_text="Only those that the caller may answer.")


class ReviewItems(Resource):
    """One grant in one campaign: is it still needed?"""

    slug = "review-items"
    output = ReviewItemShown
    filters = ReviewItemFilters

    def rows(self) -> Any:
        return queries.items_visible_to(self.actor)

    def filtered(self, rows: Any) -> Any:
        if self.query.pop("waiting", False):
            rows = rows.filter(pk__in=queries.waiting_for(self.actor, at=database_now()).values("pk"))
        return super().filtered(rows)

    @performs(KeepInput)
    def keep(self, given: dict[str, Any], id: UUID) -> Any:
        """Say that the access is still needed."""
        return commands.keep_access(actor=self.actor, review_item_id=id, **given)

    @performs(RemoveInput)
    def remove(self, given: dict[str, Any], id: UUID) -> Any:
        """Say that it is not: the grant is revoked."""
        return commands.remove_access(actor=self.actor, review_item_id=id, **given)

    @performs(ShownListInput, output=ShownListShown, on_collection=True)
    def evidence(self, given: dict[str, Any]) -> Any:
        """A list with the use of each grant, and the digest by which it can be answered. Writes nothing."""
        now = database_now()
        reviews = commands.shown_list(actor=self.actor, review_item_ids=given["ids"], at=now)
        return {"reviews": reviews, "digest": queries.list_digest(reviews)}

    @performs(AnswersInput, output=OutcomesShown, on_collection=True)
    def answer(self, given: dict[str, Any]) -> Any:
        """Answer a list as it was shown. Where anything in it has changed nothing is done (412)."""
        answers = [
            Given(review_item_id=each["id"], answer=each["answer"], reason=each.get("reason", ""))
            for each in given["answers"]
        ]
        done = commands.answer_reviews(actor=self.actor, answers=answers, digest=given["digest"])
        return {"outcomes": done}


def _draft(given: dict[str, Any]) -> CampaignDraft:
    by_class = tuple(
        each if isinstance(each, Silence) else Silence(**each) for each in given.get("no_answer_by_class", ())
    )
    return CampaignDraft(**{**given, "no_answer_by_class": by_class})


def _content_of(campaign: Any) -> dict[str, Any]:
    """What a draft says now, as the fields of a body."""
    return {
        "name": campaign.name,
        "due_on": due_day(campaign),
        "sensitivity_class_codes": campaign.sensitivity_class_codes,
        "owner_ids": campaign.owner_ids,
        "domain_ids": campaign.domain_ids,
        "granted_before": age_day(campaign),
        "on_no_answer": NoAnswer(campaign.on_no_answer),
        "no_answer_by_class": silences(campaign),
    }


urlpatterns = [
    *addresses("campaigns", Campaigns),
    *addresses("review-items", ReviewItems),
]
