"""What is said about an access request: remarks, questions and answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.access import commands, queries
from apps.access.queries import CommentAudience, CommentKind
from apps.api.addresses import addresses
from apps.api.fields import Input, Shown, Text, Uid, Word
from apps.api.resource import Resource, performs


class CommentShown(Shown):
    request_id = serializers.UUIDField(source="request.uid")
    kind = Word(CommentKind)
    audience = Word(CommentAudience)
    author_id = serializers.UUIDField(source="author.uid")
    author_name = serializers.CharField(source="author.name")
    text = serializers.CharField()
    question_id = serializers.UUIDField(source="answers.uid", allow_null=True, default=None)


class CommentInput(Input):
    text = Text(max_length=10_000)
    audience = Word(CommentAudience, required=False, help_text="Who reads it; everyone, if not said.")


class QuestionInput(Input):
    text = Text(max_length=10_000)


class AnswerInput(QuestionInput):
    question_id = Uid()


class Comments(Resource):
    """What was said about a request, as far as it is for the caller, the oldest first."""

    slug = "request-comments"
    output = CommentShown
    order = ("pk",)
    reads = False

    def rows(self) -> Any:
        visible: Any = queries.requests_visible_to(self.actor)
        return queries.comments_of(self.actor, visible.one(self.kwargs["request_id"]))


class Talk(Resource):
    """Saying something about a request."""

    slug = "access-requests"
    output = CommentShown
    lists = False
    reads = False

    def uid_of(self, row: Any) -> UUID:
        """What was said is found at its request."""
        uid: UUID = row.request.uid
        return uid

    @performs(CommentInput, status=201, is_creating=True)
    def comment(self, given: dict[str, Any], id: UUID) -> Any:
        """Say something, to those it is for."""
        return commands.comment_request(actor=self.actor, request_id=id, **given)

    @performs(QuestionInput, status=201, is_creating=True)
    def ask(self, given: dict[str, Any], id: UUID) -> Any:
        """Ask the requester something; the revision stays as it is."""
        return commands.ask_requester(actor=self.actor, request_id=id, **given)

    @performs(AnswerInput, status=201, is_creating=True)
    def answer(self, given: dict[str, Any], id: UUID) -> Any:
        """Answer a question about one's own request."""
        return commands.answer_question(actor=self.actor, request_id=id, **given)


urlpatterns = [
    *addresses("access-requests", Talk),
    *addresses("access-requests/<uuid:request_id>/comments", Comments),
]
