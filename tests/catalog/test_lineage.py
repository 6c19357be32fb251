"""Lineage goes up and down from a version, and not through what is hidden."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Audience
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.catalog import commands
from apps.catalog.commands import InputDraft
from apps.catalog.models import Asset, AssetVersion
from apps.catalog.models.version import InputRole
from apps.catalog.queries import Lineage, lineage_of
from apps.console.pictures import GAP_ACROSS, NODE_HEIGHT, NODE_WIDTH, graph_of
from apps.kernel.actor import SYSTEM, Actor
from tests.factories import accounts as people
from tests.factories import catalog as things

pytestmark = pytest.mark.django_db


class House:
    """An open domain and a secret one, and a reader of the open one."""

    def __init__(self) -> None:
        organization = people.organization()
        self.open = people.domain(organization)
        self.secret = people.domain(organization, Audience.TEAMS)
        self.reader: Actor = actor_of(people.player(organization, Role.SCIENTIST).account)

    def made(self, name: str, *inputs: AssetVersion, is_secret: bool = False) -> AssetVersion:
        asset = things.asset(self.secret if is_secret else self.open, name=name)
        drafts = [InputDraft(version_id=each.uid, role=InputRole.SOURCE) for each in inputs]
        version = things.version(asset, inputs=drafts)
        commands.publish_asset(actor=SYSTEM, asset_id=asset.uid)
        return version


def names(lineage: Lineage) -> set[tuple[str, str]]:
    return {(edge.input.asset.name, edge.output.asset.name) for edge in lineage.edges}


def test_it_goes_up_and_down_but_not_sideways() -> None:
    house = House()
    raw = house.made("raw")
    clean = house.made("clean", raw)
    house.made("sister", raw)
    house.made("model", clean)
    assert names(lineage_of(house.reader, clean)) == {("raw", "clean"), ("clean", "model")}
    assert names(lineage_of(house.reader, raw)) == {
        ("raw", "clean"),
        ("raw", "sister"),
        ("clean", "model"),
    }


def test_what_is_hidden_is_neither_shown_nor_walked_through() -> None:
    house = House()
    raw = house.made("raw")
    hidden = house.made("hidden", raw, is_secret=True)
    model = house.made("model", hidden)
    assert names(lineage_of(house.reader, model)) == set()
    assert names(lineage_of(SYSTEM, model)) == {("raw", "hidden"), ("hidden", "model")}


def test_it_takes_as_many_queries_for_a_long_chain_as_for_a_short_one() -> None:
    house = House()
    short = [house.made("0")]
    long = [house.made("a")]
    long += [house.made(name, long[-1]) for name in ("b",)]
    for name in "cde":
        long.append(house.made(name, long[-1]))
    house.reader = house.reader.renewed()
    counts = []
    for version in (short[0], long[2]):
        with CaptureQueriesContext(connection) as queries:
            lineage_of(house.reader.renewed(), version)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3


def test_every_arrow_of_the_picture_points_right_and_no_nodes_overlap() -> None:
    house = House()
    raw = [house.made(f"raw {number}") for number in range(3)]
    clean = house.made("clean", *raw)
    other = house.made("other", raw[0])
    model = house.made("model", clean, other, raw[1])
    lineage = lineage_of(SYSTEM, model)
    graph = graph_of(lineage)
    at = {node.version.pk: node for node in graph.nodes}
    assert set(at) == {version.pk for version in (*raw, clean, other, model)}
    for edge in lineage.edges:
        assert at[edge.output.pk].x - at[edge.input.pk].x >= NODE_WIDTH + GAP_ACROSS
    places = [(node.x, node.y) for node in graph.nodes]
    for number, (x, y) in enumerate(places):
        assert 0 < x <= graph.width - NODE_WIDTH and 0 < y <= graph.height - NODE_HEIGHT
        for other_x, other_y in places[number + 1 :]:
            assert x != other_x or abs(y - other_y) > NODE_HEIGHT
    assert [node.is_start for node in graph.nodes].count(True) == 1


def test_an_asset_that_stands_alone_has_no_edges() -> None:
    house = House()
    assert lineage_of(house.reader, house.made("alone")).edges == ()
    assert Asset.objects.count() == 1
