"""From the ask to the registered version, on a real lake."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import Person
from apps.catalog.models import Column, VersionInput
from apps.classification.facts import column_standings
from apps.classification.models import Classification
from apps.credentials.lifecycle import LeaseState
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import Conflict, InvalidState, NotPermitted, RuleBroken
from apps.lakes.providers.s3.objects import Objects
from apps.policy.vocabulary import Identifiability
from apps.preparing import commands, errors
from apps.preparing.lifecycle import ViewState
from apps.preparing.models import HouseKey, PreparedView
from apps.preparing.work import making
from apps.preparing.work.pseudonyms import KEY_MISSING
from tests.factories.lakes import BUCKET, Place
from tests.lab.demo_lake import DemoLake
from tests.preparing import views
from tests.preparing.shelves import parquet, steps

KEEP, MASK = {"step": "keep"}, {"step": "mask"}
TABLE = parquet(
    {"customer_id": ["Client-1", "Client-2", "Client-1"], "age": [17, 44, 45], "town": ["A", "B", None]}
)
SHEET = b'customer_id,age,town\nClient-1,31,"=1+1"\nClient-3,9,\n'


def test_a_view_about_people_is_confirmed_by_another_person_and_then_prepared(
    place: Place, lake: DemoLake
) -> None:
    source = views.people(place, lake, a__parquet=TABLE, b__csv=SHEET)
    view = views.asked(
        place,
        source,
        "age >= 18",
        customer_id=MASK,
        age={"step": "bins", "width": "10"},
        town=KEEP,
    )
    assert view.state == ViewState.PROPOSED
    with pytest.raises(NotPermitted) as refused:
        commands.confirm_view(actor=place.owner.actor, prepared_view_id=view.uid)
    assert refused.value.code == errors.SECOND_PERSON
    commands.confirm_view(actor=place.officer.actor, prepared_view_id=view.uid)
    view = views.worked(view)
    assert (view.state, view.failure) == (ViewState.READY, None)
    assert (view.rows_in, view.rows_out, view.files) == (5, 3, 2)

    derived = view.derived
    assert derived is not None and derived.location is not None
    found = views.lying_at(view, derived.location.prefix)
    table = views.rows_in(found["part-00001.parquet"])
    sheet = list(csv.reader(io.StringIO(found["part-00002.csv"].decode())))
    assert [(row["age"], row["town"]) for row in table] == [(40, "B"), (40, None)]
    assert sheet[1][1:] == ["30", "=1+1"]
    assert sheet[1][0] == table[1]["customer_id"] != table[0]["customer_id"]
    assert not any(b"Client" in content for content in found.values())

    columns = Column.objects.filter(version=derived).order_by("position")
    assert list(columns.values_list("name", flat=True)) == ["customer_id", "age", "town"]
    edge = VersionInput.objects.get(version=derived)
    assert (edge.input, edge.carried["town"]) == (source, ["age", "town"])
    said = {row.column_name: row for row in Classification.objects.current().filter(version=derived)}
    assert said["customer_id"].identifiability == Identifiability.PSEUDONYMISED
    assert said["customer_id"].is_confirmed
    assert said["customer_id"].decided_by == Person.objects.get(pk=place.officer.actor.person_id)
    assert said["age"].identifiability == Identifiability.IDENTIFIED
    assert said["age"].category_codes == ["Age"]

    key = HouseKey.objects.get(view=view)
    assert (key.state, key.revoke_effect) == (LeaseState.REVOKED, "immediate")


def test_what_was_dropped_counts_no_more_and_what_rows_were_chosen_by_does(
    place: Place, lake: DemoLake
) -> None:
    source = views.people(place, lake, a__csv=SHEET)
    alone = views.asked(place, source, town=KEEP)
    chosen = views.asked(place, source, "age > 30", town=KEEP)
    for view in (alone, chosen):
        commands.confirm_view(actor=place.officer.actor, prepared_view_id=view.uid)
    by_key = {each.pk: views.worked(each).derived_id or 0 for each in (alone, chosen)}
    standings = column_standings([source.pk, *by_key.values()])
    town = standings[source.pk, "town"]
    assert standings[by_key[alone.pk], "town"].categories == town.categories == frozenset()
    assert standings[by_key[alone.pk], "town"].class_rank == town.class_rank
    assert standings[by_key[alone.pk], "town"].is_personal is False
    assert standings[by_key[chosen.pk], "town"].categories == {"Age"}
    assert standings[by_key[chosen.pk], "town"].is_personal
    assert standings[by_key[chosen.pk], "town"].class_rank == standings[source.pk, "age"].class_rank


def test_a_view_about_nobody_is_prepared_at_once(place: Place, lake: DemoLake) -> None:
    source = views.rocks(place, lake, a__csv=b"depth,porosity\n1.5,0.2\n")
    view = views.worked(views.asked(place, source, depth={"step": "bins", "width": "1"}))
    assert view.state == ViewState.READY
    assert view.derived is not None
    assert list(view.derived.columns.values_list("name", "data_type")) == [("depth", "double")]


def test_data_that_do_not_fit_are_told_and_nothing_stays_of_them(place: Place, lake: DemoLake) -> None:
    source = views.rocks(place, lake, a__csv=b"depth,porosity\n1,2\n", b__csv=b"depth,porosity\n1,2,3\n")
    view = views.worked(views.asked(place, source, depth=KEEP))
    assert view.failure is not None
    assert (view.state, view.failure["code"]) == (ViewState.FAILED, errors.FILE_UNREADABLE)
    assert views.lying_at(view, view.prefix) == {}
    assert not VersionInput.objects.filter(input=source).exists()
    lake.put(BUCKET, f"{source.location.prefix}b.csv", b"depth,porosity\n1,2\n")  # type: ignore[union-attr]
    commands.retry_view(actor=place.owner.actor, prepared_view_id=view.uid)
    view = views.worked(view)
    assert (view.state, view.rows_out) == (ViewState.READY, 2)


def test_a_worker_that_died_leaves_nothing_that_counts(
    place: Place, lake: DemoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        """As a process that was killed: nothing catches it, nothing cleans up."""

    source = views.rocks(place, lake, a__csv=b"depth,porosity\n1,2\n")
    view = views.asked(place, source, depth=KEEP)
    with monkeypatch.context() as patch:
        finish, end, tidy = "finish_view", "_end_keys_of", "remove_all"
        from apps.preparing.work import job

        def die(**given: object) -> None:
            patch.setattr(Objects, tidy, lambda self: 0)
            raise Died

        patch.setattr(job, finish, die)
        patch.setattr(job, end, lambda view: None)
        with pytest.raises(Died):
            views.worked(view)
    view.refresh_from_db()
    assert (view.state, view.run) == (ViewState.RUNNING, 1)
    assert list(views.lying_at(view, view.prefix)) == ["1/part-00001.csv"]
    view = views.worked(view)
    assert (view.state, view.run) == (ViewState.READY, 2)
    assert list(views.lying_at(view, view.prefix)) == ["2/part-00001.csv"]
    assert set(view.keys.values_list("state", flat=True)) == {LeaseState.REVOKED}
    with pytest.raises(InvalidState) as refused:
        commands.finish_view(actor=SYSTEM, prepared_view_id=view.uid, run=1, made=making.Made())
    assert refused.value.code == errors.OVERTAKEN
    commands.fail_view(actor=SYSTEM, prepared_view_id=view.uid, run=1, reason=refused.value.reasons[0])
    view.refresh_from_db()
    assert view.state == ViewState.READY


def test_without_the_key_of_the_organization_nothing_is_masked(
    place: Place, lake: DemoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAKEWARDEN_DEMO_LAKE_PSEUDONYMS")
    source = views.rocks(place, lake, a__csv=b"depth,porosity\n1,2\n")
    view = views.worked(views.asked(place, source, depth=MASK))
    assert view.failure is not None
    assert (view.state, view.failure["code"]) == (ViewState.FAILED, KEY_MISSING)
    assert views.lying_at(view, view.prefix) == {}


def test_a_lake_that_gives_no_key_fails_the_view_and_not_the_house(
    place: Place, lake: DemoLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAKEWARDEN_DEMO_LAKE_ISSUER_KEY")
    source = views.rocks(place, lake, a__csv=b"depth,porosity\n1,2\n")
    view = views.worked(views.asked(place, source, depth=KEEP))
    assert view.failure is not None
    assert (view.state, view.failure["code"]) == (ViewState.FAILED, "LAKE_SECRET_MISSING")
    assert view.keys.get().state == LeaseState.FAILED


# What may be asked for, and by whom


def test_only_those_who_keep_the_data_right_ask_for_views(place: Place) -> None:
    source = views.rocks(place, None)
    with pytest.raises(NotPermitted):
        commands.prepare_view(
            actor=place.scientist.actor,
            asset_version_id=source.uid,
            name="For me",
            columns=steps([{"column": "depth", "step": "keep"}]),
        )


def test_a_view_has_a_name_of_its_own_and_a_place_that_nothing_overlaps(place: Place) -> None:
    source = views.rocks(place, None)
    view = views.asked(place, source, depth=KEEP)
    assert (view.bucket, view.prefix) == (BUCKET, f"lakewarden-views/{view.uid.hex}/")
    with pytest.raises(Conflict) as refused:
        commands.prepare_view(
            actor=place.owner.actor,
            asset_version_id=source.uid,
            name=source.asset.name.upper(),
            columns=steps([{"column": "depth", "step": "keep"}]),
        )
    assert refused.value.code == errors.NAME_TAKEN


def test_where_every_root_belongs_to_data_there_is_no_room(place: Place) -> None:
    source = views.rocks(place, None)
    assert source.location is not None
    place.lake.roots = [f"{BUCKET}/{source.location.prefix}"]
    place.lake.save()
    with pytest.raises(RuleBroken) as refused:
        views.asked(place, source, depth=KEEP)
    assert refused.value.code == errors.NO_ROOM


def test_the_database_asks_for_the_second_person_too(place: Place) -> None:
    view = views.asked(place, views.people(place, None), customer_id=MASK)
    asker = place.owner.actor.person_id
    for change in (
        {"state": "queued"},
        {"state": "queued", "confirmed_by": asker},
        {"state": "ready", "confirmed_by": place.officer.actor.person_id},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            PreparedView.objects.filter(pk=view.pk).update(**change)


def test_a_view_that_is_not_confirmed_is_not_prepared(place: Place) -> None:
    view = views.asked(place, views.people(place, None), customer_id=MASK)
    assert views.worked(view).state == ViewState.PROPOSED
    commands.reject_view(actor=place.officer.actor, prepared_view_id=view.uid, comment="Mask the town too.")
    with pytest.raises(InvalidState):
        commands.confirm_view(actor=place.officer.actor, prepared_view_id=view.uid)
    assert views.worked(view).state == ViewState.REJECTED
