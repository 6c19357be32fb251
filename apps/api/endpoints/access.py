"""Access requests, and the inbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access import commands, queries
from apps.access.commands import ItemDraft, RequestDraft
from apps.access.queries import (
    Came,
    GrantMode,
    GrantState,
    LabelingPart,
    RequestState,
    SubjectKind,
    draft_preview,
)
from apps.api.addresses import addresses
from apps.api.endpoints.previews import PreviewShown
from apps.api.endpoints.verdicts import (
    MOST_ASSETS,
    MOST_COLUMNS,
    ApprovalInput,
    ChangesShown,
    ReassignInput,
    RecusalInput,
    RejectedInput,
    TogetherInput,
    VerdictInput,
    VerdictOutcomesShown,
    terms_of,
)
from apps.api.fields import Country, Day, Filters, Flag, Input, Output, Several, Shown, Text, Uid, Word
from apps.api.reasons import ReasonShown
from apps.api.resource import Contract, Resource, changes, creates, performs
from apps.kernel.errors import StaleVersion
from apps.policy.decision import Effect
from apps.policy.facts import Action
from apps.policy.route import Timeout


class ItemShown(Output):
    asset_id = serializers.UUIDField(source="asset.uid")
    asset_name = serializers.CharField(source="asset.name")
    version_id = serializers.UUIDField(source="version.uid")
    version_number = serializers.IntegerField(source="version.number")
    columns = Several(child=serializers.CharField())


class ItemOutcomeShown(Output):
    """What came of one asset of the request."""

    asset_id = serializers.UUIDField(source="item.asset.uid")
    came = Word(Came, help_text="`left_out`: the others were approved without it.")
    grant_id = serializers.UUIDField(allow_null=True)
    grant_state = Word(GrantState, allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True, help_text="Of the access that was given.")
    columns = Several(child=serializers.CharField(), help_text="Those that are granted; none: all of them.")
    actions = Several(child=serializers.CharField(), help_text="Those that are granted.")


class RequestShown(Shown):
    ref = serializers.CharField()
    state = Word(RequestState)
    organization_id = serializers.UUIDField(source="organization.uid")
    requester_id = serializers.UUIDField(source="requester.uid")
    purpose_id = serializers.UUIDField(source="revision.purpose.uid")
    subject_kind = Word(SubjectKind, source="revision.subject_kind")
    person_id = serializers.UUIDField(source="revision.person.uid")
    service_account_id = serializers.UUIDField(source="revision.service_account.uid", allow_null=True)
    project_id = serializers.UUIDField(source="revision.project.uid", allow_null=True, default=None)
    actions = Several(source="revision.actions", child=serializers.CharField())
    starts_at = serializers.DateTimeField(source="revision.starts_at")
    ends_at = serializers.DateTimeField(source="revision.ends_at")
    submitted_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    extends_id = serializers.UUIDField(
        source="extends.uid", allow_null=True, default=None, help_text="The grant this would carry on."
    )
    due_at = serializers.DateTimeField(allow_null=True, help_text="When the open stage should have answered.")
    unroutable_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when fewer people than needed may decide."
    )


class SlotShown(Output):
    id = serializers.UUIDField()
    role = serializers.CharField()
    also_roles = Several(
        child=serializers.CharField(), help_text="Who may fill it besides: fallback, or escalated to."
    )
    assignee_id = serializers.UUIDField(allow_null=True, help_text="Who was asked by name, and nobody else.")
    verdict = serializers.CharField(
        allow_null=True,
        help_text="`given`: kept from you until yours is on record or the stage is closed.",
    )
    person_id = serializers.UUIDField(allow_null=True)
    on_behalf_of_id = serializers.UUIDField(allow_null=True, help_text="For whom a delegate answered.")
    given_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    rejection_code = serializers.CharField(help_text="Of a rejection; empty for any other verdict.")
    carried_from_revision = serializers.IntegerField(
        allow_null=True,
        help_text="Of one given on an earlier evaluation and kept: the number of the revision it was on.",
    )


class StageShown(Output):
    name = serializers.CharField()
    is_opinion = serializers.BooleanField()
    state = serializers.CharField(help_text="closed, open or waiting")
    opened_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    escalated_at = serializers.DateTimeField(allow_null=True)
    on_timeout = Word(Timeout)
    rejections = serializers.IntegerField(help_text="So many rejections end the request.")
    keep_verdicts = serializers.CharField(
        help_text="`unchanged_facts`: its verdicts count for the next evaluation of the same; empty: never."
    )
    slots = SlotShown(many=True)


class DecisionShown(Output):
    id = serializers.UUIDField(help_text="Verdicts name it, so that they count for what was seen.")
    effect = Word(Effect)
    rulebook_sha256 = serializers.CharField()
    facts_sha256 = serializers.CharField()
    ends_at = serializers.DateTimeField()
    limiting_factor = serializers.CharField()
    reasons = ReasonShown(many=True)


class RequestDetailShown(Output):
    id = serializers.UUIDField(source="uid")
    row_version = serializers.IntegerField()
    request = RequestShown()
    revision_number = serializers.IntegerField(source="revision.number")
    revision_sha256 = serializers.CharField(source="revision.sha256")
    items = ItemShown(source="revision.items.all", many=True)
    outcomes = ItemOutcomeShown(many=True, help_text="One for each item, in the same order.")
    mode = Word(GrantMode, source="revision.mode")
    place_of_processing = serializers.CharField(source="revision.place_of_processing")
    justification = serializers.CharField(source="revision.justification")
    ticket = serializers.CharField(source="revision.ticket")
    labeling_part = serializers.CharField(
        source="revision.labeling_part",
        help_text="`annotator`, `adjudicator` or `reviewer`; empty where it does not ask to label.",
    )
    decision = DecisionShown(allow_null=True)
    stages = StageShown(many=True)
    grant_ids = Several(child=serializers.UUIDField())
    may_decide = serializers.BooleanField()
    why_not = ReasonShown(many=True)


class ItemInput(Input):
    asset_id = Uid()
    version_id = Uid(required=False, allow_null=True)
    columns = Several(child=Text(max_length=200), required=False, max_length=MOST_COLUMNS)


class DraftInput(Input):
    items = Several(child=ItemInput(), max_length=MOST_ASSETS)
    purpose_id = Uid()
    actions = Several(child=Text(max_length=20), max_length=20)
    ends_on = Day(help_text="The last day, to its end in the organization's time zone.")
    starts_on = Day(required=False, allow_null=True)
    service_account_id = Uid(required=False, allow_null=True)
    project_id = Uid(required=False, allow_null=True, help_text="One that the caller leads or belongs to.")
    place_of_processing = Country(required=False, allow_blank=True)
    justification = Text(required=False, allow_blank=True, max_length=10_000)
    ticket = Text(required=False, allow_blank=True, max_length=100)
    mode = Word(GrantMode, required=False)
    labeling_part = Word(
        LabelingPart,
        required=False,
        help_text="Only with the action `label`: for which part it asks. `annotator` where nothing is said.",
    )


class SubmitInput(Input):
    accept_shorter = Flag(
        required=False, help_text="Send it also where access would end before the day that is asked for."
    )


class AmendInput(DraftInput, SubmitInput):
    pass


class SeparatelyShown(Output):
    requests = RequestShown(many=True)


class NewRequestInput(DraftInput, SubmitInput):
    submit = Flag(required=False, help_text="Send it at once, in the same transaction.")


class StandingShown(Output):
    """What keeps the caller from a stage; nothing where a verdict of theirs would be taken in its turn."""

    name = serializers.CharField()
    state = serializers.CharField(help_text="open or waiting")
    why_not = ReasonShown(many=True)


class WhyNotShown(Output):
    id = serializers.UUIDField(source="uid")
    may_decide = serializers.BooleanField()
    stages = StandingShown(many=True, source="stages_to_come")


class RequestFilters(Filters):
    state = Word(RequestState, required=False)
    asset = Uid(source="revision__items__asset__uid", required=False)
    purpose = Uid(source="revision__purpose__uid", required=False)


class AccessRequests(Resource):
    """Who asks for what, for which purpose, and how far it is."""

    slug = "access-requests"
    output = RequestShown
    filters = RequestFilters

    def rows(self) -> Any:
        return queries.requests_visible_to(self.actor)

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=RequestDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Request, id: UUID, **path: Any) -> Response:
        return self.shown(queries.detail_of(self.actor, self.one(id)), self.contract_of("retrieve"))

    @creates(NewRequestInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Draft a request; with `submit`, send it in the same transaction."""
        is_sent, accept_shorter = given.pop("submit", False), given.pop("accept_shorter", False)
        if not is_sent:
            return commands.create_request(actor=self.actor, draft=_draft(given))
        return commands.ask_for_access(actor=self.actor, draft=_draft(given), accept_shorter=accept_shorter)

    @changes(DraftInput)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Replace what is asked, by a new revision; the whole content is given."""
        draft = _draft(_replaced(queries.content_of(self.one(id)), given))
        return commands.change_request(actor=self.actor, request_id=id, draft=draft, seen_version=seen)

    @performs(DraftInput, output=PreviewShown, on_collection=True)
    def preview(self, given: dict[str, Any]) -> Any:
        """What would happen if this were sent now. Writes nothing."""
        return draft_preview(self.actor, _draft(given))

    @performs(AmendInput, output=SeparatelyShown, on_collection=True, status=201)
    def separately(self, given: dict[str, Any]) -> Any:
        """Send a request for each of the assets, all or none: for assets that nobody decides together."""
        accept_shorter = given.pop("accept_shorter", False)
        sent = commands.ask_separately(actor=self.actor, draft=_draft(given), accept_shorter=accept_shorter)
        return {"requests": sent}

    @performs(SubmitInput, names_version=True)
    def submit(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Freeze the revision that was read and put it to policy. Where it asks for too long, the last day is
        named."""
        return commands.submit_request(actor=self.actor, request_id=id, seen_version=seen, **given)

    @performs(AmendInput, names_version=True)
    def amend(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Put another revision before those who decide; verdicts on the one in review are history,
        unless the rules keep them."""
        shorter = {"accept_shorter": given.pop("accept_shorter", False)}
        draft = _draft(given)
        return commands.amend_request(
            actor=self.actor, request_id=id, draft=draft, seen_version=seen, **shorter
        )

    @performs()
    def withdraw(self, given: dict[str, Any], id: UUID) -> Any:
        """Take one's own request back."""
        return commands.withdraw_request(actor=self.actor, request_id=id)

    @performs()
    def ask_ticket_again(self, given: dict[str, Any], id: UUID) -> Any:
        """Have ticket systems asked anew about its ticket."""
        return commands.ask_ticket_again(actor=self.actor, request_id=id)

    @performs(ApprovalInput)
    def approve(self, given: dict[str, Any], id: UUID) -> Any:
        """Say yes for the open stage, to exactly what was read; or to less of it, or on conditions."""
        terms = terms_of(given.pop("narrowing", {}), given.pop("conditions", ()))
        return self._decided(commands.approve_request, id, {"terms": terms, **given})

    @performs(TogetherInput, output=VerdictOutcomesShown, on_collection=True)
    def approve_together(self, given: dict[str, Any]) -> Any:
        """Say yes to several requests that are alike, each as it was read, and with its own outcome."""
        chosen = [commands.Chosen(**item) for item in given.pop("items")]
        return {"outcomes": commands.approve_together(actor=self.actor, chosen=chosen, **given)}

    @performs(RejectedInput)
    def reject(self, given: dict[str, Any], id: UUID) -> Any:
        """Say no, with one of the known reasons and in words."""
        return self._decided(commands.reject_request, id, _reasoned(given))

    @performs(VerdictInput)
    def return_(self, given: dict[str, Any], id: UUID) -> Any:
        """Give it back for changes, with a reason."""
        return self._decided(commands.return_request, id, _reasoned(given))

    @performs(RecusalInput)
    def recuse(self, given: dict[str, Any], id: UUID) -> Any:
        """Step back from a request one could decide, with a reason; others are asked."""
        return commands.recuse(actor=self.actor, request_id=id, **given)

    @performs(ReassignInput)
    def reassign(self, given: dict[str, Any], id: UUID) -> Any:
        """Hand a verdict of the open stage to somebody by name."""
        return commands.reassign_slot(actor=self.actor, request_id=id, **given)

    @performs(VerdictInput)
    def opinion(self, given: dict[str, Any], id: UUID) -> Any:
        """Put an opinion on record; it does not decide."""
        return self._decided(commands.give_opinion, id, _reasoned(given))

    def _decided(self, decide: Callable[..., Any], id: UUID, given: dict[str, Any]) -> Any:
        """Whoever answers something that is another by now is shown what became another."""
        try:
            return decide(actor=self.actor, request_id=id, **given)
        except StaleVersion as stale:
            detail = queries.detail_of(self.actor, self.one(id))
            changes = queries.changes_since(
                detail, revision_sha256=given["revision_sha256"], decision_id=given["decision_id"]
            )
            shown = ChangesShown(changes).data
            stale.shown = {"changes": shown}  # type: ignore[attr-defined]
            raise


class WhyNotMe(Resource):
    """Which tests keep the caller from deciding a request, stage by stage."""

    slug = "access-requests-why-not-me"
    output = WhyNotShown

    def rows(self) -> Any:
        return queries.requests_visible_to(self.actor)

    def stand(self, request: Request, id: UUID, **path: Any) -> Response:
        """Why not me? Every test that excludes the caller, for every stage that is not closed."""
        return self.shown(queries.detail_of(self.actor, self.one(id)), self.contract_of("stand"))


class Inbox(Resource):
    """Requests whose open stage waits for somebody like the caller, and that lack no record."""

    slug = "access-requests-inbox"
    output = RequestShown
    reads = False

    def rows(self) -> Any:
        return queries.without_blocked(queries.inbox_of(self.actor))


def _draft(given: dict[str, Any]) -> RequestDraft:
    items = [ItemDraft(**{**item, "columns": tuple(item.get("columns", ()))}) for item in given["items"]]
    return RequestDraft(**{**given, "items": items})


def _replaced(content: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The part in labeling goes with the action to label, where nothing is said of it."""
    after = content | given
    if "labeling_part" not in given and Action.LABEL not in after["actions"]:
        after["labeling_part"] = ""
    return after


def _reasoned(given: dict[str, Any]) -> dict[str, Any]:
    return {"reason": "", **given}


urlpatterns = [
    *addresses("access-requests/inbox", Inbox),
    *addresses("access-requests", AccessRequests),
    path(
        "access-requests/<uuid:id>/why-not-me",
        WhyNotMe.as_view({"get": "stand"}),
        name="access-requests-why-not-me",
    ),
]
