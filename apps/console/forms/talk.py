"""Saying something about a request, asking, answering, and attaching files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.queries import CommentAudience
from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm


class SayForm(OnceForm):
    text = forms.CharField(
        label=_("Comment"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Write what you want to say.")},
    )
    audience = forms.ChoiceField(label=_("Who reads it"), widget=forms.RadioSelect)

    def __init__(self, *given: Any, audiences: Iterable[CommentAudience], **options: Any) -> None:
        options["initial"] = {"audience": CommentAudience.EVERYONE.value, **(options.get("initial") or {})}
        super().__init__(*given, auto_id="say-%s", **options)
        choices = [(each.value, wording.COMMENT_AUDIENCES[each.value]) for each in audiences]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]


class QuestionForm(OnceForm):
    text = forms.CharField(
        label=_("Question to the requester"),
        help_text=_("Everybody who sees the request reads it. What is asked for stays as it is."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Write what you want to know.")},
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, auto_id="ask-%s", **options)


class AnswerForm(OnceForm):
    question_id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Write your answer.")},
    )

    def __init__(self, *given: Any, question: Any, **options: Any) -> None:
        options["initial"] = {"question_id": question, **(options.get("initial") or {})}
        super().__init__(*given, auto_id=f"answer-{question}-%s", **options)


class FileForm(OnceForm):
    content = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG, JPEG, text, CSV or Markdown, of 3 MB at most."),
        allow_empty_file=True,  # the command says which rule an empty one breaks
        error_messages={"required": _("Choose a file first.")},
    )

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, auto_id="file-%s", **options)

    def field_of(self, reason: Any) -> str:
        return "content" if reason.field in {"name", "content"} else super().field_of(reason)


class AcceptForm(HouseForm):
    """The text that was read, by its hash."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    accepted = forms.BooleanField(
        label=_("I have read this agreement and accept it"),
        error_messages={"required": _("Tick the box to accept the agreement.")},
    )
