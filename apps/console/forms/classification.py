"""Saying how sensitive columns are: many in one form, and several at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.classification.commands import ColumnClassification
from apps.classification.queries import Identifiability
from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm
from apps.kernel.errors import LakewardenError
from apps.kernel.texts import remedy, sentence
from apps.policy.reason import Reason

WHOLE = 0
"""The place in the form of a version without columns."""
LONGEST_REFERENCE = 200
LIMITS = {"most": LONGEST_TEXT, "length": LONGEST_REFERENCE}
ABOUT_ITEM = re.compile(r"items\.(?P<place>\d+)\..+")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What stands in one row: codes as they were typed, or as they hold."""

    sensitivity_class: str = ""
    about: str = ""
    categories: str = ""
    reason: str = ""
    assessment: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Said()


@dataclass(kw_only=True)
class Row:
    """A column with what holds for it, what stands in its fields, and what is wrong with that."""

    place: int
    name: str | None
    data_type: str = ""
    description: str = ""
    saying: Any = None
    proposal: Any = None
    seen: str = ""
    typed: Said = field(default_factory=Said)
    is_ticked: bool = False
    errors: list[str] = field(default_factory=list)

    @property
    def needs_more(self) -> bool:
        """Whether the fields below the row are worth showing at once."""
        return bool(self.typed.reason or self.typed.assessment or self.errors)

    @property
    def held(self) -> str:
        return str(self.saying["id"]) if self.saying else ""


def said_in(saying: Any) -> Said:
    """What holds, as it stands in the fields."""
    if not saying:
        return Said()
    return Said(
        sensitivity_class=saying["sensitivity_class_code"],
        about=saying["identifiability"],
        categories=", ".join(saying["category_codes"]),
        reason=saying["reason"],
        assessment=saying["assessment_ref"],
    )


def said_once(row: Any) -> Said:
    """The same of a stored saying."""
    return Said(
        sensitivity_class=row.sensitivity_class.code,
        about=row.identifiability,
        categories=", ".join(row.category_codes),
        reason=row.reason,
        assessment=row.assessment_ref,
    )


def rows_of(columns: Iterable[Any]) -> list[Row]:
    return [
        Row(
            place=column.position,
            name=column.name,
            data_type=column.data_type,
            description=column.description,
            saying=column.saying,
            proposal=column.proposal,
        )
        for column in columns
    ]


