"""The report as PDF, read back: its verdict, its checks, and each figure with its bounds."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pytest
from pypdf import PdfReader

from apps.kernel.actor import SYSTEM
from apps.labeling.checks.findings import at_least, at_most
from apps.labeling.commands import export_label_report
from apps.labeling.models import LabelSet
from apps.labeling.rendering import words
from apps.labeling.rendering.report import Report, report_on
from tests.factories import labels
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db


def squeezed(text: Any) -> str:
    return "".join(str(text).split())


def text_of(made: LabelSet) -> str:
    report = export_label_report(actor=SYSTEM, label_set_id=made.uid)
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(report.content)).pages))


def bounded(told: Mapping[str, Any], name: str = "value") -> str:
    return f"{told[name]:.3f}({at_least(told['lower'])}–{at_most(told['upper'])})"


def said(report: Report, text: str) -> str:
    """The rest, behind what the report says of verdict and checks."""
    for each in (report.title, report.sentence, report.label_set.file_sha256):
        assert squeezed(each) in text
    for check in report.checks:
        assert squeezed(f"({check.code})") in text
        assert stands(words.sentence(check.reason), text)
    return text


def stands(sentence: str, text: str) -> bool:
    """Also where a page ends within it."""
    told = squeezed(sentence)
    return any(told[:place] in text and told[place:] in text for place in range(len(told)))


@pytest.fixture
def full(world: World) -> tuple[Report, str]:
    made = labels.with_every_figure(labels.labeled_version(world.domain))
    report = report_on(made)
    return report, said(report, text_of(made))


def test_blocked_and_released_labels_say_so(world: World) -> None:
    version = labels.labeled_version(world.domain)
    poor, good = labels.brought(version, labels.sound(wrong=60)), labels.brought(version)
    blocked, released = (said(report_on(made), text_of(made)) for made in (poor, good))
    assert squeezed("What they are good for: Blocked") in blocked
    assert squeezed("What they are good for: Good enough for release") in released
    for check in report_on(poor).hindering:
        assert stands(words.remedy(check.reason), blocked)
    sentence = squeezed(report_on(good).sentence)
    assert sentence in released and sentence not in blocked


def test_agreement_and_gold_stand_with_their_bounds(full: tuple[Report, str]) -> None:
    report, text = full
    (part,) = report.parts
    assert 0 < part["lower"] < part["agreement"] < part["upper"] < 1
    assert bounded(part, "agreement") in text
    for label, share in part["gold_by_class"].items():
        assert f"{share['hits']}/{share['total']}:{bounded(share)}" in text
        assert label in text
    for each in part["classes"]:
        assert bounded(each, "agreement") in text
    for each in report.figures["annotators"]:
        assert each["with_others"]["items"] == 120
        assert bounded(each["with_others"]) in text
        assert f"{each['gold']['hits']}/{each['gold']['total']}:{bounded(each['gold'])}" in text
    assert part["confusion"]["counts"] == [[55, 9], [9, 56]]
    assert "sandstone559shale956" in text


def test_coverage_stands_as_a_table_with_what_was_given_up(full: tuple[Report, str]) -> None:
    _report, text = full
    rows = {
        "Items that are labeled": "1201201.000",
        "Items with several answers": "1201201.000",
        "Answers that leave it open": "02400.000",
        "Answers that were given up": "12410.004",
    }
    for name, cells in rows.items():
        assert squeezed(name) + cells in text


def test_groups_stand_as_a_table_with_their_bounds(full: tuple[Report, str]) -> None:
    report, text = full
    groups = {each["name"]: each for each in report.figures["groups"]}
    assert set(groups) == {"site: north", "site: south"}
    for name, each in groups.items():
        assert squeezed(name) + bounded(each) in text
    rates = report.figures["group_rates"]
    assert {each["name"] for each in rates} == set(groups)
    for each in rates:
        assert squeezed(each["label"]) + squeezed(each["name"]) + f"{each['share']:.3f}" in text
