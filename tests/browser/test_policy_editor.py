"""A labeling policy in the browser: answers while one types, rows of labels with and without scripts."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from apps.compliance.models import LegalRecord
from tests.browser.chromium import Watch
from tests.browser.conftest import Visit

NEW = "/records/labeling-policies/new/"
TYPED = "Kinds of rock, told <apart> & well"


def label(page: Page, number: int, column: str) -> Locator:
    return page.locator(f"#id_labels_{number}_{column}")


def ids(page: Page) -> list[str]:
    return [field.input_value() for field in page.locator("input[name=labels-id]").all()]


def told(page: Page, field: str) -> Locator:
    return page.locator(f"#id_{field}_help .error")


def test_what_does_not_fit_is_told_while_one_types_and_goes_when_it_is_mended(visit: Visit) -> None:
    page = visit("officer")
    watch = Watch(page)
    before = LegalRecord.objects.count()
    page.goto(NEW)
    page.get_by_label("Name", exact=True).fill(TYPED)
    page.locator("[name=is_high_risk]").select_option("yes")
    count = page.locator("[name=annotations_per_item]")
    count.press_sequentially("2")
    expect(told(page, "annotations_per_item")).to_contain_text("3 are needed")
    expect(page.locator("#findings")).to_contain_text("Does not fit: Annotations for each item")
    expect(count).to_be_focused()
    count.fill("3")
    expect(told(page, "annotations_per_item")).to_have_count(0)
    expect(page.locator("#findings")).to_contain_text("What is answered so far fits the rules.")
    page.locator("[name=gold_items]").fill("10")
    expect(page.locator("#id_gold_items_help .doubt")).to_contain_text("10 gold items show little")
    page.locator("#findings summary").click()
    page.locator("[name=gold_items]").fill("11")
    expect(page.locator("#id_gold_items_help .doubt")).to_contain_text("11 gold items show little")
    expect(page.locator("#findings details")).to_have_attribute("open", "")
    page.locator("#findings").get_by_role("link", name="Guideline", exact=True).click()
    expect(page.locator("#id_guideline")).to_be_focused()
    expect(page.get_by_label("Name", exact=True)).to_have_value(TYPED)
    assert LegalRecord.objects.count() == before
    assert watch.complaints() == []


def test_rows_of_labels_with_scripts(visit: Visit) -> None:
    page = visit("officer")
    watch = Watch(page)
    page.goto(NEW)
    page.get_by_label("Name", exact=True).fill(TYPED)
    label(page, 1, "id").fill("shale")
    label(page, 2, "id").fill("shale")
    label(page, 2, "definition").focus()
    expect(page.locator("#id_labels_2_told")).to_contain_text("The label «shale» is there twice.")
    label(page, 2, "id").fill("unsure")
    expect(page.locator("#id_labels_2_told")).to_be_empty()
    page.get_by_role("button", name="More rows").first.click()
    expect(label(page, 3, "id")).to_be_focused()
    label(page, 3, "id").fill("sandstone")
    page.get_by_role("button", name="Move up 3").click()
    expect(label(page, 2, "id")).to_have_value("sandstone")
    assert ids(page)[:3] == ["shale", "sandstone", "unsure"]
    page.get_by_role("button", name="Take out 1").click()
    expect(label(page, 1, "id")).to_have_value("sandstone")
    assert ids(page)[:2] == ["sandstone", "unsure"]
    expect(page.get_by_label("Name", exact=True)).to_have_value(TYPED)
    assert page.url.endswith(NEW)
    assert watch.complaints() == []


def test_rows_of_labels_without_scripts_and_nothing_is_lost_on_an_error(visit: Visit) -> None:
    page = visit("officer", java_script_enabled=False)
    page.goto(NEW)
    page.locator("[name=gold_items]").fill("60")
    page.locator("[name=guideline]").fill(TYPED)
    for number, name in enumerate(("shale", "unsure"), 1):
        label(page, number, "id").fill(name)
        label(page, number, "definition").fill(f"What is {name}.")
        label(page, number, "is_sensitive").select_option("no")
    page.get_by_role("button", name="More rows").first.click()
    label(page, 3, "id").fill("sandstone")
    page.get_by_role("button", name="Move up 3").click()
    assert ids(page)[:3] == ["shale", "sandstone", "unsure"]
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#findings")).to_contain_text("Labels, row 2: What it means")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("main")).to_contain_text("Give the record a name.")
    expect(page.locator("[name=guideline]")).to_have_value(TYPED)
    expect(label(page, 3, "definition")).to_have_value("What is unsure.")
    expect(label(page, 3, "is_sensitive")).to_have_value("no")
    page.get_by_label("Name", exact=True).fill(TYPED)
    page.get_by_role("button", name="Take out 2").click()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("main")).to_contain_text("The draft was saved.")
    made = LegalRecord.objects.get(versions__name=TYPED)
    assert [row.id for row in made.versions.get().said.labels] == ["shale", "unsure"]


def test_whoever_was_signed_out_meanwhile_is_told_and_keeps_what_was_typed(visit: Visit) -> None:
    page = visit("officer")
    page.goto(NEW)
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Name", exact=True).fill(TYPED)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("main")).to_contain_text(TYPED)
    expect(page.locator("form[data-record]")).to_have_count(0)
