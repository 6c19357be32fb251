"""Campaigns, and the answers to what they ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.forms.people import NO_DAY, day_input
from apps.reviews.commands import CampaignDraft, Given, Silence
from apps.reviews.queries import Answer, NoAnswer, Review

SILENCE = "silence_"
ANSWER = "answer_"
REASON = "reason_"
AS_ABOVE = ("", _("as above"))
LATER = ("", _("Later"))


def silence_choices() -> list[tuple[str, Any]]:
    return [(word.value, wording.SILENCES[word.value]) for word in NoAnswer]


class CampaignForm(OnceForm):
    """What is asked, until when, and what follows from silence; the classes are those of the ladder."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Reviewers see it: say what the campaign is about."),
        max_length=200,
        error_messages={"required": _("Name the campaign.")},
    )
    due_on = forms.DateField(
        label=_("Answer by"),
        help_text=_("The last day on which an answer counts."),
        widget=day_input(),
        error_messages={"required": _("Say until when answers count."), **NO_DAY},
    )
    sensitivity_class_codes = forms.MultipleChoiceField(
        label=_("Sensitivity classes"),
        help_text=_("Choose none to ask about every class, also about data without one."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    domain_ids = forms.TypedMultipleChoiceField(
        label=_("Domains"),
        help_text=_("Choose none to ask about all of them."),
        widget=forms.CheckboxSelectMultiple,
        coerce=UUID,
        required=False,
    )
    owner_ids = forms.TypedMultipleChoiceField(
        label=_("Owners"),
        help_text=_("Only access to what these people own. Choose none to leave nobody out."),
        widget=forms.CheckboxSelectMultiple,
        coerce=UUID,
        required=False,
    )
    granted_before = forms.DateField(
        label=_("Granted before"),
        help_text=_("Only access that is older. Leave it empty to ask about access of every age."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )
    on_no_answer = forms.ChoiceField(
        label=_("Where nobody answers in time"),
        widget=forms.RadioSelect,
        initial=NoAnswer.SUSPEND.value,
        error_messages={"required": _("Say what follows where nobody answers.")},
    )

    def __init__(
        self,
        *given: Any,
        classes: Iterable[Any],
        domains: Iterable[Any],
        owners: Iterable[Any],
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        steps = [(step.code, step.label) for step in classes]
        self.fields["sensitivity_class_codes"].choices = steps  # type: ignore[attr-defined]
        places = [(str(domain.uid), domain.name) for domain in domains]
        self.fields["domain_ids"].choices = places  # type: ignore[attr-defined]
        people = [(str(person.uid), person.name) for person in owners]
        self.fields["owner_ids"].choices = people  # type: ignore[attr-defined]
        self.fields["on_no_answer"].choices = silence_choices()  # type: ignore[attr-defined]
        self._codes = [code for code, _label in steps]
        for code, label in steps:
            self.fields[SILENCE + code] = forms.ChoiceField(
                label=label, choices=[AS_ABOVE, *silence_choices()], required=False
            )

    @property
    def silences(self) -> list[forms.BoundField]:
        return [self[SILENCE + code] for code in self._codes]

    def draft(self, given: dict[str, Any]) -> CampaignDraft:
        chosen = ((code, given[SILENCE + code]) for code in self._codes)
        return CampaignDraft(
            name=given["name"],
            due_on=given["due_on"],
            sensitivity_class_codes=given["sensitivity_class_codes"],
            owner_ids=given["owner_ids"],
            domain_ids=given["domain_ids"],
            granted_before=given["granted_before"],
            on_no_answer=NoAnswer(given["on_no_answer"]),
            no_answer_by_class=tuple(
                Silence(sensitivity_class_code=code, then=NoAnswer(then)) for code, then in chosen if then
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """A review with the two controls that answer it."""

    review: Review
    answer: forms.BoundField
    reason: forms.BoundField


class AnswersForm(HouseForm):
    """Answers about some reviews, each with a reason of its own; `reason` is for removals without one."""

    besides: tuple[tuple[str, Any], ...] = (LATER,)
    reason = forms.CharField(
        label=_("Reason for all removals that have none of their own"),
        help_text=_("Who loses access reads it."),
        max_length=LONGEST_TEXT,
        required=False,
    )

    def __init__(self, *given: Any, reviews: Sequence[Review], **options: Any) -> None:
        super().__init__(*given, **options)
        self._reviews = reviews
        answers = [(word.value, wording.ANSWERS_TO_REVIEWS[word.value].text) for word in Answer]
        for review in reviews:
            uid = review.item.uid
            self.fields[f"{ANSWER}{uid}"] = forms.ChoiceField(
                label=_("Answer"),
                choices=[*answers, *self.besides],
                widget=forms.RadioSelect,
                initial=review.suggestion.value if review.suggestion else "",
                required=False,
            )
            self.fields[f"{REASON}{uid}"] = forms.CharField(
                label=_("Reason"), max_length=LONGEST_TEXT, required=False
            )

    @property
    def rows(self) -> Iterator[ReviewRow]:
        for review in self._reviews:
            uid = review.item.uid
            yield ReviewRow(review=review, answer=self[f"{ANSWER}{uid}"], reason=self[f"{REASON}{uid}"])

    def answers(self) -> list[Given]:
        """Those that were given, with the reason of each."""
        return [
            Given(
                review_item_id=review.item.uid,
                answer=Answer(answer),
                reason=self._reason(review, answer),
            )
            for review in self._reviews
            if (answer := self.cleaned_data[f"{ANSWER}{review.item.uid}"])
        ]

    def _reason(self, review: Review, answer: str) -> str:
        own, shared = self.cleaned_data.get(f"{REASON}{review.item.uid}"), self.cleaned_data.get("reason")
        return own or (shared if answer == Answer.REMOVE else "") or ""


class ConfirmForm(AnswersForm):
    """The same list once more, as it was seen; every answer stands, and what is missing is said."""

    besides = ()
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for review in self._reviews:
            uid = review.item.uid
            answer = given.get(f"{ANSWER}{uid}")
            if self._reason(review, answer or ""):
                continue
            if answer == Answer.REMOVE:
                self.add_error(f"{REASON}{uid}", _("Say why this access is taken away."))
            elif answer == Answer.KEEP and review.suggestion is Answer.REMOVE:
                self.add_error(f"{REASON}{uid}", _("It is not used: say what it is still needed for."))
        return given


def uids_answered(sent: Any) -> list[UUID]:
    """The reviews about which something was chosen, as they stand in what was sent."""
    names = (name for name in sent if name.startswith(ANSWER) and sent[name])
    found = (_uid(name.removeprefix(ANSWER)) for name in names)
    return [uid for uid in found if uid]


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
