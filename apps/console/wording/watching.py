"""Words for what is due, and for what an authority asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.compliance.queries import JobState, TransferStage
from apps.compliance.queries.due import DueKind
from apps.console.wording.words import Word

DUES = {
    DueKind.ANSWER: _("Answer to a person"),
    DueKind.AUTHORITY: _("Telling the authority of a breach"),
    DueKind.CONSULTATION: _("Answer of the authority"),
    DueKind.REVIEW: _("Review of a record"),
    DueKind.COUNTRY_REVIEW: _("Review of a country"),
    DueKind.END: _("End of a record"),
    DueKind.RETENTION: _("End of the time data may be kept"),
    DueKind.TASK: _("Measure of an assessment"),
    DueKind.DUTY: _("Duty after an occurrence"),
    DueKind.CERTIFICATE: _("Certificate that data are gone"),
    DueKind.MODEL: _("What becomes of a model"),
    DueKind.CONDITION: _("Condition of access"),
}
ANSWERS = {
    "designation": _("Who is the data protection officer?"),
    "training": _("Who was trained in data protection, and when?"),
    "deletions": _("What was deleted, when, and what shows it?"),
}
ANSWER_LEADS = {
    "designation": _("Whoever holds the role now, and whom the records of parties name."),
    "training": _("Everybody who works here. Who was not trained within a year gets no data about people."),
    "deletions": _(
        "Every duty to delete that the law left, and every certificate at the end of an agreement."
    ),
}
ANSWER_COLUMNS = {
    "designated": _("Data protection officer"),
    "by": _("Named by"),
    "ref": _("Record"),
    "since": _("Since"),
    "until": _("Until"),
    "person": _("Person"),
    "relation": _("Relation"),
    "undertaking_on": _("Confidentiality undertaken"),
    "trained_on": _("Trained"),
    "trained_in_time": _("Within a year"),
    "what": _("What"),
    "asset": _("Asset"),
    "state": _("State"),
    "due_on": _("Due"),
    "done_on": _("Done"),
    "in_time": _("In time"),
    "done_by": _("By"),
    "evidence": _("Evidence"),
    "sha256": _("Hash of the evidence"),
}
ANSWER_WORDS = {
    "yes": _("yes"),
    "no": _("no"),
    "role": _("the role that is held"),
    "record": _("a record"),
    "employee": _("employee"),
    "contractor": _("contractor"),
    "vendor": _("vendor"),
    "partner": _("partner"),
    "erase_withdrawn": _("Rows erased that were taken back"),
    "delete_rows": _("Rows deleted"),
    "tombstone": _("Rows kept from coming in again"),
    "delete_or_anonymise": _("Deleted or anonymised at the end of retention"),
    "destroy_or_return": _("Destroyed or given back at the end of an agreement"),
    "destroyed": _("Destruction certified"),
    "returned": _("Return certified"),
    "both": _("Return and destruction certified"),
    "retention_ends": _("Retention ends"),
    **{state.value: state.label for state in JobState},
}
"""Of codes in the lists; what is none stands there as it is."""
TRANSFER_STATES = {
    TransferStage.DRAFT: Word(text=TransferStage.DRAFT.label, icon="draft"),
    TransferStage.TIA_DONE: Word(text=TransferStage.TIA_DONE.label, icon="clock"),
    TransferStage.ACTIVE: Word(text=TransferStage.ACTIVE.label, tone="success", icon="check"),
    TransferStage.EXPIRING: Word(text=TransferStage.EXPIRING.label, tone="warning", icon="deadline"),
    TransferStage.EXPIRED: Word(text=TransferStage.EXPIRED.label, tone="danger", icon="cross"),
    TransferStage.SUSPENDED: Word(text=TransferStage.SUSPENDED.label, tone="danger", icon="pause"),
}
SOON = timedelta(days=7)
HOURS = timedelta(hours=48)


def urgency(at: datetime, now: datetime) -> Word:
    """How near, in words: late, hours, days."""
    left = at - now
    if left <= timedelta(0):
        days = max((now - at).days, 0)
        text = ngettext("late by %(days)s day", "late by %(days)s days", days) % {"days": days}
        return Word(text=text if days else _now("late since today"), tone="danger", icon="alert")
    if left < HOURS:
        hours = int(left.total_seconds() // 3600)
        text = ngettext("%(hours)s hour left", "%(hours)s hours left", hours) % {"hours": hours}
        return Word(text=text, tone="warning", icon="clock")
    text = ngettext("%(days)s day left", "%(days)s days left", left.days) % {"days": left.days}
    return Word(text=text, tone="warning" if left <= SOON else "neutral", icon="deadline")


@dataclass(frozen=True, kw_only=True)
class Question:
    """`answered_by` are the records whose completeness is counted; `page` is where the answer stands, which
    may be for those alone who may read the trail."""

    text: Any
    why: Any
    article: str
    answered_by: str
    page: str = ""
    args: tuple[Any, ...] = ()
    is_of_the_trail: bool = False


def _of(kind: str, text: Any, why: Any, article: str) -> Question:
    return Question(text=text, why=why, article=article, answered_by=kind, page=f"console:{kind}")


def _answered(answer: str, text: Any, why: Any, article: str) -> Question:
    return Question(
        text=text,
        why=why,
        article=article,
        answered_by=answer,
        page="console:regulator-answer",
        args=(answer,),
        is_of_the_trail=True,
    )


QUESTIONS = (
    _of(
        "processing-activities",
        _("Show us your record of processing."),
        _("The first thing every authority asks for. Blocked activities stand in it, too."),
        "Art. 30 GDPR",
    ),
    _of(
        "purposes",
        _("On what basis do you use the data, for each purpose?"),
        _("One basis for each purpose, and a condition of Art. 9 besides where data are sensitive."),
        "Art. 5(2), 6, 9 GDPR",
    ),
    _of(
        "legitimate-interests",
        _("Where you rely on legitimate interests, show how you weighed them."),
        _("Written before the processing began."),
        "Art. 6(1)(f) GDPR",
    ),
    _of(
        "consent-bases",
        _("Where you rely on consent, what did people agree to, and how do they take it back?"),
        _("The text as they read it, and a way back that is as easy as the way in."),
        "Art. 7 GDPR",
    ),
    _of(
        "compatibility",
        _("Data collected for one thing and used for another: why is that compatible?"),
        _("The five factors, each in words."),
        "Art. 6(4) GDPR",
    ),
    _of(
        "impact-assessments",
        _("Which processing has a high risk, and where is its assessment?"),
        _("With the advice of the data protection officer and the decision of the owner."),
        "Art. 35, 36 GDPR",
    ),
    Question(
        text=_("Which data leave the European Economic Area, to whom, on what basis?"),
        why=_("Remote reading counts. Each with what protects the people there."),
        article="Art. 44-49 GDPR",
        answered_by="transfers",
        page="console:transfer-map",
    ),
    _of(
        "parties",
        _("Who else receives data, and where are the contracts?"),
        _("Processors, joint controllers, recipients."),
        "Art. 26, 28 GDPR",
    ),
    _of(
        "retention-schedules",
        _("How long do you keep what, and what happens then?"),
        _("A time or a criterion with an end, for every category."),
        "Art. 5(1)(e) GDPR",
    ),
    _of(
        "rights-requests",
        _("Show us the requests of people, and when each was answered."),
        _("The log tells what was due when, and what was late."),
        "Art. 12, 15-22 GDPR",
    ),
    _of(
        "breaches",
        _("Show us your breaches, also those you did not report."),
        _("All of them, with the reasons for what was done."),
        "Art. 33(5) GDPR",
    ),
    _answered(
        "deletions",
        _("Show us what you deleted."),
        _("With the day, who did it, and what shows it."),
        "Art. 5(1)(e), 17 GDPR",
    ),
    Question(
        text=_("Who had keys to this dataset between these two days?"),
        why=_("Every key that worked then, who held it, for what, and the request it rests on."),
        article="Art. 5(2), 32 GDPR",
        answered_by="",
        page="console:access-log",
        is_of_the_trail=True,
    ),
    _answered(
        "designation",
        _("Who is your data protection officer, and since when?"),
        _("The role as it is held, and the contact that your records name."),
        "Art. 37 GDPR",
    ),
    _answered(
        "training",
        _("Who of those who work with the data was trained, and when?"),
        _("With the day of their undertaking of confidentiality."),
        "Art. 29, 32(4), 39(1)(b) GDPR",
    ),
    Question(
        text=_("Who had access to these data, who allowed it, and why?"),
        why=_("From a grant, Evidence gives a signed pack that can be verified without this portal."),
        article="Art. 5(2), 24, 32 GDPR",
        answered_by="",
        page="console:overview",
    ),
    _of(
        "use-agreements",
        _("Under which agreements did you receive or hand on data?"),
        _("With what each allows and forbids, and its end."),
        "Art. 28, 26 GDPR",
    ),
    _of(
        "ai-systems",
        _("Which AI systems do you build or use, and in which class?"),
        _("With the data they were trained on."),
        "Art. 6, 10, 50 AI Act",
    ),
    _of(
        "labeling-policies",
        _("How were the labels made that your models learned from?"),
        _("By whom, with which guideline, and how far annotators agreed when it was tried out."),
        "Art. 10(2)(c), Annex IV 2(d) AI Act",
    ),
    _of(
        "controls",
        _("Which measures are in place, and when were they last put to the test?"),
        _("The statement of applicability names every control, with what shows it."),
        "Art. 32(1)(d) GDPR",
    ),
    Question(
        text=_("What is late?"),
        why=_("Everything that is due, with who answers for it."),
        article="Art. 5(2) GDPR",
        answered_by="",
        page="console:deadlines",
    ),
)
"""In the order in which they are mostly asked."""
