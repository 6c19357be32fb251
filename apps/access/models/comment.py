"""What is said about a request, beside the verdicts: remarks, and questions with their answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.access.models.request import Request
from apps.accounts.models import Person
from apps.kernel.models import BaseModel, HouseQuerySet


class CommentKind(models.TextChoices):
    REMARK = "remark", _("remark")
    QUESTION = "question", _("question")
    ANSWER = "answer", _("answer")


class CommentAudience(models.TextChoices):
    """Who reads it, besides its author. A question and its answer are for everyone."""

    EVERYONE = "everyone", _("everybody who sees the request")
    DECIDERS = "deciders", _("those who decide")
    REQUESTER_SIDE = "requester_side", _("the requester's side")


class Comment(BaseModel):
    """Immutable. It changes nothing of what is asked, and is no verdict."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=8, choices=CommentKind.choices)
    audience = models.CharField(max_length=14, choices=CommentAudience.choices)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    answers = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="answer")

    objects = HouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(kind="answer", answers__isnull=False)
                | ~Q(kind="answer") & Q(answers__isnull=True),
                name="comment_answers_a_question",
            ),
            models.CheckConstraint(
                condition=Q(kind="remark") | Q(audience="everyone"), name="comment_question_is_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.request_id}"