class ClassifyForm(HouseForm):
    """The fields stand for all ticked columns; those of a column are read from its row."""

    sensitivity_class = forms.ChoiceField(label=_("Class"), required=False)
    about = forms.ChoiceField(
        label=_("About people?"),
        required=False,
        choices=[
            ("", _("leave as it is")),
            *((word.value, wording.IDENTIFIABILITY[word.value]) for word in Identifiability),
        ],
    )
    categories = forms.MultipleChoiceField(
        label=_("Data categories"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed where the data are not about people: how do you know?"),
        required=False,
        max_length=LONGEST_TEXT,
    )
    assessment = forms.CharField(
        label=_("Assessment"),
        help_text=_("Needed where the data are anonymized: the document that found so."),
        required=False,
        max_length=LONGEST_REFERENCE,
    )

    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(
        self,
        *given: Any,
        rows: list[Row],
        classes: Iterable[Any],
        categories: Collection[Any],
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        self.rows = rows
        self.sent: list[Row] = []
        self.classes = [(each.code, each.label) for each in classes]
        self.known = {word.casefold(): each.code for each in categories for word in (each.label, each.code)}
        self.fields["sensitivity_class"].choices = [("", _("leave as it is")), *self.classes]  # type: ignore[attr-defined]
        self.fields["categories"].choices = [(each.code, each.label) for each in categories]  # type: ignore[attr-defined]

    def read(self, once: Mapping[UUID, Any]) -> None:
        """Fill the rows from what was sent; `once`: sayings that held when the form was shown."""
        sent: Any = self.data
        ticked = set(sent.getlist("pick"))
        for row in self.rows:
            row.seen = self.data.get(f"c{row.place}-seen", "")
            row.is_ticked = str(row.place) in ticked
            row.typed = Said(
                sensitivity_class=self._typed(row, "class"),
                about=self._typed(row, "about"),
                categories=self._typed(row, "categories"),
                reason=self._typed(row, "reason"),
                assessment=self._typed(row, "assessment"),
            )
        before = {row.place: self._before(row, once) for row in self.rows}
        do = self.data.get("do", "save")
        if do == "apply":
            self._apply()
        self.sent = [
            row
            for row in self.rows
            if not row.typed.is_empty
            and (_differs(row.typed, before[row.place]) or (do == "confirm" and row.is_ticked))
        ]
        if do in {"apply", "confirm"} and not any(row.is_ticked for row in self.rows):
            self.add_error(None, gettext("Tick the columns it is about."))

    def items(self) -> list[ColumnClassification]:
        """What is sent to the command. What cannot be sent is said at its row."""
        made = []
        for row in self.sent:
            said = row.typed
            codes = self._codes(row)
            if not said.sensitivity_class:
                row.errors.append(gettext("Choose a class."))
            if not said.about:
                row.errors.append(gettext("Say whether it is about people."))
            if len(said.reason) > LONGEST_TEXT:
                row.errors.append(gettext("Write the reason in at most %(most)s letters.") % LIMITS)
            if len(said.assessment) > LONGEST_REFERENCE:
                row.errors.append(gettext("Name the assessment in at most %(length)s letters.") % LIMITS)
            if row.errors:
                continue
            made.append(
                ColumnClassification(
                    column=row.name,
                    sensitivity_class_code=said.sensitivity_class,
                    category_codes=codes,
                    identifiability=Identifiability(said.about),
                    reason=said.reason,
                    assessment_ref=said.assessment,
                )
            )
        if len(made) != len(self.sent):
            self.add_error(None, gettext("Nothing was saved: some columns need more."))
        return made

    def take(self, fault: LakewardenError) -> tuple[Reason, ...]:
        rest = []
        for reason in fault.reasons:
            about = ABOUT_ITEM.fullmatch(reason.field)
            if about and int(about["place"]) < len(self.sent):
                row = self.sent[int(about["place"])]
                row.errors.append(" ".join((sentence(reason), remedy(reason))).strip())
            else:
                rest.append(reason)
        if len(rest) < len(fault.reasons):
            self.add_error(None, gettext("Nothing was saved: some columns need more."))
        return tuple(rest)

    @property
    def faulty(self) -> list[Row]:
        return [row for row in self.rows if row.errors]

    def _typed(self, row: Row, name: str) -> str:
        return str(self.data.get(f"c{row.place}-{name}", "")).replace("\0", "").strip()

    def _before(self, row: Row, once: Mapping[UUID, Any]) -> Said:
        if row.seen == row.held:
            return said_in(row.saying)
        uid = _uid(row.seen)
        old = once.get(uid) if uid else None
        return said_once(old) if old else Said()

    def _apply(self) -> None:
        names = ("sensitivity_class", "about", "reason", "assessment")
        given = {name: str(text) for name in names if (text := self.cleaned_data.get(name))}
        if codes := self.cleaned_data.get("categories"):
            given["categories"] = ", ".join(codes)
        if not given and not self.errors:
            self.add_error(None, gettext("Choose at least one value for the ticked columns."))
        for row in self.rows:
            if row.is_ticked:
                row.typed = replace(row.typed, **given)

    def _codes(self, row: Row) -> tuple[str, ...]:
        words = [word.strip() for word in re.split(r"[,;\n]", row.typed.categories) if word.strip()]
        unknown = [word for word in words if word.casefold() not in self.known]
        if unknown:
            said = gettext("There is no data category «%(word)s». The list below the table has them all.")
            row.errors.append(said % {"word": unknown[0][:80]})
        return tuple(
            dict.fromkeys(self.known[word.casefold()] for word in words if word.casefold() in self.known)
        )


class LoweringForm(HouseForm):
    """A second person decides proposals to lower a classification, having seen what another class reaches."""

    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    proposal_ids = forms.TypedMultipleChoiceField(
        label=_("Proposals"),
        coerce=UUID,
        error_messages={
            "required": _("Tick the proposals you decide."),
            "invalid_choice": _("One of these proposals was decided or replaced meanwhile."),
        },
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed to reject. Whoever proposed it reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=LONGEST_TEXT,
    )

    def __init__(self, *given: Any, proposals: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        choices = [(str(each.uid), each.column_name) for each in proposals]
        self.fields["proposal_ids"].choices = choices  # type: ignore[attr-defined]


def _differs(typed: Said, before: Said) -> bool:
    """Of categories the order says nothing."""

    def plain(said: Said) -> Said:
        words = sorted({word.strip().casefold() for word in said.categories.split(",") if word.strip()})
        return replace(said, categories=",".join(words))

    return plain(typed) != plain(before)


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
