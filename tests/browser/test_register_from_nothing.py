"""From an empty register to a request that passes and a register as of yesterday: in the browser only."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from apps.access.commands import reevaluate_request
from apps.access.models import Request
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from portal.embedded.postgres import Postgres
from tests.browser.chromium import Watch, new_context
from tests.browser.days import a_day_later
from tests.browser.house import House, signed_in
from tests.browser.test_main_job import main
from tests.console import typed_register as typed
from tests.console.typed_register import Typed
from tests.factories import accounts as people
from tests.factories.access import TOP_RANK, Thing, about_people, thing

PLAYERS = {
    "writer": Role.COMPLIANCE_OFFICER,
    "reader": Role.COMPLIANCE_OFFICER,
    "dpo": Role.DPO,
    "owner": Role.OWNER,
    "scientist": Role.SCIENTIST,
    "steward": Role.STEWARD,
}
NO_ACTIVITY = "No approved processing activity covers"
NOT_RUNNING = "may not run"
Pages = dict[str, Page]


@pytest.fixture
def crew(house: House) -> dict[str, people.Player]:
    place = people.organization(name="Nothing recorded")
    return {name: people.player(place, role, cleared_rank=TOP_RANK) for name, role in PLAYERS.items()}


@pytest.fixture
def salaries(crew: dict[str, people.Player]) -> Thing:
    place = people.domain(crew["steward"].person.organization)
    return thing(place, crew["steward"].actor, about_people("name"), about_people("salary"))


@pytest.fixture
def pages(house: House, crew: dict[str, people.Player], browser: Browser) -> Iterator[Pages]:
    contexts: dict[str, BrowserContext] = {}
    for who, player in crew.items():
        session = signed_in(player.account).cookies["sessionid"].value
        contexts[who] = new_context(browser, base_url=house.url)
        contexts[who].add_cookies([{"name": "sessionid", "value": session, "url": house.url}])
    yield {who: context.new_page() for who, context in contexts.items()}
    for context in contexts.values():
        context.close()


def test_a_blocked_request_passes_and_the_register_is_taken_as_of_yesterday(
    crew: dict[str, people.Player], salaries: Thing, pages: Pages, postgres: Postgres, tmp_path: Path
) -> None:
    writer, scientist = pages["writer"], pages["scientist"]
    watches = [Watch(page) for page in pages.values()]
    writer.goto(f"/catalog/{salaries.asset.uid}/")
    writer.get_by_role("link", name="Origin and purposes").click()
    fill_in(writer, {"concept_code": typed.KIND})
    send_form(writer, "Permit it")
    fill_in(writer, typed.ORIGIN)
    send_form(writer, "State the origin")

    recorded(pages, "legitimate-interests", typed.INTERESTS)
    purpose = recorded(pages, "purposes", typed.PURPOSE)
    scientist.goto(f"/catalog/{salaries.asset.uid}/request/")
    fill_in(scientist, {"purpose_id": str(purpose), "justification": "Comparing salaries by name."})
    send_form(scientist, "Send request")
    expect(main(scientist)).to_contain_text(NO_ACTIVITY)
    request = Request.objects.get(requester=crew["scientist"].person)

    schedule = recorded(pages, "retention-schedules", typed.RETENTION)
    place = crew["writer"].person.organization
    said = typed.activity(controller=place.uid, purpose=purpose, asset=salaries.asset.uid, schedule=schedule)
    activity = recorded(
        pages,
        "processing-activities",
        said,
        purpose_ids=typed.NAME,
        asset_ids=salaries.asset.name,
    )
    assessment = recorded(pages, "impact-assessments", typed.assessment(activity))
    judged_again(writer, activity)
    expect(main(writer)).to_contain_text(NOT_RUNNING)
    expect(seen_again(scientist, request)).to_contain_text(NOT_RUNNING)

    for who, step, words in typed.STEPS:
        take(pages[who], f"/records/impact-assessments/{assessment}/", step, words)
    judged_again(writer, activity)
    expect(main(writer)).not_to_contain_text(NOT_RUNNING)
    passed = seen_again(scientist, request)
    expect(passed).not_to_contain_text(NOT_RUNNING)
    expect(passed).not_to_contain_text(NO_ACTIVITY)

    decider = pages["owner"]
    decider.goto(f"/inbox/{request.uid}/")
    expect(main(decider).get_by_role("button", name="Approve", exact=True)).to_be_visible()

    today = database_now().date()
    register = taken(pages["reader"], today, tmp_path)
    assert names_in(register) == [typed.ACTIVITY]
    assert names_in(taken(pages["reader"], today - timedelta(days=1), tmp_path)) == []
    with a_day_later(postgres):
        tomorrow = database_now().date()
        assert tomorrow == today + timedelta(days=1)
        said = {"name": "Pay review, widened", "effective_from": tomorrow.isoformat()}
        rewritten(pages, f"/records/processing-activities/{activity}/", said)
        assert taken(pages["reader"], today, tmp_path).read_bytes() == register.read_bytes()
        assert names_in(taken(pages["reader"], tomorrow, tmp_path)) == ["Pay review, widened"]
    assert [said for watch in watches for said in watch.complaints()] == []


def fill_in(page: Page, given: Typed) -> None:
    """By the names of the fields: what is written, chosen or ticked."""
    for name, value in given.items():
        fields = page.locator(f'[name="{name}"]')
        kind = fields.first.evaluate("(one) => one.type")
        values = [value] if isinstance(value, str) else value
        if kind in {"checkbox", "radio"}:
            for each in values:
                box = page.locator(f'[name="{name}"][value="{each}"]')
                (fields if fields.count() == 1 else box).check()
            continue
        for field, each in zip(fields.all(), values, strict=False):
            if each and kind.startswith("select"):
                field.select_option(each)
            elif each:
                field.fill(each)


def send_form(page: Page, button: str) -> None:
    with page.expect_navigation():
        main(page).get_by_role("button", name=button, exact=True).click()
    assert not main(page).get_by_text("There is a problem").count(), main(page).inner_text()


def recorded(pages: Pages, kind: str, given: Typed, **found_by: str) -> UUID:
    """Written by one officer and sent for review, approved by another. Some choices are found by a search."""
    page, reader = pages["writer"], pages["reader"]
    page.goto(f"/records/{kind}/new/")
    for name, words in found_by.items():
        page.locator(f'[name="{name}_q"]').fill(words)
        with page.expect_navigation():
            page.locator(f'button[name="find"][value="{name}"]').click()
        fill_in(page, {name: given[name]})
    seldom = page.locator("main details:not([open]) > summary")
    while seldom.count():
        seldom.first.click()
    fill_in(page, {name: value for name, value in given.items() if name not in found_by})
    send_form(page, "Save and send for review")
    said = re.search(rf"/records/{kind}/([0-9a-f-]{{36}})/", page.url)
    assert said, main(page).inner_text()
    reader.goto(f"/records/{kind}/{said[1]}/review/")
    send_form(reader, "Approve")
    return UUID(said[1])


def rewritten(pages: Pages, record: str, given: Typed) -> None:
    """A further version, written by one officer and approved by the other."""
    page, reader = pages["writer"], pages["reader"]
    page.goto(f"{record}edit/")
    fill_in(page, given)
    send_form(page, "Save and send for review")
    reader.goto(f"{record}review/")
    send_form(reader, "Approve")


def judged_again(page: Page, activity: UUID) -> None:
    take(page, f"/records/processing-activities/{activity}/", "reassess", {})


def take(page: Page, record: str, act: str, given: Typed) -> None:
    """From the page of the record, by its link or its button."""
    page.goto(record)
    address = f"{record}{act}/"
    link = main(page).locator(f'a[href="{address}"]')
    if link.count():
        link.click()
        fill_in(page, given)
        with page.expect_navigation():
            main(page).locator(
                "form[method=post] button.button-primary, form[method=post] .button-danger"
            ).click()
    else:
        with page.expect_navigation():
            main(page).locator(f'form[action="{address}"] button').click()


def seen_again(page: Page, request: Request) -> Locator:
    """As the worker does when records change; none listens here."""
    reevaluate_request(actor=SYSTEM, request_id=request.uid)
    page.goto(f"/requests/{request.uid}/")
    return main(page)


def taken(page: Page, day: date, folder: Path) -> Path:
    """The register of that day, as CSV."""
    page.goto("/records/export/")
    fill_in(page, {"as_of": day.isoformat(), "format": "csv"})
    with page.expect_download() as download:
        main(page).get_by_role("button", name="Take the file").click()
    path = folder / f"{len(list(folder.iterdir()))}.csv"
    download.value.save_as(path)
    return path


def names_in(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row["activity_name"] for row in csv.DictReader(file)]
