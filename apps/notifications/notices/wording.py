"""What notices say. `mark` stands in brackets before the subject of a mail; `then` is what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.notifications.models import NoticeKind


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Places: %(what)s the assets, %(who)s a person, and what the notice's facts hold.

    `place` is the page it leads to. What is critical is mailed at once, whatever was chosen.
    """

    kind: NoticeKind
    place: str
    mark: Any
    sentence: Any
    then: Any
    is_critical: bool = False


WORDINGS: dict[str, Wording] = {
    "request_to_decide": Wording(
        kind=NoticeKind.DECISIONS,
        place="decide",
        mark=_("Decision needed by %(due)s"),
        sentence=_("%(who)s → %(what)s"),
        then=_(
            "Request %(ref)s waits for an answer of yours. Its page shows the evidence; opening it decides"
            " nothing."
        ),
    ),
    "request_to_know": Wording(
        kind=NoticeKind.DECISIONS,
        place="request",
        mark=_("For your information"),
        sentence=_("%(who)s asks for %(what)s"),
        then=_("A rule wants you to know of the request %(ref)s. Nothing is asked of you."),
    ),
    "verdict_carried": Wording(
        kind=NoticeKind.DECISIONS,
        place="request",
        mark=_("Kept"),
        sentence=_("What you said on the request %(ref)s for %(what)s counts for its new evaluation"),
        then=_("The facts are those you looked at. If you see it otherwise now, tell whoever decides next."),
    ),
    "request_approved": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Approved"),
        sentence=_("Your request %(ref)s for %(what)s was approved"),
        then=_("Take a key under My access when you need one."),
    ),
    "request_rejected": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Rejected"),
        sentence=_("Your request %(ref)s for %(what)s was rejected: %(rejection)s"),
        then=_("The request says it in words, and what would mend it."),
    ),
    "request_returned": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Change needed"),
        sentence=_("Your request %(ref)s for %(what)s came back for changes"),
        then=_("Read what is asked for, change the request and send it again."),
    ),
    "request_lapsed": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Lapsed"),
        sentence=_("Your request %(ref)s for %(what)s was not answered in time and has lapsed"),
        then=_("Ask anew if you still need it."),
    ),
    "request_lapsed_unmet": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Lapsed"),
        sentence=_("A condition of your request %(ref)s for %(what)s was not met in time; it has lapsed"),
        then=_("Ask anew if you still need it."),
    ),
    "request_awaits_conditions": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Conditions open"),
        sentence=_("Your request %(ref)s for %(what)s is approved once its conditions are met"),
        then=_("The request lists them, and who confirms each."),
    ),
    "question_asked": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Question"),
        sentence=_("Somebody who decides has a question on your request %(ref)s for %(what)s"),
        then=_("Answer it on the page of the request; the request stays as it is."),
    ),
    "question_answered": Wording(
        kind=NoticeKind.DECISIONS,
        place="request",
        mark=_("Answered"),
        sentence=_("Your question on the request %(ref)s for %(what)s was answered"),
        then=_("Read the answer on the page of the request."),
    ),
    "comment_added": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Comment"),
        sentence=_("There is a new comment on the request %(ref)s for %(what)s"),
        then=_("Read it on the page of the request."),
    ),
    "request_unroutable": Wording(
        kind=NoticeKind.ALARMS,
        place="request",
        mark=_("Nobody can decide"),
        sentence=_("The request %(ref)s waits, and too few people may decide it"),
        then=_("Its page says which stage lacks whom. An administrator can give the role."),
        is_critical=True,
    ),
    "ticket_unanswered": Wording(
        kind=NoticeKind.REQUESTS,
        place="request",
        mark=_("Waits for %(system)s"),
        sentence=_("%(system)s does not answer about the ticket of your request %(ref)s for %(what)s"),
        then=_("Access begins when it says that the ticket is open. It is asked again by itself."),
    ),
    "ticket_system_silent": Wording(
        kind=NoticeKind.ALARMS,
        place="ticket-system",
        mark=_("%(system)s does not answer"),
        sentence=_("Approved access by request %(ref)s cannot begin, because %(system)s does not answer"),
        then=_("See whether the system and its address are in order."),
        is_critical=True,
    ),
    "role_unfilled": Wording(
        kind=NoticeKind.ALARMS,
        place="people",
        mark=_("Nobody can decide"),
        sentence=_("The request %(ref)s waits, and too few people may decide it"),
        then=_("Give the role that is missing to somebody who has no part in the request."),
        is_critical=True,
    ),
    "grant_suspended": Wording(
        kind=NoticeKind.ACCESS,
        place="grant",
        mark=_("Access suspended"),
        sentence=_("Your access to %(what)s was suspended"),
        then=_("No keys are given and those taken stop working until it is resumed. The grant says why."),
        is_critical=True,
    ),
    "grant_resumed": Wording(
        kind=NoticeKind.ACCESS,
        place="grant",
        mark=_("Access resumed"),
        sentence=_("Your access to %(what)s is back"),
        then=_("Take a new key when you need one."),
    ),
    "grant_recalled": Wording(
        kind=NoticeKind.ACCESS,
        place="grant",
        mark=_("Data recalled"),
        sentence=_("Something happened to the data of %(what)s that you had access to"),
        then=_("The grant says what, and whether you have to delete your copies and say so."),
        is_critical=True,
    ),
    "duty_assigned": Wording(
        kind=NoticeKind.RECORDS,
        place="home",
        mark=_("Something to do"),
        sentence=_("A duty is yours now"),
        then=_("Do it by its day, and show that it is done."),
    ),
    "duties_arose": Wording(
        kind=NoticeKind.ALARMS,
        place="home",
        mark=_("Something to do"),
        sentence=_("%(ref)s is in effect on data that you answer for"),
        then=_("Home lists what you have to do, and by when."),
        is_critical=True,
    ),
    "condition_to_show": Wording(
        kind=NoticeKind.ACCESS,
        place="condition",
        mark=_("Due by %(due)s"),
        sentence=_("Something has to be shown for your access to %(what)s by %(due)s"),
        then=_("The condition says what. Somebody else confirms it."),
    ),
    "condition_to_confirm": Wording(
        kind=NoticeKind.DECISIONS,
        place="condition",
        mark=_("Evidence"),
        sentence=_("Evidence for a condition on access to %(what)s waits to be confirmed"),
        then=_("Read what was shown, and confirm it if it shows that the condition is met."),
    ),
    "condition_overdue": Wording(
        kind=NoticeKind.ALARMS,
        place="condition",
        mark=_("Overdue"),
        sentence=_("What was due after access to %(what)s ended was not confirmed in time"),
        then=_("Ask whoever had the access; the condition stays open until something shows that it is met."),
        is_critical=True,
    ),
    "condition_still_due": Wording(
        kind=NoticeKind.ACCESS,
        place="condition",
        mark=_("Overdue"),
        sentence=_("What was due after your access to %(what)s ended is overdue"),
        then=_("Show it now. The owners and the compliance officers were told."),
        is_critical=True,
    ),
    "condition_lapsed": Wording(
        kind=NoticeKind.ACCESS,
        place="grant",
        mark=_("Condition lapsed"),
        sentence=_("A condition of your access to %(what)s was not met in time"),
        then=_("The access rests until it is. The grant says which."),
        is_critical=True,
    ),
    "glass_broken": Wording(
        kind=NoticeKind.ALARMS,
        place="grant",
        mark=_("Break-glass"),
        sentence=_("Somebody took emergency access to %(what)s, until %(ends)s"),
        then=_("Another person has to review it within 24 hours."),
        is_critical=True,
    ),
    "on_call_ended": Wording(
        kind=NoticeKind.ALARMS,
        place="home",
        mark=_("On-call role ended"),
        sentence=_("Your emergency access was not reviewed in time, and your on-call role has ended"),
        then=_("Ask a compliance officer to review it."),
        is_critical=True,
    ),
    "glass_unreviewed": Wording(
        kind=NoticeKind.ALARMS,
        place="person",
        mark=_("Break-glass not reviewed"),
        sentence=_("Emergency access of %(who)s was not reviewed in time, and their on-call role has ended"),
        then=_("Review it, and say who is on call instead."),
        is_critical=True,
    ),
    "person_departed": Wording(
        kind=NoticeKind.ALARMS,
        place="person",
        mark=_("Somebody left"),
        sentence=_("%(who)s has left the organization"),
        then=_("What they alone owned or kept, and the programs they answered for, need somebody else."),
        is_critical=True,
    ),
    "delegation_received": Wording(
        kind=NoticeKind.DECISIONS,
        place="inbox",
        mark=_("You stand in"),
        sentence=_("Somebody asked you to decide in their place until %(ends)s"),
        then=_("What waits for them stands in your inbox; you decide by your own judgment."),
    ),
    "grant_revoked": Wording(
        kind=NoticeKind.ACCESS,
        place="grant",
        mark=_("Access revoked"),
        sentence=_("Your access to %(what)s was revoked"),
        then=_("Keys taken from it stop working. The grant says why."),
        is_critical=True,
    ),
    "grant_expired": Wording(
        kind=NoticeKind.ACCESS,
        place="grant",
        mark=_("Access ended"),
        sentence=_("Your access to %(what)s has ended"),
        then=_("Ask anew if you still need it."),
    ),
    "grant_ends_soon": Wording(
        kind=NoticeKind.ACCESS,
        place="grant",
        mark=_("Access lasts until %(ends)s"),
        sentence=_("Your access to %(what)s ends in a week or less"),
        then=_("Ask for more time if you need it; asking does not prolong anything by itself."),
    ),
    "purpose_suspended": Wording(
        kind=NoticeKind.ACCESS,
        place="grants",
        mark=_("Purpose suspended"),
        sentence=_("The purpose %(ref)s, which your access or request rests on, was suspended"),
        then=_("No keys are given for it until it is resumed."),
        is_critical=True,
    ),
    "purpose_withdrawn": Wording(
        kind=NoticeKind.ACCESS,
        place="grants",
        mark=_("Purpose withdrawn"),
        sentence=_("The purpose %(ref)s, which your access or request rests on, was withdrawn"),
        then=_("Access for it has ended. Ask anew for another purpose, if there is one."),
        is_critical=True,
    ),
    "purpose_submitted": Wording(
        kind=NoticeKind.RECORDS,
        place="purposes",
        mark=_("Review needed"),
        sentence=_("The purpose %(ref)s waits for a second officer"),
        then=_("Read it under Records; it is not in force before somebody else approves it."),
    ),
    "record_submitted": Wording(
        kind=NoticeKind.RECORDS,
        place="any-record",
        mark=_("Review needed"),
        sentence=_("The record %(ref)s waits for a second officer"),
        then=_("Read it in the register; it is not in force before somebody else approves it."),
    ),
    "agreement_ends_soon": Wording(
        kind=NoticeKind.RECORDS,
        place="any-record",
        mark=_("Ends within 60 days"),
        sentence=_("The agreement %(ref)s on the use of data ends soon, and access under it ends with it"),
        then=_("Have it renewed in time, or see to it that the data can be destroyed or given back."),
    ),
    "agreement_over": Wording(
        kind=NoticeKind.RECORDS,
        place="any-record",
        mark=_("Agreement over"),
        sentence=_("The agreement %(ref)s on the use of data is over"),
        then=_("Where it asks for it, the destruction of the data has to be certified on its page."),
    ),
    "activity_submitted": Wording(
        kind=NoticeKind.RECORDS,
        place="processing-activities",
        mark=_("Review needed"),
        sentence=_("The processing activity %(ref)s waits for a second officer"),
        then=_("Read it under Records; it is not in force before somebody else approves it."),
    ),
    "reviews_wait": Wording(
        kind=NoticeKind.DECISIONS,
        place="reviews",
        mark=_("Reviews needed by %(due)s"),
        sentence=_("Access you answer for is reviewed: is it still needed?"),
        then=_("What nobody answers in time is dealt with as the campaign says."),
    ),
    "policy_set_submitted": Wording(
        kind=NoticeKind.RECORDS,
        place="policy-set",
        mark=_("Second person needed"),
        sentence=_("New rules of the house wait to be published"),
        then=_("Read what they would change; whoever wrote them cannot publish them."),
    ),
    "ladder_change_proposed": Wording(
        kind=NoticeKind.RECORDS,
        place="ladder-change",
        mark=_("Your organization is asked"),
        sentence=_("Somebody proposes a change of the ladder of classes"),
        then=_("It holds once an officer of every organization with data has agreed, or somebody says no."),
    ),
    "ladder_change_in_force": Wording(
        kind=NoticeKind.RECORDS,
        place="ladder-change",
        mark=_("In force"),
        sentence=_("A change of the ladder that you agreed to holds now"),
        then=_("It counts for whatever is decided from now on; what was decided stays."),
    ),
    "ladder_change_rejected": Wording(
        kind=NoticeKind.RECORDS,
        place="ladder-change",
        mark=_("Turned down"),
        sentence=_("The change of the ladder that you proposed was turned down"),
        then=_("The page of the change says why."),
    ),
    "lowering_proposed": Wording(
        kind=NoticeKind.RECORDS,
        place="classify",
        mark=_("Second person needed"),
        sentence=_("Somebody proposes a lower class for columns of %(what)s"),
        then=_("Confirm or reject it in the classification."),
    ),
    "lease_outlives": Wording(
        kind=NoticeKind.ALARMS,
        place="grant",
        mark=_("A key may still work"),
        sentence=_("The lake did not confirm that a revoked key to %(what)s is dead"),
        then=_("Until %(ends)s it may still open data. The grant says what the lake answered."),
        is_critical=True,
    ),
    "webhook_disabled": Wording(
        kind=NoticeKind.ALARMS,
        place="webhook",
        mark=_("Webhook disabled"),
        sentence=_("%(origin)s did not take a message in %(attempts)s attempts"),
        then=_("See what it answered, mend it, and enable the webhook; what waits is then sent."),
        is_critical=True,
    ),
}
USUAL_MAIL = {
    NoticeKind.DECISIONS: "at_once",
    NoticeKind.REQUESTS: "at_once",
    NoticeKind.ACCESS: "at_once",
    NoticeKind.RECORDS: "digest",
    NoticeKind.ALARMS: "at_once",
}
