"""How much of what the law asks for a record says, at a glance: its own words alone, without a look at what
it names. What is missing here stands in the register as missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.activity.content import ActivityContent, Role
from apps.compliance.lifecycle.activity.particulars import DataSource

Says = Callable[[ActivityContent], bool]


@dataclass(frozen=True, kw_only=True)
class Element:
    """Something that Art. 30, or the articles beside it, ask a record to say. `field` is where it is said."""

    field: str
    label: Any
    article: str
    is_said: Says


@dataclass(frozen=True, kw_only=True)
class Completeness:
    asked: int
    missing: tuple[Element, ...]

    @property
    def said(self) -> int:
        return self.asked - len(self.missing)

    @property
    def percent(self) -> int:
        return 100 * self.said // self.asked

    @property
    def is_complete(self) -> bool:
        return not self.missing


def completeness(content: ActivityContent) -> Completeness:
    elements = (*COMMON, *(OF_PROCESSOR if content.role is Role.PROCESSOR else OF_CONTROLLER))
    missing = tuple(each for each in elements if not each.is_said(content))
    return Completeness(asked=len(elements), missing=missing)


def _element(field: str, label: Any, article: str, is_said: Says) -> Element:
    return Element(field=field, label=label, article=article, is_said=is_said)


def _has_limits(content: ActivityContent) -> bool:
    said = content.particulars
    rows = said.personal_data
    return bool(said.no_time_limits_reason.strip()) or (bool(rows) and all(row.retention for row in rows))


def _is_told(content: ActivityContent) -> bool:
    said = content.particulars
    is_exempt = said.art14_exemption is not None and DataSource.SUBJECT not in said.sources
    return bool(said.privacy_notice.strip()) or is_exempt


COMMON = (
    _element(
        "dpo",
        _("Data protection officer"),
        "Art. 30(1)(a), (2)(a) GDPR",
        lambda each: bool(each.particulars.dpo.strip() or each.particulars.has_no_dpo),
    ),
    _element("purpose_ids", _("Purposes"), "Art. 30(1)(b) GDPR", lambda each: bool(each.purpose_ids)),
    _element("asset_ids", _("Assets"), "Art. 30(1)(c) GDPR", lambda each: bool(each.asset_ids)),
    _element(
        "transfers",
        _("Transfers to third countries"),
        "Art. 30(1)(e), (2)(c) GDPR",
        lambda each: bool(each.transfers or each.particulars.transfer_records or each.no_transfers_confirmed),
    ),
    _element(
        "security_measures",
        _("Security measures"),
        "Art. 30(1)(g), (2)(d) GDPR",
        lambda each: bool(each.security_measures or each.particulars.no_measures_reason.strip()),
    ),
    _element(
        "places", _("Where the data are"), "Art. 30(1)(e) GDPR", lambda each: bool(each.particulars.places)
    ),
)
OF_CONTROLLER = (
    _element(
        "business_function",
        _("Business function"),
        "Art. 30(1) GDPR",
        lambda each: bool(each.particulars.business_function.strip()),
    ),
    _element(
        "data_subject_categories",
        _("Data subjects"),
        "Art. 30(1)(c) GDPR",
        lambda each: bool(each.data_subject_categories),
    ),
    _element(
        "personal_data",
        _("Kinds of personal data"),
        "Art. 30(1)(c) GDPR",
        lambda each: bool(each.particulars.personal_data),
    ),
    _element(
        "recipients",
        _("Recipients"),
        "Art. 30(1)(d) GDPR",
        lambda each: bool(each.recipients or each.no_recipients_confirmed),
    ),
    _element("personal_data", _("Time limits for erasure"), "Art. 30(1)(f) GDPR", _has_limits),
    _element(
        "identifiability",
        _("Can one see who it is?"),
        "Art. 4(5) GDPR",
        lambda each: each.particulars.identifiability is not None,
    ),
    _element(
        "sources",
        _("Where the data come from"),
        "Art. 13, 14 GDPR",
        lambda each: bool(each.particulars.sources),
    ),
    _element("privacy_notice", _("Privacy notice"), "Art. 13, 14 GDPR", _is_told),
    _element(
        "automation",
        _("Do machines decide about people?"),
        "Art. 22 GDPR",
        lambda each: each.particulars.automation is not None,
    ),
    _element(
        "subjects_band",
        _("How many people"),
        "Rec. 91 GDPR",
        lambda each: each.particulars.subjects_band is not None,
    ),
)
OF_PROCESSOR = (
    _element(
        "on_behalf",
        _("On whose behalf"),
        "Art. 30(2)(a) GDPR",
        lambda each: any(row.controller for row in each.particulars.on_behalf),
    ),
    _element(
        "on_behalf",
        _("What is done for them"),
        "Art. 30(2)(b) GDPR",
        lambda each: (
            bool(each.particulars.on_behalf)
            and all(row.categories.strip() for row in each.particulars.on_behalf)
        ),
    ),
)
