"""Items whose names hold e-mail addresses: label sets keep a token in place of each, another in each file,
so that an erased item is known again by what the labeling tool calls it and by nothing else."""

from __future__ import annotations

import pytest

from apps.catalog.models import AssetVersion
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput
from apps.labeling.commands import keep_items
from apps.labeling.imports.tombstones import digests_of
from apps.labeling.models import Label, LabelSet, Tombstone
from tests.factories import accounts, labels

HEAD = b"item,annotator,label\n"
ADA, BO, CY = (f"scans/{who}@example.org/1.png" for who in ("ada", "bo", "cy"))


@pytest.fixture
def version(db: None) -> AssetVersion:
    return labels.labeled_version(accounts.world().domain)


def file_of(*items: str) -> bytes:
    lines = [f"{item},{who},shale" for item in items for who in ("7", "8")]
    return HEAD + "\n".join(lines).encode()


def items_of(made: LabelSet) -> list[str]:
    found = Label.objects.filter(label_set=made).order_by("line").values_list("item", flat=True)
    return list(dict.fromkeys(found))


def test_an_erased_item_is_known_in_another_file_by_its_own_name(version: AssetVersion) -> None:
    labels.erased(version, ADA)
    with pytest.raises(InvalidInput) as refused:
        labels.brought(version, file_of(BO, ADA, "core-1"))
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("LABELS_ITEM_ERASED", "content.4"),
        ("LABELS_ITEM_ERASED", "content.5"),
    ]
    made = labels.brought(version, file_of(BO, ADA, "core-1"), leave_out_faults=True)
    assert items_of(made) == ["scans/[address 1]/1.png", "core-1"]


def test_another_item_is_not_taken_for_it_because_its_token_is_the_same(version: AssetVersion) -> None:
    first = labels.brought(version, file_of(ADA, "core-1"))
    assert items_of(first) == ["scans/[address 1]/1.png", "core-1"]
    labels.erased(version, ADA)
    assert items_of(first) == ["core-1"]
    second = labels.brought(version, file_of(BO, "core-1"))
    assert items_of(second) == ["scans/[address 1]/1.png", "core-1"]


def test_a_tombstone_of_a_token_meets_no_token(version: AssetVersion) -> None:
    """As they were kept before names with tokens in them were refused."""
    erasure = labels.erased(version, "core-9")
    digest = next(digests_of("item", "scans/[address 1]/1.png"))
    Tombstone.objects.create(erasure=erasure, kind="item", digest=digest)
    assert items_of(labels.brought(version, file_of(BO))) == ["scans/[address 1]/1.png"]


def test_all_items_go_that_may_be_meant_and_others_stay(version: AssetVersion) -> None:
    made = labels.brought(version, file_of(ADA, BO, "tapes/ada@example.org", "core-1"))
    erasure = labels.erased(version, ADA)
    assert erasure.labels == 4
    assert items_of(made) == ["tapes/[address 1]", "core-1"]
    assert Tombstone.objects.filter(erasure=erasure).count() == 1
    again = labels.brought(version, file_of(BO, CY))
    assert len(items_of(again)) == 2


def test_no_item_of_a_list_is_named_like_a_token(version: AssetVersion) -> None:
    with pytest.raises(InvalidInput) as refused:
        keep_items(actor=SYSTEM, asset_version_id=version.uid, content=b"item\nscans/[address 1]/1.png\n")
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("ITEMS_TOKEN_AS_NAME", "content.2.item")
    ]
