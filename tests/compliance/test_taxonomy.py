"""The terms that ship: every address is one of the vocabulary, every file says nothing it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from apps.compliance.lifecycle import DataSubjectCategory
from apps.compliance.lifecycle.use_agreements import Modifier, Permission
from apps.compliance.taxonomy import shipped_purposes
from apps.compliance.taxonomy.mapping import Match, fideslang, from_fideslang, to_fideslang, use_terms
from apps.compliance.taxonomy.terms import Facet, Term, every_term, faults_of, iri_of, shipped_iris, terms

PUBLISHED = frozenset(
    Path(__file__).with_name("vocabulary").joinpath("dpv-2.3-iris.txt").read_text("utf-8").split()
)


def test_every_address_that_ships_is_one_of_the_vocabulary() -> None:
    assert shipped_iris() - PUBLISHED == set()
    assert "https://w3id.org/dpv#NoSuchThing" not in PUBLISHED  # the control


def test_some_hundred_terms_ship_and_each_facet_has_its_own() -> None:
    assert len(shipped_iris()) >= 400
    assert all(len(terms(facet)) >= 10 for facet in Facet)
    assert sum(1 for term in every_term() if term.scheme == "local") == 17


def test_the_hierarchy_of_purposes_is_the_same_for_both_readers() -> None:
    assert {each.code: each.iri for each in shipped_purposes()} == {
        term.code: term.iri for term in terms(Facet.PURPOSES).values()
    }


def test_special_kinds_and_offences_are_told_apart() -> None:
    categories = terms(Facet.CATEGORIES)
    assert categories["TradeUnionMembership"].special_kind == "trade_union_membership"
    assert categories["CriminalOffence"].is_criminal and not categories["CriminalOffence"].special_kind
    assert categories["Biometric"].special_kind == "biometric_unique_identification"
    assert not categories["Picture"].special_kind
    asking = {code for code, category in categories.items() if category.asks_biometric_use}
    assert {"Picture", "VoiceCommunicationRecording", "Biometric"} <= asking
    assert all(code in asking for code in categories if categories[code].special_kind == BIOMETRIC)


def test_whom_an_activity_may_be_about_are_terms_that_ship() -> None:
    assert {word.value for word in DataSubjectCategory} <= set(terms(Facet.DATA_SUBJECTS))
    assert iri_of(Facet.DATA_SUBJECTS, DataSubjectCategory.PATIENT) == "https://w3id.org/dpv#Patient"


BIOMETRIC = "biometric_unique_identification"
SOUND = Term(
    facet=Facet.RIGHTS,
    scheme="dpv",
    code="One",
    iri="https://w3id.org/dpv#One",
    label="One",
    parents=(),
    definition="Words.",
    since=date(2026, 1, 1),
)
OTHER = replace(SOUND, code="Two", iri="https://w3id.org/dpv#Two", parents=("One",))


@pytest.mark.parametrize(
    ("spoilt", "fault"),
    [
        ((SOUND, SOUND), "twice"),
        ((replace(SOUND, iri="https://example.org/One"),), "outside its scheme"),
        ((replace(SOUND, scheme="local"),), "outside its scheme"),
        ((replace(SOUND, scheme="nobody"),), "outside its scheme"),
        ((replace(SOUND, definition=" "),), "no words"),
        ((OTHER,), "unknown parents: One"),
        ((replace(SOUND, parents=("Two",)), OTHER), "below itself"),
        ((replace(SOUND, parents=("One",)),), "below itself"),
        ((SOUND, replace(OTHER, replaced_by="One")), "while it is in use"),
        ((SOUND, replace(OTHER, replaced_by="Three", deprecated_on=date(2026, 1, 1))), "not there"),
    ],
)
def test_a_file_that_says_what_it_must_not_is_refused(spoilt: tuple[Term, ...], fault: str) -> None:
    assert any(fault in each for each in faults_of(spoilt))


def test_a_sound_file_passes() -> None:
    retired = replace(OTHER, replaced_by="One", deprecated_on=date(2026, 1, 1))
    assert list(faults_of((SOUND, OTHER))) == list(faults_of((SOUND, retired))) == []


def test_keys_of_fideslang_are_found_at_the_nearest_one_above() -> None:
    assert from_fideslang(Facet.CATEGORIES, "user.contact.email") == "EmailAddress"
    assert from_fideslang(Facet.CATEGORIES, "user.contact.email.newsletter") == "EmailAddress"
    assert from_fideslang(Facet.CATEGORIES, "nothing.like.it") is None
    assert to_fideslang(Facet.CATEGORIES, "EmailAddress") == "user.contact.email"
    assert to_fideslang(Facet.PURPOSES, "ResearchAndDevelopment") is None  # theirs would say more: training
    assert len({(each.facet, each.theirs) for each in fideslang()}) == len(fideslang())


def test_what_fideslang_lacks_is_not_forced_into_it() -> None:
    for special in ("TradeUnionMembership", "PhilosophicalBelief"):
        assert to_fideslang(Facet.CATEGORIES, special) is None


def test_the_codes_of_the_data_use_ontology_are_those_of_agreements() -> None:
    stated = {word.value: word.article for word in (*Permission, *Modifier)}
    assert {each.code: each.id for each in use_terms()} == stated
    assert {each.code for each in use_terms() if each.is_permission} == {word.value for word in Permission}
    assert next(each for each in use_terms() if each.code == "NCU").match is Match.EXACT
