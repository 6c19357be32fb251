"""What can be wrong with comments, questions and answers."""

from apps.policy.reason import declare

ONLY_PEOPLE_SPEAK = declare(
    "ONLY_PEOPLE_SPEAK",
    "A service account says nothing about a request.",
    "The person who answers for it speaks.",
)
COMMENT_MISSING = declare("COMMENT_MISSING", "Nothing was written.", "Write what you want to say.")
AUDIENCE_UNKNOWN = declare(
    "COMMENT_AUDIENCE_UNKNOWN",
    "«%(audience)s» is nobody a comment can be for.",
    "Choose among: %(known)s.",
)
AUDIENCE_NOT_YOURS = declare(
    "COMMENT_AUDIENCE_NOT_YOURS",
    "You are not among those a comment for «%(audience)s» is for.",
    "Write it for everyone, or for those you are one of.",
)
QUESTION_UNKNOWN = declare(
    "QUESTION_UNKNOWN",
    "No question with this id was asked about this request.",
    "Choose one of the questions that are open.",
)
QUESTION_ANSWERED = declare(
    "QUESTION_ANSWERED",
    "The question has been answered before.",
    "Add what is missing as a comment.",
)
NOT_ASKED_TO_DECIDE = declare(
    "NOT_ASKED_TO_DECIDE",
    "Your roles see the request, and its route asks none of them to decide, so you say nothing about it.",
    "Leave it to those who decide, until the route falls back or escalates to you.",
)
NOT_IN_REVIEW_TO_ASK = declare(
    "REQUEST_NOT_IN_REVIEW_TO_ASK",
    "The request is %(state)s; questions are asked and answered while it is in review.",
    "Leave a comment instead.",
)
