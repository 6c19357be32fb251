"""What the pictures of labels show: every figure with its bounds, drawn and as a table beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from apps.compliance.models import LegalRecordVersion
from apps.console.label_pictures import MOST_DRAWN, Drawing, confusions_of, drawings_of
from apps.console.ranges import said
from apps.labeling.checks.findings import at_least, at_most
from apps.labeling.checks.terms import Terms, Verdict
from apps.labeling.measures.proportions import Share
from apps.labeling.models import LabelSet
from apps.labeling.rendering.comparison import compared
from apps.labeling.rendering.report import Report, report_on
from tests.console.conftest import Browse
from tests.factories import labels
from tests.factories.access import AccessWorld

TERMS = Terms()
REGIONS = {"is_of_regions": True, "coefficient": "F1", "agreement": 0.7, "lower": 0.6, "upper": 0.8}


def share(hits: int, total: int) -> dict[str, Any]:
    found = Share(hits=hits, total=total)
    return {
        "hits": hits,
        "total": total,
        "value": found.value,
        "lower": found.lower,
        "upper": found.upper,
    }


PART: Mapping[str, Any] = {
    "is_of_regions": False,
    "coefficient": "krippendorff_alpha",
    "agreement": 0.85,
    "lower": 0.79,
    "upper": 0.91,
    "overlapping": 40,
    "raw": 0.93,
    "ac1": 0.88,
    "beside": {"cohen_kappa": 0.84},
    "classes": [
        {"label": "shale", "answers": 50, "share": 0.625, "agreement": 0.9, "lower": 0.8, "upper": 0.97},
        {"label": "coal", "answers": 30, "share": 0.375, "agreement": None, "lower": None, "upper": None},
    ],
    "gold_by_class": {"shale": share(19, 20)},
    "confusion": {"labels": ["shale", ""], "counts": [[12, 6], [6, 0]]},
}
FIGURES: Mapping[str, Any] = {
    "items": 50,
    "labeled": 49,
    "overlapping": 40,
    "answers": 80,
    "unsure": 4,
    "cancelled": 20,
    "machine_items": 10,
    "verified": 3,
    "parts": [PART],
    "annotators": [
        {
            "annotator": "7",
            "answers": 40,
            "gold": share(10, 10),
            "with_others": {"value": 0.9, "lower": 0.77, "upper": 0.96, "items": 40},
        },
        {"annotator": "8", "answers": 40, "gold": share(0, 0)},
    ],
    "groups": [
        {"name": "site: north", "value": 0.9, "lower": 0.8, "upper": 0.95},
        {"name": "site: south", "value": None, "lower": None, "upper": None},
    ],
    "group_rates": [
        {"name": "site: north", "label": "shale", "share": 0.75},
        {"name": "site: south", "label": "shale", "share": 0.25},
    ],
}


def report(**figures: Any) -> Report:
    told = {**FIGURES, **figures}
    return Report(
        label_set=LabelSet(),
        verdict=Verdict.RELEASE,
        checks=(),
        figures=told,
        policy=LegalRecordVersion(number=1),
        measured_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def drawn(**figures: Any) -> dict[str, Drawing]:
    return {each.id: each for each in drawings_of(report(**figures), TERMS)}


def rows(drawing: Drawing) -> dict[str, tuple[Any, ...]]:
    assert all(len(row.cells) == len(drawing.columns) for row in drawing.rows)
    return {str(row.name): row.cells for row in drawing.rows}


def pictured(drawing: Drawing) -> list[tuple[str, str, str]]:
    return [(str(each.name), each.text, each.bounds) for each in drawing.ranges.rows]


def test_each_drawing_has_its_title_and_nothing_is_drawn_of_nothing() -> None:
    assert {name: str(each.title) for name, each in drawn().items()} == {
        "agreement": "Agreement",
        "classes-0": "Agreement by class",
        "with-others": "Agreement with the others, by annotator",
        "gold-classes": "Right on gold items, by class",
        "annotators": "Right on gold items, by annotator",
        "coverage": "Coverage",
        "groups": "Groups of items",
        "group-rates": "How often each label was given, by group",
    }
    nothing = {"classes": [], "gold_by_class": {}, "confusion": {}}
    bare = {"parts": [{**PART, **nothing}], "annotators": [], "groups": [], "items": 0, "answers": 0}
    bare["group_rates"] = []
    assert set(drawn(**bare, machine_items=0, cancelled=0)) == {"agreement"}
    assert confusions_of(report(**bare)) == ()


def test_agreement_stands_with_its_bounds_and_what_stands_beside_it_without() -> None:
    found = drawn(parts=[PART, {**REGIONS, "overlapping": 5}])["agreement"]
    decides, *beside, regions = rows(found).items()
    assert decides[1] == (0.85, 0.79, 0.91, 40)
    assert [cells for _name, cells in beside] == [(0.93, "", "", 40), (0.88, "", "", 40), (0.84, "", "", 40)]
    assert [name for name, _cells in beside][:2] == ["Raw agreement", "AC1"]
    assert (regions[0].endswith(", in regions"), regions[1]) == (True, (0.7, 0.6, 0.8, 5))
    assert [each[1:] for each in pictured(found)] == [("0.850", "0.790 – 0.910"), ("0.700", "0.600 – 0.800")]
    assert found.ranges.needed_text == said(TERMS.release_agreement) == "0.800"


def test_the_lower_bound_decides_the_tone() -> None:
    def tone(lower: float) -> str:
        return drawn(parts=[{**PART, "lower": lower}])["agreement"].ranges.rows[0].tone

    assert [tone(lower) for lower in (0.79, 0.80)] == ["danger", "success"]


def test_a_class_whose_agreement_is_undefined_stands_in_the_table_only() -> None:
    found = drawn()["classes-0"]
    assert rows(found) == {"shale": (0.9, 0.8, 0.97, 50, 0.625), "coal": (None, None, None, 30, 0.375)}
    assert (pictured(found), found.more) == ([("shale", "0.900", "0.800 – 0.970")], 1)


def test_reviews_from_before_there_were_bounds_of_classes_and_annotators_are_shown_without() -> None:
    old = [{"label": "shale", "answers": 50, "share": 0.625, "agreement": 0.9}]
    found = drawn(parts=[{**PART, "classes": old}], annotators=[FIGURES["annotators"][1]])
    assert pictured(found["classes-0"]) == [("shale", "0.900", "")]
    assert "with-others" not in found


def test_an_annotator_stands_beside_the_others_with_bounds() -> None:
    found = drawn()["with-others"]
    assert rows(found) == {"Annotator 7": (0.9, 0.77, 0.96, 40)}
    assert pictured(found) == [("Annotator 7", "0.900", "0.770 – 0.960")]


def test_gold_stands_with_the_bounds_of_wilson() -> None:
    by_class, by_annotator = drawn()["gold-classes"], drawn()["annotators"]
    ((value, lower, upper, total),) = rows(by_class).values()
    assert (value, round(lower, 3), round(upper, 3), total) == (0.95, 0.763, 0.992, 20)
    assert pictured(by_class) == [("shale", "0.950", "0.763 – 0.992")]
    assert by_class.ranges.rows[0].tone == "danger"
    assert list(rows(by_annotator)) == ["Annotator 7"]
    assert pictured(by_annotator) == [("Annotator 7", "1.000", "0.722 – 1.000")]


def test_coverage_counts_what_is_labeled_answered_twice_verified_open_and_given_up() -> None:
    found = drawn()["coverage"]
    assert list(rows(found).values()) == [
        (0.98, 49, 50),
        (0.8, 40, 50),
        (0.3, 3, 10),
        (0.05, 4, 80),
        (0.2, 20, 100),
    ]
    assert list(rows(found))[-1] == "Answers that were given up"
    assert [text for _name, text, _bounds in pictured(found)] == ["0.980", "0.800", "0.300", "0.050", "0.200"]
    without = drawn(machine_items=0)["coverage"]
    assert len(without.rows) == 4


def test_groups_stand_with_their_bounds_also_where_there_is_nothing_to_tell() -> None:
    found = drawn()["groups"]
    assert rows(found) == {"site: north": (0.9, 0.8, 0.95), "site: south": (None, None, None)}
    assert pictured(found) == [("site: north", "0.900", "0.800 – 0.950"), ("site: south", "undefined", "")]


def test_how_often_each_label_was_given_stands_side_by_side_by_group() -> None:
    found = drawn()["group-rates"]
    assert rows(found) == {"shale, site: north": (0.75,), "shale, site: south": (0.25,)}
    assert [text for _name, text, _bounds in pictured(found)] == ["0.750", "0.250"]


def test_gold_of_a_label_on_items_and_on_regions_is_told_apart() -> None:
    found = drawn(parts=[PART, {**PART, "is_of_regions": True}])["gold-classes"]
    names = [str(row.name) for row in found.rows]
    assert len(names) == len(set(names)) == 2 * len(drawn()["gold-classes"].rows)


def test_what_does_not_fit_into_a_picture_stays_in_its_table() -> None:
    many = [{"name": f"site: {number}", "value": 0.9} for number in range(MOST_DRAWN + 3)]
    found = drawn(groups=many)["groups"]
    assert (len(found.rows), len(found.ranges.rows), found.more) == (MOST_DRAWN + 3, MOST_DRAWN, 3)


def test_confusion_counts_pairs_and_shows_the_share_of_the_row() -> None:
    (found,) = confusions_of(report())
    assert (str(found.title), found.heat.names) == ("Which classes are confused", ("shale", "All others"))
    cells = [[(cell.count, cell.share, cell.is_same) for cell in row] for _name, row in found.heat.rows]
    assert cells == [[(12, 80, True), (6, 20, False)], [(6, 100, False), (0, 0, True)]]


def page_of(browse: Browse, path: str) -> tuple[str, Mapping[str, Any]]:
    answer = browse("owner").get(path)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\u2068", "").replace("\u2069", ""), answer.context


def section(page: str, id: str) -> str:
    begin = page.index(f'aria-labelledby="{id}"')
    return page[begin : page.index("</section>", begin)]


@pytest.fixture
def full(world: AccessWorld) -> LabelSet:
    return labels.with_every_figure(labels.labeled_version(world.domain))


def test_the_page_holds_each_picture_and_its_table(full: LabelSet, browse: Browse) -> None:
    page, context = page_of(browse, f"/label-sets/{full.uid}/")
    told = report_on(full)
    shown = {each.id: each for each in context["drawings"]}
    assert set(shown) == {
        "agreement",
        "classes-0",
        "with-others",
        "gold-classes",
        "annotators",
        "coverage",
        "groups",
        "group-rates",
    }
    for name, drawing in shown.items():
        text = section(page, name)
        assert f'<title id="{name}-picture">{drawing.title}</title>' in text
        assert text.count('class="picture-dot"') == len(drawing.ranges.rows)
        assert text.count('scope="row"') == len(drawing.rows)
        for row in drawing.rows:
            assert f">{row.name}</th>" in text
    (part,) = told.parts
    agreement = section(page, "agreement")
    for told_as in (f"{part['agreement']:.3f}", at_least(part["lower"]), at_most(part["upper"])):
        assert f"<span>{told_as}</span>" in agreement
    assert part["agreement"] < 1 and 'class="picture-bounds"' in agreement
    given_up = section(page, "coverage").partition(">Answers that were given up</th>")[2]
    assert "<span>1</span>" in given_up and "<span>241</span>" in given_up
    for each in told.figures["groups"]:
        assert f"<span>{at_least(each['lower'])}</span>" in section(page, "groups")
    assert (told.figures["cancelled"], len(told.figures["groups"])) == (1, 2)


def test_the_page_holds_what_is_confused(full: LabelSet, browse: Browse) -> None:
    page, _context = page_of(browse, f"/label-sets/{full.uid}/")
    heat = page[page.index('<table class="heat">') :].partition("</table>")[0]
    assert report_on(full).parts[0]["confusion"]["counts"] == [[55, 9], [9, 56]]
    for cell in ('92 %</span> <span class="small">55', '8 %</span> <span class="small">9'):
        assert cell in heat


def test_sets_beside_each_other_tell_checks_figures_classes_and_items(full: LabelSet, browse: Browse) -> None:
    version = full.version
    second = labels.brought(version, labels.repeated(full, wrong=40))
    page, context = page_of(browse, f"/label-sets/{full.uid}/against/{second.uid}/")
    for side, made in (("first", full), ("second", second)):
        assert f'href="/label-sets/{made.uid}/"' in section(page, side)
        assert str(report_on(made).sentence) in section(page, side)
    checks = section(page, "checks")
    agreement = checks[checks.index('<span class="small muted">L04</span>') :].partition("</tr>")[0]
    assert "<strong>changed</strong>" in agreement
    first, other = (report_on(made).figures for made in (full, second))
    figures = section(page, "figures")
    for each in (first, other):
        assert f"<span>{each['agreement']:.3f}</span>" in figures
        assert f"<span>{at_least(each['lower'])}</span>" in figures
    assert f"<span>{other['agreement'] - first['agreement']:+.3f}</span>" in figures
    assert {"sandstone", "shale"} == {each.name for each in context["comparison"].classes}
    for each in context["comparison"].classes:
        assert f"<span>{each.first:.3f}</span>" in section(page, "classes")
    by_class = section(page, "agreement")
    for each in first["classes"]:
        assert f"<span>{each['agreement']:.3f}</span>" in by_class
        assert f"<span>{at_least(each['lower'])}</span>" in by_class
    assert not context["comparison"].annotators, "nobody is told by a number of one file alone"
    changes = section(page, "changes")
    assert context["changes"].counts.changed == 31
    assert "<dd>31</dd>" in changes and "<dd>89</dd>" in changes
    assert changes.count('scope="row"') == 31
    assert "sandstone × 2" in changes and "sandstone × 1, shale × 1" in changes


def test_annotators_stand_beside_each_other_by_the_numbers_of_the_tool(world: AccessWorld) -> None:
    uid = world.domain.uid
    raw = {"are_raw_kept": True, "raw_activity": uid, "raw_retention": uid}
    version = labels.labeled_version(world.domain, **raw)
    first, second = (report_on(labels.brought(version, labels.sound(wrong=wrong))) for wrong in (12, 0))
    told = {each.name: (each.first, each.second) for each in compared(first, second).annotators}
    assert set(told) == {f"Annotator {who}{end}" for who in (7, 8) for end in ("", ", at least")}
    assert told["Annotator 7"] == (0.9, 1)
