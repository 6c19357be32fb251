"""How flavors differ for people: every flavor has its row, its words and code for its keys."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from dataclasses import replace

import pytest

from apps.console.wording.lakes import GRANULARITIES, LAKES, OWN_ROLES, REVOCATIONS
from apps.kernel.errors import InvalidInput
from apps.lakes.prefix import BucketName, StorageRoot
from apps.lakes.providers.contract import ConnectionSpec, Flavor, Granularity, OwnRole, RevokeEffect
from apps.lakes.providers.registry import TRAITS, expect_sound_connection, provider_for
from apps.lakes.providers.traits import FIELDS, Asked, FreshKey, Traits, Unattended

HOSTILE = """it's "a" \\ key; $(x) `y` {z} %s"""
PYTHON = ("import ", "from ")


def example_of(flavor: Flavor) -> ConnectionSpec:
    """As the examples of its row would fill the form."""
    traits = TRAITS[flavor]
    return ConnectionSpec(
        flavor=flavor,
        secret_ref="EXAMPLE",
        roots=(StorageRoot(bucket=BucketName(text="lake-one")),),
        options={name: asked.example for name, asked in traits.options.items()},
        **{name: asked.example for name, asked in traits.fields.items()},
    )


def fresh(flavor: Flavor, value: str) -> FreshKey:
    connection, traits = example_of(flavor), TRAITS[flavor]
    place = traits.place(connection.endpoint, "lake-one", "ds/a/")
    parts = dict.fromkeys(traits.parts, value)
    return FreshKey(parts=parts, connection=connection, bucket="lake-one", prefix="ds/a/", place=place)


def needed() -> Iterator[tuple[Flavor, str]]:
    for flavor, traits in TRAITS.items():
        yield from ((flavor, name) for name, asked in traits.fields.items() if asked.is_needed)
        yield from ((flavor, f"options.{name}") for name, asked in traits.options.items() if asked.is_needed)


def test_every_flavor_has_a_row_and_words() -> None:
    assert set(TRAITS) == set(Flavor)
    assert set(LAKES) == {flavor.value for flavor in Flavor}
    assert set(GRANULARITIES) == {each.value for each in Granularity}
    assert set(OWN_ROLES) == {each.value for each in OwnRole}
    assert set(REVOCATIONS) == {each.value for each in RevokeEffect}


@pytest.mark.parametrize("flavor", Flavor)
def test_whatever_is_asked_of_a_flavor_has_words(flavor: Flavor) -> None:
    traits, words = TRAITS[flavor], LAKES[flavor]
    assert set(words.fields) == set(traits.fields) <= set(FIELDS)
    assert set(words.options) == set(traits.options)
    asked = {**traits.fields, **traits.options}
    said = {**words.fields, **words.options}
    assert all(said[name].label and said[name].help for name in asked)
    assert all(said[name].required for name, each in asked.items() if each.is_needed)
    assert "{start}" in str(words.secrets)


@pytest.mark.parametrize("flavor", Flavor)
def test_the_examples_of_a_row_make_a_sound_connection(flavor: Flavor) -> None:
    connection = example_of(flavor)
    expect_sound_connection(connection)
    assert provider_for(connection) is provider_for(connection)


@pytest.mark.parametrize(("flavor", "place"), list(needed()))
def test_what_is_needed_is_told_at_its_field_with_an_example(flavor: Flavor, place: str) -> None:
    connection, name = example_of(flavor), place.removeprefix("options.")
    options = {**connection.options, **({} if place == name else {name: ""})}
    emptied = {name: ""} if place == name else {}
    with pytest.raises(InvalidInput) as refused:
        expect_sound_connection(replace(connection, options=options, **emptied))
    assert [reason.field for reason in refused.value.reasons] == [place]
    assert refused.value.code == "LAKE_FIELD_MISSING"
    assert refused.value.reasons[0].facts["example"]


