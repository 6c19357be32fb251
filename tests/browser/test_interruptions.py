"""What people do that no form expects: sending twice, going back, two tabs, a session that ends meanwhile."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from apps.access.commands import reevaluate_request
from apps.access.models import Request, Verdict
from apps.kernel.actor import SYSTEM
from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.factories import access
from tests.factories.classification import classified

TYPED = "Typed with care: pay of <this> year & the next."


@pytest.fixture
def asking(house: House, visit: Visit) -> Page:
    """The form for the personal dataset, filled in but not sent."""
    page = visit("scientist")
    page.goto(f"/catalog/{house.world.personal.asset.uid}/request/")
    page.get_by_label("Purpose", exact=True).select_option(str(house.world.purposes["pay"].uid))
    page.get_by_label("What you will do").fill(TYPED)
    return page


@pytest.fixture
def request_waiting(house: House) -> Request:
    """For an owner, and then an officer."""
    world = house.world
    return access.asked(world["scientist"], access.draft(world.personal, world.purposes["pay"]))


def requests_sent() -> set[int]:
    return set(Request.objects.filter(revision__justification=TYPED).values_list("pk", flat=True))


def test_a_double_click_sends_one_request(asking: Page) -> None:
    before, sent = requests_sent(), []
    asking.on("request", lambda request: sent.append(request) if request.is_navigation_request() else None)
    asking.get_by_role("button", name="Send request").dblclick()
    expect(asking.get_by_role("main")).to_contain_text("The request was sent")
    # The browser may have kept the second click to itself; so that both arrive, the form is sent once more.
    again = asking.request.post(
        sent[0].url, data=sent[0].post_data, headers={"Content-Type": sent[0].headers["content-type"]}
    )
    assert again.url == asking.url
    assert len(requests_sent() - before) == 1


def test_going_back_shows_what_was_typed_and_sending_again_leads_to_the_same(asking: Page) -> None:
    before = requests_sent()
    asking.get_by_role("button", name="Send request").click()
    expect(asking.get_by_role("main")).to_contain_text("The request was sent")
    tracker = asking.url
    asking.evaluate("history.back()")
    expect(asking.get_by_label("What you will do")).to_have_value(TYPED)
    asking.get_by_role("button", name="Send request").click()
    expect(asking).to_have_url(tracker)
    assert len(requests_sent() - before) == 1


def test_a_session_that_ends_while_typing_gives_the_text_back(house: House, asking: Page) -> None:
    before = requests_sent()
    kept = asking.context.cookies()
    asking.context.clear_cookies(name="sessionid")
    asking.get_by_role("button", name="Send request").click()
    expect(asking.get_by_role("heading", level=1)).to_have_text("You were signed out while you typed")
    expect(asking.get_by_label("What you typed")).to_have_value(TYPED)
    asking.get_by_role("link", name="Sign in").click()
    expect(asking.get_by_label("Username")).to_be_visible()
    asking.context.add_cookies(kept)
    asking.reload()
    expect(asking.get_by_label("Purpose", exact=True)).to_be_visible()
    assert requests_sent() == before


def test_of_two_owners_the_second_is_told_and_keeps_the_reason(
    visit: Visit, request_waiting: Request
) -> None:
    first, second = visit("owner"), visit("second_owner")
    for page in (first, second):
        page.goto(f"/inbox/{request_waiting.uid}/")
    second.get_by_label("Reason", exact=True).fill(TYPED)
    first.get_by_role("button", name="Approve", exact=True).click()
    expect(first.get_by_role("main")).to_contain_text("Your approval is on record.")
    second.get_by_role("button", name="Approve", exact=True).click()
    main = second.get_by_role("main")
    expect(main).to_contain_text("There is a problem")
    assert TYPED in f"{main.inner_text()} {reason_in(second)}"
    assert Verdict.objects.filter(decision__revision__request=request_waiting).count() == 1


def test_of_two_tabs_the_second_is_told_and_keeps_the_reason(visit: Visit, request_waiting: Request) -> None:
    first = visit("owner")
    second = first.context.new_page()
    for page in (first, second):
        page.goto(f"/inbox/{request_waiting.uid}/")
    second.get_by_label("Reason", exact=True).fill(TYPED)
    first.get_by_role("button", name="Approve", exact=True).click()
    expect(first.get_by_role("main")).to_contain_text("Your approval is on record.")
    second.get_by_role("button", name="Reject", exact=True).click()
    main = second.get_by_role("main")
    expect(main).to_contain_text("There is a problem")
    assert TYPED in f"{main.inner_text()} {reason_in(second)}"
    assert access.fresh(request_waiting).state == "in_review"


def test_what_was_evaluated_anew_meanwhile_is_shown_beside_what_was_read(
    house: House, visit: Visit, request_waiting: Request
) -> None:
    world, page = house.world, visit("owner")
    page.goto(f"/inbox/{request_waiting.uid}/")
    page.get_by_label("Reason", exact=True).fill(TYPED)
    said = [access.about_people("salary", "restricted")]
    classified(world.personal.version, world["steward"], *said)
    reevaluate_request(actor=SYSTEM, request_id=request_waiting.uid)
    page.get_by_role("button", name="Approve", exact=True).click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("nothing was decided")
    expect(main).to_contain_text("What you read")
    assert reason_in(page) == TYPED
    assert not Verdict.objects.filter(decision__revision__request=request_waiting).exists()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(main).to_contain_text("Your approval is on record.")


def reason_in(page: Page) -> str:
    field = page.get_by_label("Reason", exact=True)
    return field.input_value() if field.count() else ""
