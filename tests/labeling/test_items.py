"""Items of a version: what is kept of a list, what is refused, and what labels are held to."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.roles import Role
from apps.catalog.models import AssetKind
from apps.kernel.errors import Conflict, InvalidInput, LakewardenError, NotPermitted, RuleBroken
from apps.labeling.facts import item_facts
from apps.labeling.imports.manifest import LARGEST, MOST_GROUPINGS, read_manifest
from apps.labeling.models import DatasetItem, ItemManifest
from apps.labeling.queries import item_lists_visible_to
from apps.labeling.tasks import review_after_items
from tests.factories import accounts, catalog, labels
from tests.factories.accounts import World
from tests.labeling.exports import table

SHA = "ab" * 32


@pytest.fixture
def world(db: None) -> World:
    return accounts.world()


def codes(content: bytes) -> list[tuple[int, str, str]]:
    return [(each.line, each.place, each.reason.code) for each in read_manifest(content).faults]


def test_a_list_says_what_is_known_of_each_item() -> None:
    found = read_manifest(
        f"item;sha256;split;subject;group:Sex;group:site\na.png;{SHA.upper()};Train;P1;f;\n\nb.png;;;;m;north\n".encode()
    )
    first, second = found.items
    assert (first.line, first.name, first.sha256, first.split) == (2, "a.png", SHA, "train")
    assert (first.subject, first.groups) == ("P1", (("sex", "f"),))
    assert (second.line, second.groups) == (4, (("sex", "m"), ("site", "north")))


def test_addresses_of_people_are_replaced_and_never_name_an_item() -> None:
    found = read_manifest(b"item,subject\na,ada@example.org\nb,ada@example.org\nc,eve@example.org")
    assert [each.subject for each in found.items] == ["[address 1]", "[address 1]", "[address 2]"]
    assert found.addresses == 3
    assert codes(b"item,split\nada@example.org,train\nb,eve@example.org") == [
        (2, "item", "ITEMS_ADDRESS_AS_NAME"),
        (3, "split", "ITEMS_ADDRESS_AS_NAME"),
    ]


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        ("", "", "LABELS_PART_MALFORMED"),
        (f",{SHA},train", "item", "LABELS_PART_MALFORMED"),
        ("a,abc,train", "sha256", "LABELS_PART_MALFORMED"),
        (f"{'x' * 1001},,", "item", "LABELS_TEXT_TOO_LONG"),
        (f"a,,{'x' * 41}", "split", "LABELS_TEXT_TOO_LONG"),
        ("first,,", "item", "LABELS_ID_TWICE"),
        ("\0,,", "item", "LABELS_PART_MALFORMED"),
        ("a,,b,c", "", "LABELS_PART_MALFORMED"),
    ],
)
def test_a_line_that_cannot_be_kept_is_told(line: str, place: str, code: str) -> None:
    told = codes(f"item,sha256,split\nfirst,,\n{line or 'only one cell'}\n".encode())
    assert told == [(3, place, code)]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"item\n",
        b"name,split\na,train",
        b"item,item\na,b",
        b"item,color\na,red",
        b"item,group:\na,b",
        b'item\n"a',
        b"item\n\xff",
        ("item," + ",".join(f"group:g{n}" for n in range(MOST_GROUPINGS + 1))).encode() + b"\n",
        b"item\n" + b"x" * (LARGEST + 1),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(RuleBroken):
        read_manifest(content)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"item,subject\n{text}".encode()))
def test_whatever_is_sent_is_read_or_refused(content: bytes) -> None:
    try:
        found = read_manifest(content)
    except LakewardenError:
        return
    names = [each.name for each in found.items]
    assert len(set(names)) == len(names)
    assert all("\0" not in name and 0 < len(name) <= 1000 for name in names)


def test_a_list_is_kept_once_and_as_it_was(world: World) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    content = labels.listed(3, head="item,split,group:site", more=",train,north") + b"\nx,test,south"
    made = labels.with_items(version, content, by=world[Role.STEWARD].actor)
    assert (made.items, DatasetItem.objects.filter(manifest=made).count()) == (4, 4)
    shown = item_lists_visible_to(world[Role.AUDITOR].actor).one(made.uid)
    assert (shown.left, shown.by_split) == (4, {"train": 3, "test": 1})
    assert shown.by_group == {"site": {"north": 3, "south": 1}}
    with pytest.raises(Conflict):
        labels.with_items(version, labels.listed(5))
    for rows in (ItemManifest.objects.filter(pk=made.pk), DatasetItem.objects.filter(manifest=made)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**({"items": 5} if rows.model is ItemManifest else {"split": "test"}))
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_nothing_is_kept_of_a_faulty_list(world: World) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    with pytest.raises(InvalidInput) as refused:
        labels.with_items(version, b"item,sha256\na,\nb,abc\na,")
    assert [reason.field for reason in refused.value.reasons] == ["content.3.sha256", "content.4.item"]
    assert not ItemManifest.objects.exists()


def test_items_are_brought_of_datasets_by_those_who_keep_them(world: World) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    with pytest.raises(NotPermitted):
        labels.with_items(version, by=world[Role.SCIENTIST].actor)
    model = catalog.published_asset(world.domain, AssetKind.MODEL).versions.get()
    with pytest.raises(RuleBroken):
        labels.with_items(model)


def test_labels_on_other_items_are_faults_with_their_line(world: World) -> None:
    version = labels.labeled_version(world.domain)
    labels.with_items(version, labels.listed(2))
    content = table("core-0,1,shale", "elsewhere,1,shale", "core-1,2,sandstone", "elsewhere,2,shale")
    with pytest.raises(InvalidInput) as refused:
        labels.brought(version, content)
    told = [(reason.code, reason.field) for reason in refused.value.reasons]
    assert told == [("LABELS_ITEM_OUTSIDE_VERSION", f"content.{line}") for line in (3, 5)]
    made = labels.brought(version, content, leave_out_faults=True)
    assert (made.annotations, made.left_out) == (2, 2)


def test_coverage_counts_the_items_of_the_list(world: World) -> None:
    version = labels.labeled_version(world.domain)
    labels.with_items(version, labels.listed(10))
    made = labels.brought(version, table(*(f"core-{item},7,shale" for item in range(5))))
    assert (made.figures["items"], made.figures["labeled"]) == (10, 5)
    coverage = [each for each in made.findings if each["check"] == "L08"]
    assert [each["outcome"] for each in coverage] == ["failed"]


def test_what_was_brought_before_the_list_is_measured_anew_and_what_came_after_is_not(world: World) -> None:
    version = labels.labeled_version(world.domain)
    content = table(*(f"core-{item},7,shale" for item in range(5)))
    before = labels.brought(version, content)
    manifest = labels.with_items(version, labels.listed(10))
    after = labels.brought(version, table(*(f"core-{item},8,shale" for item in range(5))))
    review_after_items(manifest.uid)
    assert (before.reviews.count(), after.reviews.count()) == (1, 0)
    assert before.reviews.get().figures["items"] == after.figures["items"] == 10


def test_facts_of_items_take_few_statements(world: World, django_assert_num_queries: object) -> None:
    version = catalog.published_asset(world.domain).versions.get()
    lines = f"a,{SHA},train,p1,f\nb,{SHA},test,p2,m\nc,,test,p1,f\nd,,,,".encode()
    labels.with_items(version, b"item,sha256,split,subject,group:sex\n" + lines)
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = item_facts(version)
    assert (found.in_splits, found.hashed, found.of_subjects) == (3, 2, 3)
    assert (found.hashes_across, found.subjects_across, found.examples) == (1, 1, (2, 3, 4))
    assert found.groups == {"a": (("sex", "f"),), "b": (("sex", "m"),), "c": (("sex", "f"),), "d": ()}