def test_what_a_flavor_has_not_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        expect_sound_connection(replace(example_of(Flavor.CEPH), options={"tenant": "x"}))
    (reason,) = refused.value.reasons
    assert (reason.code, reason.field) == ("LAKE_FIELD_NOT_HERE", "options.tenant")


def test_an_option_that_does_not_fit_its_grammar_is_refused_with_an_example() -> None:
    traits = replace(TRAITS[Flavor.CEPH], options={"zone": Asked(pattern="[a-z]{2}", example="eu")})
    connection = replace(example_of(Flavor.CEPH), options={"zone": "eu\n"})
    (reason,) = traits.faults(connection)
    assert (reason.code, reason.facts["example"]) == ("LAKE_OPTION_MALFORMED", "eu")


@pytest.mark.parametrize("flavor", Flavor)
def test_code_to_paste_holds_the_key_and_stays_code_whatever_the_key_holds(flavor: Flavor) -> None:
    traits: Traits = TRAITS[flavor]
    for value in ("KEY+/=&sig=x", HOSTILE):
        shown = traits.snippets(fresh(flavor, value))
        assert len({each.id for each in shown}) == len(shown) >= 3
        python = [each for each in shown if each.text.startswith(PYTHON)]
        assert python
        for each in python:
            held = [node.value for node in ast.walk(ast.parse(each.text)) if isinstance(node, ast.Constant)]
            assert any(value in str(constant) for constant in held)


@pytest.mark.parametrize("flavor", Flavor)
def test_no_part_of_a_fresh_key_shows_itself(flavor: Flavor) -> None:
    key = fresh(flavor, "canary-5d41402abc4b")
    assert "canary" not in repr(key)
    assert "canary" not in repr(TRAITS[flavor].snippets(key))


def test_code_of_programs_is_code_whatever_a_place_is_called() -> None:
    speaking = {flavor: traits.programs for flavor, traits in TRAITS.items() if traits.programs}
    assert set(speaking) == {Flavor.AWS, Flavor.CEPH, Flavor.MINIO, Flavor.DEMO}
    for flavor, programs in speaking.items():
        assert TRAITS[flavor].serves_programs and not TRAITS[flavor].renewed
        at = Unattended(
            connection=example_of(flavor), bucket=HOSTILE, prefix=HOSTILE, place=HOSTILE, asset_id=HOSTILE
        )
        shown = {each.id: each.text for each in programs(at)}
        python = [text for text in shown.values() if text.startswith(PYTHON)]
        assert len(python) == 5
        for text in python:
            said = {str(node.value) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
            assert any(HOSTILE in each for each in said)
        assert shlex.split(shown["cli"])[-1] == HOSTILE
        assert HOSTILE.replace("'", "''") in shown["duckdb"]


def test_what_a_lake_needs_is_told_to_programs_and_in_a_fresh_key() -> None:
    told = {flavor: TRAITS[flavor].surroundings(example_of(flavor)) for flavor in Flavor}
    assert {flavor for flavor, names in told.items() if "AWS_REQUEST_CHECKSUM_CALCULATION" in names} == {
        Flavor.CEPH
    }
    assert {flavor for flavor, names in told.items() if "AWS_ALLOW_HTTP" in names} == {Flavor.DEMO}
    for flavor, names in told.items():
        (env,) = (each.text for each in TRAITS[flavor].snippets(fresh(flavor, "x")) if each.id == "env")
        assert all(f"export {name}=" in env for name in names)


def test_code_that_renews_its_keys_is_code_whatever_a_place_is_called() -> None:
    renewing = {flavor: traits.renewed for flavor, traits in TRAITS.items() if traits.renewed}
    assert set(renewing) == {Flavor.AZURE, Flavor.GCS}
    for flavor, renewed in renewing.items():
        assert not TRAITS[flavor].serves_programs
        at = Unattended(
            connection=example_of(flavor), bucket=HOSTILE, prefix=HOSTILE, place=HOSTILE, asset_id=HOSTILE
        )
        said = {node.value for node in ast.walk(ast.parse(renewed(at))) if isinstance(node, ast.Constant)}
        assert HOSTILE in said
