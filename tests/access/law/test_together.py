"""What is asked for is judged together with what is held already."""

from __future__ import annotations

from apps.compliance.lifecycle.data_sheets import Revealed
from apps.policy.law_words import ScreeningPoint
from tests.access.law.asks import (
    B,
    D,
    found,
    pay,
)
from tests.access.law.records import (
    pinned,
    screened,
)
from tests.factories.access import (
    PAY,
    AccessWorld,
    about_people,
    approved,
    asked,
    draft,
    lawful_activity,
    permitted_for,
    thing,
)


def test_what_is_held_already_is_looked_at_with_what_is_asked_for(law: AccessWorld) -> None:
    """A10-INFERRED and A17 see a grant on data about people, and the screening it was given under."""
    request = asked(law["scientist"], draft(law.restricted, law.purposes["study"]))
    approved(request, law["owner"], law["officer"])
    joint = pay(law).facts.joint
    assert joint is not None
    assert joint.screened == frozenset({ScreeningPoint.VULNERABLE, ScreeningPoint.SENSITIVE})
    assert joint.inferred_kinds == frozenset({"health"})


def test_a17_asks_for_a_screening_of_what_is_held_together_and_is_content_with_one(
    law: AccessWorld,
) -> None:
    assert found(pay(law), "A17") == (None, set())
    request = asked(law["scientist"], draft(law.restricted, law.purposes["study"]))
    assert found(pay(law), "A17") == (None, set())  # what is only asked for is not held
    approved(request, law["owner"], law["officer"])
    assert found(pay(law), "A17") == (B, {"DPIA_TO_BE_SCREENED_AGAIN"})
    screened("is_vulnerable", "is_sensitive", "is_matching")(law)
    assert found(pay(law), "A17") == (None, set())


def test_a10_inferred_holds_what_two_harmless_grants_tell_together_against_a_purpose_without_a_condition(
    law: AccessWorld,
) -> None:
    """The data asked for share a kind with data held, and the sheet says what they reveal when linked."""
    held = thing(law.domain, law["steward"], about_people("bonus"))
    permitted_for(law, held, PAY)
    lawful_activity(law.purposes["pay"], held.asset, approver=law["second_officer"])
    assert found(pay(law), "A10-INFERRED") == (None, set())
    pinned(is_revealing=True, reveals=frozenset({Revealed.HEALTH}))(law)
    assert found(pay(law), "A10-INFERRED") == (None, set())  # nothing is held that it could be linked with
    request = asked(law["scientist"], draft(held, law.purposes["pay"]))
    approved(request, law["owner"], law["officer"])
    assert found(pay(law), "A10-INFERRED") == (D, {"INFERRED_WITHOUT_CONDITION"})
    pinned(is_revealing=False)(law)
    assert found(pay(law), "A10-INFERRED") == (None, set())
