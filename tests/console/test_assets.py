"""Registering, versioning, publishing and classifying, as a steward does it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.catalog.commands import change_asset
from apps.catalog.models import Asset, AssetVersion, StorageLocation
from apps.classification.commands import classify
from apps.classification.models import Classification
from apps.console.forms.assets import columns_as_text, columns_in
from apps.kernel.actor import SYSTEM
from tests.console.conftest import Browse
from tests.factories import catalog
from tests.factories.access import AccessWorld
from tests.factories.classification import classified, saying
from tests.flatness import assert_flat

TYPED = "Typed <with> care & twice"


def asset_form(world: AccessWorld, **given: Any) -> dict[str, Any]:
    made = {
        "kind": "dataset",
        "name": "Seismic lines",
        "domain_id": str(world.domain.uid),
        "description": TYPED,
        "key": str(uuid4()),
    }
    return {**made, **given}


def version_form(**given: Any) -> dict[str, Any]:
    return {"columns": "id int64\nvalue double", "location": "none", "key": str(uuid4()), **given}


def row(place: int, seen: object = "", **given: str) -> dict[str, Any]:
    made = {"class": "internal", "about": "identified", "categories": "EmailAddress", **given}
    fields = {f"c{place}-{name}": text for name, text in made.items()}
    return {**fields, f"c{place}-seen": str(seen)}


def test_a_draft_is_registered_once_however_often_it_is_sent(world: AccessWorld, browse: Browse) -> None:
    client, form = browse("steward"), asset_form(world)
    first, second = client.post("/register/", form), client.post("/register/", form)
    asset = Asset.objects.get(name="Seismic lines")
    assert first.headers["Location"] == second.headers["Location"] == f"/catalog/{asset.uid}/"
    page = client.get(first.headers["Location"]).text
    assert "Missing:" in page and "A version" in page


def test_a_taken_name_is_said_beside_the_field_and_nothing_typed_is_lost(
    world: AccessWorld, browse: Browse
) -> None:
    form = asset_form(world, name=world.personal.asset.name)
    page = browse("steward").post("/register/", form)
    assert page.status_code == 409
    assert page.text.count("There is already a dataset called") == 2
    assert "Typed &lt;with&gt; care &amp; twice" in page.text


def test_what_is_left_out_is_named(world: AccessWorld, browse: Browse) -> None:
    page = browse("steward").post("/register/", asset_form(world, name="", kind=""))
    assert page.status_code == 400
    for said in ("Give it a name.", "Choose whether it is a dataset or a model."):
        assert page.text.count(said) == 2


def test_who_changed_it_meanwhile_is_not_overruled(world: AccessWorld, browse: Browse) -> None:
    client, asset = browse("steward"), world.personal.asset
    path = f"/catalog/{asset.uid}/edit/"
    seen = re.findall(r'name="seen_version" value="(\d+)"', client.get(path).text)[0]
    change_asset(actor=SYSTEM, asset_id=asset.uid, name="Renamed by another")
    form = {"name": "Mine", "description": TYPED, "seen_version": seen}
    page = client.post(path, form)
    assert page.status_code == 412
    assert "Renamed by another" in page.text and "Typed &lt;with&gt; care" in page.text
    again = re.findall(r'name="seen_version" value="(\d+)"', page.text)[0]
    assert client.post(path, {**form, "seen_version": again}).status_code == 302
    now = Asset.objects.get(pk=asset.pk)
    assert (now.name, now.description) == ("Mine", TYPED)


def test_publishing_says_what_is_missing_and_is_refused_without_it(
    world: AccessWorld, browse: Browse
) -> None:
    client, path = browse("steward"), f"/catalog/{world.draft.uid}/publish/"
    page = client.get(path).text
    assert "It cannot be published yet" in page
    assert 'type="submit">' + "Publish" not in page
    refused = client.post(path)
    assert refused.status_code == 409
    assert "The asset has no version yet." in refused.text
    catalog.version(world.draft)
    assert "It cannot become a draft again." in client.get(path).text
    assert client.post(path).status_code == 302
    assert Asset.objects.get(pk=world.draft.pk).state == "published"


def test_retiring_is_confirmed_and_final(world: AccessWorld, browse: Browse) -> None:
    client, path = browse("owner"), f"/catalog/{world.harmless.asset.uid}/retire/"
    assert "This cannot be taken back." in client.get(path).text
    assert client.post(path).status_code == 302
    assert client.post(path).status_code == 409
    assert client.get(f"/catalog/{world.harmless.asset.uid}/versions/new/").status_code == 403


def test_a_version_is_registered_with_its_place_and_its_lineage(world: AccessWorld, browse: Browse) -> None:
    lake, client = catalog.lake(world.domain), browse("steward")
    used = world.harmless
    form = version_form(
        location="new",
        lake_id=str(lake.uid),
        bucket="lake-bucket",
        prefix="area/seismic/v1/",
        input_0=f"{used.asset.name}, v1",
        role_0="training",
    )
    path = f"/catalog/{world.draft.uid}/versions/new/"
    first, second = client.post(path, form), client.post(path, form)
    version = AssetVersion.objects.get(asset=world.draft)
    assert first.headers["Location"] == second.headers["Location"] == f"/classify/{version.uid}/"
    named = list(version.columns.order_by("position").values_list("name", "data_type"))
    assert named == [("id", "int64"), ("value", "double")]
    assert str(version.location) == "s3://lake-bucket/area/seismic/v1/"
    assert [(each.input_id, each.role) for each in version.inputs.all()] == [(used.version.pk, "training")]
    page = client.get(f"/catalog/{world.draft.uid}/").text
    assert "s3://lake-bucket/area/seismic/v1/" in page and used.asset.name in page


@pytest.mark.parametrize(
    ("given", "said", "status"),
    [
        ({"prefix": "elsewhere"}, "ends with a slash", 400),
        ({"bucket": "other-bucket"}, "lies outside what the lake", 422),
        ({"prefix": "area/taken/v1/deep/"}, "overlaps a storage location", 409),
        ({"prefix": ""}, "Name the folder, ending in a slash.", 400),
        ({"columns": "a\na"}, "is named twice", 400),
        ({"columns": 'a,"b\nin percent",c'}, "The name «b in percent» breaks over more than one line.", 400),
        ({"columns": 'a\n"b\r\nin percent" double'}, "The name «b in percent double» breaks", 400),
        ({"columns": f'"{"b" * 200_000}'}, "A name is too long", 400),
        ({"input_0": "Nothing like it, v7"}, "No version that you may see has this name and number.", 400),
        ({"input_0": "no number"}, "Write the name of the asset and the version", 400),
        ({"content_sha256": "xyz"}, "Write 64 hexadecimal digits", 400),
    ],
)
def test_a_refused_version_registers_nothing_and_keeps_what_was_typed(
    world: AccessWorld, browse: Browse, given: dict[str, str], said: str, status: int
) -> None:
    lake = catalog.lake(world.domain)
    catalog.location(world.personal.asset, lake, prefix="area/taken/v1/")
    made = {"location": "new", "lake_id": str(lake.uid), "bucket": "lake-bucket", "prefix": "area/new/v1/"}
    form = version_form(**{**made, "label": TYPED, **given})
    page = browse("steward").post(f"/catalog/{world.draft.uid}/versions/new/", form)
    assert page.status_code == status
    assert said in page.text
    assert "Typed &lt;with&gt; care" in page.text
    assert not world.draft.versions.exists()
    assert not StorageLocation.objects.filter(asset=world.draft).exists()


def test_more_rows_for_inputs_lose_nothing(world: AccessWorld, browse: Browse) -> None:
    form = version_form(label=TYPED, input_0="Half typed", more="1")
    page = browse("steward").post(f"/catalog/{world.draft.uid}/versions/new/", form)
    assert page.status_code == 200
    assert "Half typed" in page.text and "Typed &lt;with&gt; care" in page.text
    assert 'name="input_5"' in page.text
    assert not world.draft.versions.exists()


def test_a_place_is_registered_once_and_offered_to_the_next_version(
    world: AccessWorld, browse: Browse
) -> None:
    lake, client = catalog.lake(world.domain), browse("steward")
    path = f"/catalog/{world.draft.uid}/locations/new/"
    form = {"lake_id": str(lake.uid), "bucket": "lake-bucket", "prefix": "area/x/v1/", "key": str(uuid4())}
    for _ in range(2):
        assert client.post(path, form).status_code == 302
    place = StorageLocation.objects.get(asset=world.draft)
    following = f"/catalog/{world.draft.uid}/versions/new/"
    assert str(place) in client.get(following).text
    assert client.post(following, version_form(location=str(place.uid))).status_code == 302
    assert AssetVersion.objects.get(asset=world.draft).location_id == place.pk
    taken = client.post(path, {**form, "key": str(uuid4())})
    assert taken.status_code == 409
    assert "area/x/v1/" in taken.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id int64\nvalue double precision", [("id", "int64", ""), ("value", "double precision", "")]),
        ("price decimal(10,2)", [("price", "decimal(10,2)", "")]),
        ("id,full name,salary", [("id", "", ""), ("full name", "", ""), ("salary", "", "")]),
        ('"a, b";c', [("a, b", "", ""), ("c", "", "")]),
        ("a\tint\tFirst\nb\ttext", [("a", "int", "First"), ("b", "text", "")]),
        ("full name, text, Of a person\nid, int", [("full name", "text", "Of a person"), ("id", "int", "")]),
        ("only", [("only", "", "")]),
        ("  \n", []),
    ],
)
def test_columns_are_read_as_people_write_them(text: str, expected: list[tuple[str, str, str]]) -> None:
    found = columns_in(text)
    assert [(each.name, each.data_type, each.description) for each in found] == expected
    if len(found) != 1:
        assert columns_in(columns_as_text(found)) == found


def test_only_what_was_changed_is_sent(world: AccessWorld, browse: Browse) -> None:
    version = catalog.version(world.draft, ("mail", "note", "more"))
    classified(version, world["steward"], saying("mail"))
    held = Classification.objects.get(version=version)
    client, path = browse("steward"), f"/classify/{version.uid}/"
    assert "1 of 3 columns classified, 1 confirmed" in client.get(path).text
    empty = {"class": "", "about": "", "categories": ""}
    form = {
        "shown": ["1", "2", "3"],
        **row(1, held.uid),
        **row(2, categories="Email Address, name"),
        **row(3, **empty),
    }
    assert client.post(path, {**form, "do": "save"}).status_code == 302
    assert Classification.objects.filter(version=version).count() == 2
    assert Classification.objects.get(version=version, column_name="note").category_codes == [
        "EmailAddress",
        "Name",
    ]
    assert "2 of 3 columns classified" in client.get(path).text


def test_ticked_columns_are_set_at_once(world: AccessWorld, browse: Browse) -> None:
    version = catalog.version(world.draft, [f"c{number}" for number in range(130)])
    client, path = browse("steward"), f"/classify/{version.uid}/"
    assert client.get(f"{path}?tick=open").text.count(" checked>") == 130
    places = [str(place) for place in range(1, 131)]
    form = {
        "shown": places,
        "pick": places[:100],
        "sensitivity_class": "open",
        "about": "not_personal",
        "reason": "Readings of rock.",
        "do": "apply",
    }
    assert client.post(path, form).status_code == 302
    assert "100 of 130 columns classified" in client.get(path).text


def test_what_a_rule_refuses_is_said_at_its_row_and_saves_nothing(world: AccessWorld, browse: Browse) -> None:
    version = catalog.version(world.draft, ("mail", "note"))
    client, path = browse("steward"), f"/classify/{version.uid}/"
    form = {
        "shown": ["1", "2"],
        **row(1),
        **row(2, about="not_personal", categories="", assessment=TYPED),
        "do": "save",
    }
    page = client.post(path, form)
    assert page.status_code == 422
    assert page.text.count("That «note» is about nobody needs a reason.") == 2
    assert "Typed &lt;with&gt; care" in page.text
    unknown = client.post(path, {**form, **row(2, categories="Nonsense")})
    assert unknown.status_code == 400
    assert unknown.text.count("There is no data category «Nonsense».") == 2
    assert not Classification.objects.filter(version=version).exists()


@pytest.mark.parametrize("do", ["apply", "confirm"])
def test_nothing_ticked_is_said(world: AccessWorld, browse: Browse, do: str) -> None:
    version = catalog.version(world.draft, ("mail",))
    page = browse("steward").post(
        f"/classify/{version.uid}/", {"shown": "1", "sensitivity_class": "open", "do": do}
    )
    assert page.status_code == 400
    assert "Tick the columns it is about." in page.text


def test_what_a_machine_said_is_confirmed_as_it_stands(world: AccessWorld, browse: Browse) -> None:
    version = catalog.version(world.draft, ("mail",))
    classify(actor=SYSTEM, asset_version_id=version.uid, items=[saying("mail")])
    held = Classification.objects.get(version=version)
    client, path = browse("steward"), f"/classify/{version.uid}/"
    assert "to be confirmed" in client.get(path).text
    assert (
        client.post(path, {"shown": "1", "pick": "1", **row(1, held.uid), "do": "confirm"}).status_code == 302
    )
    assert Classification.objects.current().get(version=version).is_confirmed


def test_a_column_classified_meanwhile_is_not_overruled(world: AccessWorld, browse: Browse) -> None:
    version = catalog.version(world.draft, ("mail",))
    client, path = browse("steward"), f"/classify/{version.uid}/"
    classified(version, world["steward"], saying("mail", sensitivity_class_code="restricted"))
    page = client.post(path, {"shown": "1", **row(1, reason=TYPED), "do": "save"})
    assert page.status_code == 412
    assert "Somebody classified this column meanwhile" in page.text
    assert "Typed &lt;with&gt; care" in page.text
    assert Classification.objects.filter(version=version).count() == 1


def test_a_lowering_is_proposed_by_one_and_decided_by_another(world: AccessWorld, browse: Browse) -> None:
    version = world.personal.version
    steward, owner, path = browse("steward"), browse("owner"), f"/classify/{version.uid}/"
    held = Classification.objects.current().get(version=version, column_name="salary")
    lower = row(2, held.uid, **{"class": "internal", "categories": "Income"})
    assert steward.post(path, {"shown": "2", **lower, "do": "save"}).status_code == 302
    proposal = Classification.objects.proposed().get(version=version)
    assert "You proposed it: another person decides." in steward.get(path).text
    assert f"/classify/{version.uid}/#lowering" in owner.get("/classify/").text
    decide = f"{path}lowering/"
    own = steward.post(decide, {"proposal_ids": str(proposal.uid), "do": "confirm"})
    assert own.status_code == 403
    assert "is decided by another person" in own.text
    refused = owner.post(decide, {"proposal_ids": str(proposal.uid), "do": "reject", "reason": ""})
    assert refused.status_code == 400
    assert refused.text.count("A proposal is rejected with a reason.") == 2
    assert owner.post(decide, {"do": "confirm"}).status_code == 400
    unseen = owner.post(decide, {"proposal_ids": str(proposal.uid), "do": "confirm"})
    assert unseen.status_code == 428
    given = {"proposal_ids": str(proposal.uid), "seen_impact": unseen.context["reached"].digest}
    assert owner.post(decide, {**given, "do": "confirm"}).status_code == 302
    now = Classification.objects.current().get(version=version, column_name="salary")
    assert now.sensitivity_class.code == "internal"


def test_a_version_without_columns_is_classified_as_a_whole(world: AccessWorld, browse: Browse) -> None:
    version = catalog.version(world.draft, ())
    client, path = browse("steward"), f"/classify/{version.uid}/"
    assert "The version as a whole" in client.get(path).text
    assert client.post(path, {"shown": "0", **row(0), "do": "save"}).status_code == 302
    assert Classification.objects.get(version=version).column_name == "*"


def test_many_columns_are_paged(world: AccessWorld, browse: Browse) -> None:
    version = catalog.version(world.draft, [f"c{number}" for number in range(250)])
    client, path = browse("steward"), f"/classify/{version.uid}/"
    assert client.get(path).text.count('name="shown"') == 200
    assert client.get(f"{path}?after=200").text.count('name="shown"') == 50


@pytest.mark.parametrize("path", ["/register/", "/catalog/{asset}/edit/", "/catalog/{asset}/versions/new/"])
def test_those_who_keep_nothing_are_told_why(world: AccessWorld, browse: Browse, path: str) -> None:
    asset, client = world.personal.asset, browse("scientist")
    forms = {**asset_form(world), **version_form(), "seen_version": "1"}
    assert client.post(path.format(asset=asset.uid), forms).status_code == 403
    assert not Asset.objects.filter(name="Seismic lines").exists()
    assert asset.versions.count() == 1


def test_the_queue_and_home_say_what_waits_and_are_flat(world: AccessWorld, browse: Browse) -> None:
    client = browse("steward")

    def make() -> object:
        return catalog.version(catalog.asset(world.domain))

    assert_flat(make, lambda: client.get("/classify/").text.count('<th role="rowheader"'), budget=15)
    assert "0 of 2 classified" in " ".join(client.get("/").text.split())


def test_the_workbench_asks_as_often_for_many_columns_as_for_few(world: AccessWorld, browse: Browse) -> None:
    client, taken = browse("steward"), []
    for count in (2, 150):
        path = f"/classify/{catalog.version(world.draft, [f'c{place}' for place in range(count)]).uid}/"
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path).text.count('name="shown"') == count
        taken.append(len(asked))
    assert taken[0] == taken[1] <= 15


def test_what_it_takes_is_shown_for_a_purpose_with_a_way_to_ask(world: AccessWorld, browse: Browse) -> None:
    purpose = world.purposes["pay"].uid
    page = browse("scientist").get(f"/catalog/{world.personal.asset.uid}/?purpose={purpose}").text
    assert "Needs approval" in page
    assert f'href="/catalog/{world.personal.asset.uid}/request/?purpose={purpose}"' in page


def test_the_catalog_is_narrowed_to_a_class(world: AccessWorld, browse: Browse) -> None:
    """By the highest class of the newest version; what is unclassified has none."""
    page = browse("scientist").get("/catalog/?class=restricted").text
    assert world.restricted.asset.name in page
    assert world.harmless.asset.name not in page and world.personal.asset.name not in page
    assert "Nothing found" in browse("scientist").get("/catalog/?class=unheard-of").text
