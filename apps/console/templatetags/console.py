"""Filters that turn reasons, codes and fields into what is shown. They decide nothing and ask nobody."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django import forms, template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from apps.compliance.queries import TransferStage
from apps.console import icons, legal, trail, wording
from apps.console.direction import isolated, together
from apps.console.forms.legal import said_in_step, terms_of
from apps.console.reasons import fact, named, told
from apps.console.trail_words import EVENTS
from apps.console.wording import Word
from apps.console.wording.watching import TRANSFER_STATES
from apps.policy.reason import Reason, text_of

register = template.Library()

register.filter("isolated", isolated)
register.filter("joined", together)
NO_REMEDY = "Nothing to do."
WORD_WITHIN = re.compile(r"(?<=[a-z])(?=[A-Z])")
register.filter("class_word", wording.class_word)
register.simple_tag(icons.icon, name="icon")


def _words(name: str, words: dict[str, Word]) -> None:
    register.filter(name, lambda code: wording.of(words, code))


def _texts(name: str, known: dict[str, Any]) -> None:
    register.filter(name, lambda code: wording.text_of(known, code))


def _terms(name: str, terms: dict[str, legal.Term]) -> None:
    register.filter(name, lambda code: legal.term(terms, code))


_terms("basis_term", legal.LAWFUL_BASES)
_words("request_word", wording.REQUEST_STATES)
_words("question_word", wording.QUESTION_STATES)
_words("came_word", wording.OUTCOMES_OF_ASSETS)
_words("grant_word", wording.GRANT_STATES)
_words("lease_word", wording.LEASE_STATES)
_words("campaign_word", wording.CAMPAIGN_STATES)
_words("review_word", wording.REVIEW_STATES)
_words("review_answer_word", wording.ANSWERS_TO_REVIEWS)
_words("asset_word", wording.ASSET_STATES)
_words("kind_word", wording.KINDS)
_words("outcome_word", wording.EFFECTS)
_words("answer_word", wording.ANSWERS)
_words("risk_word", wording.RISKS)
_words("verdict_word", wording.VERDICTS)
_words("record_word", wording.RECORD_STATES)
_words("clearance_word", wording.CLEARANCES)
_words("person_word", wording.PERSON_STATES)
_words("assignment_word", wording.ASSIGNMENT_STATES)
_words("tie_word", wording.TIE_STATES)
_words("account_word", wording.ACCOUNT_STATES)
_words("token_word", wording.TOKEN_STATES)
_words("lake_word", wording.LAKE_STATES)
_words("view_word", wording.VIEW_STATES)
_words("import_word", wording.LABEL_IMPORT_STATES)
_texts("view_step_text", wording.VIEW_STEPS)
_words("policy_word", wording.POLICY_SET_STATES)
_texts("condition_text", wording.CONDITION_KINDS)
_words("notice_word", wording.NOTICE_KINDS)
_words("webhook_word", wording.WEBHOOK_STATES)
_words("ticket_word", wording.TICKET_STANDINGS)
_words("asked_system_word", wording.ASKED_SYSTEMS)
_words("delivery_word", wording.DELIVERY_STATES)
_words("trail_word", trail.OUTCOMES)
_texts("event_text", EVENTS)
_texts("fault_text", wording.FAULTS)
_texts("flavor_text", wording.FLAVORS)
_texts("silence_text", wording.SILENCES)
_texts("reviewer_text", wording.REVIEWERS)
_texts("country_text", wording.COUNTRIES)
_texts("stage_text", wording.STAGES)
_texts("role_text", wording.ROLES)
_texts("conflict_text", wording.CONFLICT_KINDS)
_texts("action_text", wording.ACTIONS)
_texts("identifiability_text", wording.IDENTIFIABILITY)
_texts("input_text", wording.INPUT_ROLES)
_texts("obligation_text", wording.OBLIGATIONS)
_texts("rejection_text", wording.REJECTION_CODES)
_texts("relation_text", wording.RELATIONS)
_texts("permission_text", wording.PERMISSIONS)
_texts("audience_text", wording.AUDIENCES)
_texts("draft_field_text", wording.DRAFT_FIELDS)
_texts("labeling_part_text", wording.LABELING_PARTS)
_texts("comment_audience_text", wording.COMMENT_AUDIENCES)
_texts("purpose_text", wording.PURPOSE_STATES)
_texts("classification_source_text", wording.CLASSIFICATION_SOURCES)


@register.filter
def legal_lead(version: Any) -> str:
    """What lists say of a version of a declared kind besides its state, such as its outcome."""
    kind = version.legal_record.declared
    value = getattr(version.said, kind.aspect)
    found = terms_of(kind.specs[kind.aspect]).get(str(value))
    return str(found.name if found else value or "")


@register.filter
def record_stage_word(stage: str, record: Any) -> Word:
    """Where a record stands in the cycle of its kind; how far a transfer is follows from its days."""
    cycle = record.declared.cycle
    if cycle is None:
        return TRANSFER_STATES[TransferStage(stage)]
    found = next((each for each in cycle.stages if each == stage), None)
    return Word(text=found.label if found else stage)


@register.filter
def step_text(step: Any, record: Any) -> str:
    cycle = record.declared.cycle
    return str(next((each.verb for each in cycle.steps if each.slug == step.step), step.step))


@register.filter
def step_facts(step: Any, record: Any) -> list[Any]:
    """What was said with a step, field by field."""
    return said_in_step(step, record.declared.cycle)


@register.filter
def said_class(saying: Mapping[str, Any] | None) -> Word:
    """Of a saying in a few words, with its label and rank."""
    return wording.ranked_word(saying["label"], saying["rank"]) if saying else wording.class_word(None)


@register.filter
def step_texts(step: Any) -> tuple[str, str]:
    """What is done, and what to do where it is not."""
    done, to_do = wording.ASSET_STEPS[step.code]
    return str(done), str(to_do)


@register.filter
def sentence(reason: Reason, names: Mapping[str, str] | None = None) -> SafeString:
    """With the names of assets in place of their ids, and roles in words."""
    return told(text_of(reason.code).sentence, reason, names or {})


@register.filter
def remedy(reason: Reason, names: Mapping[str, str] | None = None) -> SafeString:
    """What would mend it; that there is nothing to do is not worth a line."""
    if text_of(reason.code).remedy == NO_REMEDY:
        return SafeString()
    return told(text_of(reason.code).remedy, reason, names or {})


@register.filter
def rule_title(rule: str) -> str:
    """What a rule looks at; the organization words its own."""
    return str(wording.RULES.get(rule, ""))


@register.filter
def rule_text(reason: Reason) -> str:
    """The number of a rule of policy or law; what an operation takes, the sentence has said already."""
    return "" if reason.rule.startswith("operation:") else reason.rule


@register.filter
def columns_text(columns: Iterable[str]) -> SafeString:
    """Of «asset/column», the columns."""
    return SafeString(wording.listed([str(fact(named(column, {}))) for column in columns]))


@register.filter
def edit_text(edit: Any, names: Mapping[str, str] | None = None) -> str:
    """What to ask for instead. Assets and purposes are called by their names, columns without their asset."""
    known = names or {}
    if edit.kind == "other_place":
        what = ", ".join(wording.text_of(wording.COUNTRIES, place) for place in edit.what)
    elif edit.kind in {"drop_columns", "shorten"}:
        what = ", ".join(each.rpartition("/")[2] for each in edit.what)
    elif edit.kind in {"other_action", "drop_action"}:
        what = str(wording.text_of(wording.ACTIONS, edit.what[-1]))
    else:
        what = ", ".join(known.get(each, each) for each in edit.what)
    return str(wording.EDITS[edit.kind]) % {"what": what}


@register.filter
def stage_word(stage: Any) -> Word:
    icon = "opinion" if stage.is_opinion else "people"
    return Word(text=wording.text_of(wording.STAGES, stage.name), icon=icon)


@register.filter
def roles_text(codes: Iterable[str]) -> str:
    return wording.listed([wording.text_of(wording.ROLES, code) for code in codes])


@register.filter
def actions_text(codes: Iterable[str]) -> str:
    return wording.listed([wording.text_of(wording.ACTIONS, code) for code in codes])


@register.filter
def amended_text(values: Iterable[str], field: str) -> str:
    """What one field of a request said, with words for codes."""
    words = {"actions": wording.ACTIONS, "labeling_part": wording.LABELING_PARTS}.get(field, {})
    return ", ".join(str(words.get(value, value)) for value in values)


@register.filter
def subjects_text(codes: Iterable[str]) -> str:
    return wording.listed([str(legal.term(legal.DATA_SUBJECTS, code).name) for code in codes])


@register.filter
def conditions_text(codes: Iterable[str]) -> str:
    terms = (legal.term(legal.ART9_CONDITIONS, code) for code in codes)
    named = ({"name": term.name, "article": term.article} for term in terms)
    return wording.listed([gettext("%(name)s (%(article)s)") % each for each in named])


@register.filter
def permissions_text(words: Iterable[str]) -> str:
    return wording.listed([wording.text_of(wording.PERMISSIONS, word) for word in words])


@register.filter
def scopes_text(codes: Iterable[str]) -> str:
    return wording.listed([wording.text_of(wording.SCOPES, code) for code in codes])


@register.filter
def limit_text(factor: str) -> str:
    """`class_longest_grant:restricted` in words; what it is about is a code, or an id that says nothing."""
    return wording.text_of(wording.LIMITS, factor.partition(":")[0])


@register.filter
def condition_word(condition: Any) -> wording.Word:
    """What was shown and what is overdue have words of their own."""
    word = condition.status
    is_expected = word == "open" or (word == "met" and condition.has_rounds)
    if is_expected and condition.due_at and condition.due_at <= timezone.now():
        word = "overdue"
    elif is_expected and condition.evidence:
        word = "shown"
    return wording.CONDITION_STATES[word]


@register.filter
def condition_turn_text(condition: Any) -> str:
    return wording.text_of(wording.CONDITION_TURNS, condition.turn) if condition.turn else ""


@register.filter
def glass_word(glass: Any) -> wording.Word:
    """What was said of an emergency access, or how urgently something has to be."""
    is_overdue = glass.review_due_at <= timezone.now()
    return wording.GLASS_STATES[glass.verdict or ("overdue" if is_overdue else "open")]


@register.filter
def condition_kind_text(kind: str) -> str:
    return wording.text_of(wording.CONDITION_KINDS, kind)


@register.filter
def is_midnight(at: datetime) -> bool:
    """In the zone of the reader."""
    return timezone.localtime(at).time() == time.min


@register.filter
def last_day(at: datetime) -> str:
    """Of something that is over at this moment."""
    return date_format(timezone.localtime(at - timedelta.resolution), "j M Y")


@register.filter
def category_text(code: str) -> str:
    """A data category by name; where nobody worded it its code, as words."""
    return str(wording.CATEGORIES.get(code) or spaced(code))


@register.filter
def categories_text(codes: Iterable[str] | None) -> str:
    return ", ".join(map(category_text, codes or ()))


@register.filter
def spaced(code: object) -> str:
    """`PersonnelPayment` of the Data Privacy Vocabulary, as words."""
    return WORD_WITHIN.sub(" ", str(code))


@register.filter
def join_lines(lines: Iterable[object]) -> str:
    return "\n".join(str(line) for line in lines)


@register.filter
def unlocalized(number: object) -> str:
    """A number for a program, not for a reader: no separators, a point for the fraction."""
    return str(number)


@register.filter
def span_text(span: timedelta) -> str:
    """A length of time in its two largest units; what is shorter than a minute counts as one."""
    return timesince(timezone.now() - max(span, timedelta(minutes=1)))


@register.filter
def waited(since: datetime) -> str:
    """How long ago, in its two largest units."""
    is_short = timezone.now() - since < timedelta(minutes=1)
    return gettext("less than a minute") if is_short else timesince(since)


@register.filter
def minutes_text(minutes: int) -> str:
    """In hours where they are whole."""
    if minutes % 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}


@register.filter
def lookup(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if mapping else None


@register.filter
def typed_beside(field: forms.BoundField, name: str) -> str:
    """What was sent under another name with the form of the field; a template that says `form.data` would
    get a field of that name, where there is one."""
    return str(field.form.data.get(name, ""))


@register.filter
def is_group(field: forms.BoundField) -> bool:
    """Several controls under one legend."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def choice_groups(field: forms.BoundField) -> list[tuple[str, list[Any]]]:
    """The choices of a field, in the groups they were given in; without a title where there are none."""
    given = field.field.widget.optgroups(field.html_name, [])
    titles = [str(title or "") for title, options, _index in given for _option in options]
    paired = groupby(zip(titles, field, strict=True), key=itemgetter(0))
    return [(title, [choice for _title, choice in pairs]) for title, pairs in paired]


@register.filter
def control(field: forms.BoundField) -> SafeString:
    """The control with its class and, where something is wrong, what says so to a screen reader."""
    attributes: dict[str, str | bool] = {"class": "input", "aria-describedby": f"{field.auto_id}_help"}
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def has_sentences(field: forms.BoundField) -> bool:
    """Does any choice explain itself?"""
    return any(getattr(choice.data["label"], "sentence", "") for choice in field)


@register.filter
def has_articles(field: forms.BoundField) -> bool:
    """Does any choice name the article it rests on?"""
    return is_group(field) and any(getattr(choice.data["label"], "article", "") for choice in field)


@register.simple_tag
def identifiability_terms() -> list[tuple[str, str]]:
    """Each word with what it means."""
    return [
        (wording.text_of(wording.IDENTIFIABILITY, code), str(meaning))
        for code, meaning in wording.IDENTIFIABILITY_HELP.items()
    ]
