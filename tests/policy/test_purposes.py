from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.policy.facts import LawfulBasis
from apps.policy.purposes import column_permits, gap, permits

from . import samples as a

CONCEPTS = st.sampled_from(sorted(a.PARENTS))
SETS = st.frozensets(CONCEPTS)


@pytest.mark.parametrize(
    ("permitted", "requested", "expected"),
    [
        ({"ResearchAndDevelopment"}, "AcademicResearch", True),
        ({"ResearchAndDevelopment"}, "CommercialResearch", False),
        ({"ResearchAndDevelopment", "CommercialPurpose"}, "CommercialResearch", True),
        ({"AcademicResearch"}, "ScientificResearch", False),
        ({"AcademicResearch"}, "ResearchAndDevelopment", False),
        ({"Purpose"}, "CommercialResearch", True),
        ({"ResearchAndDevelopment"}, "Purpose", False),
        ({"Unlisted"}, "Unlisted", True),
        ({"Purpose"}, "Unlisted", False),
    ],
)
def test_a_purpose_is_admitted_by_name_or_by_all_of_its_parents(
    permitted: set[str], requested: str, expected: bool
) -> None:
    assert permits(permitted, requested, a.PARENTS) is expected


@given(CONCEPTS)
def test_an_empty_set_permits_nothing(requested: str) -> None:
    assert not permits(frozenset(), requested, a.PARENTS)


@settings(max_examples=50)
@given(SETS, SETS, CONCEPTS)
def test_permitting_more_never_permits_less(one: frozenset[str], other: frozenset[str], asked: str) -> None:
    assert permits(one, asked, a.PARENTS) <= permits(one | other, asked, a.PARENTS)


def test_a_concept_above_itself_admits_nothing_by_descent() -> None:
    circle = {"A": {"B"}, "B": {"A"}}
    assert not permits({"C"}, "A", circle)
    assert permits({"B"}, "A", circle)


def test_consent_is_taken_by_its_letter_except_below_a_research_area_it_names() -> None:
    column = a.personal_column()
    consented = a.asset(column, original_basis=LawfulBasis.CONSENT)
    assert not column_permits(consented, column, "AcademicResearch", a.PARENTS)
    assert column_permits(consented, column, "ResearchAndDevelopment", a.PARENTS)
    broad = a.asset(column, original_basis=LawfulBasis.CONSENT, research_area="ResearchAndDevelopment")
    assert column_permits(broad, column, "AcademicResearch", a.PARENTS)
    assert not column_permits(broad, column, "CommercialResearch", a.PARENTS)


def test_a_research_area_opens_no_column_that_permits_nothing() -> None:
    column = a.personal_column(permitted_purposes=frozenset())
    broad = a.asset(column, original_basis=LawfulBasis.CONSENT, research_area="ResearchAndDevelopment")
    assert gap(broad, "AcademicResearch", a.PARENTS) == (column,)


def test_unknown_basis_of_collection_is_read_as_consent() -> None:
    column = a.personal_column()
    assert gap(a.asset(column, original_basis=None), "AcademicResearch", a.PARENTS) == (column,)
    assert gap(a.asset(column), "AcademicResearch", a.PARENTS) == ()
