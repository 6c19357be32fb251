"""What is carried on is what was used, as far as keys show it."""

from __future__ import annotations

import pytest

from apps.access.models import Request
from apps.credentials.commands import extend_as_used, take_credential
from apps.credentials.models import LeaseScope
from apps.credentials.queries import Fit, Touched, Use, fit_of
from apps.lakes.providers.contract import Access
from tests.factories import lakes
from tests.factories.access import revision_of
from tests.factories.lakes import Place
from tests.factories.touches import MOMENT


def extension(place: Place, **given: object) -> Request:
    grant = given.pop("grant")
    return extend_as_used(actor=place.scientist.actor, grant_id=grant.uid, **given)  # type: ignore[attr-defined,arg-type]


@pytest.mark.parametrize(
    ("unused", "unseen", "kept"),
    [
        ((), (), ("read", "write", "invoke")),
        (("write",), ("invoke",), ("read", "invoke")),
        (("read", "write"), ("invoke",), ("read", "write", "invoke")),
    ],
)
def test_something_is_always_left_to_ask_for(
    unused: tuple[str, ...], unseen: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    use = Use(leases=1, last_at=MOMENT, watched=1, touched=Touched(denied=1, last_at=MOMENT))
    actions = ("read", "write", "invoke")
    assert Fit(use=use, versions=(1,), actions=actions, unused=unused, unseen=unseen).kept == kept


def test_keys_show_what_was_opened_and_when(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place), actions=("read", "train", "invoke"))
    never = fit_of(grant)
    assert (never.use.leases, never.versions, never.unused) == (0, (), ("read", "train"))
    assert (never.unseen, never.kept) == (("invoke",), tuple(grant.actions))
    taken = take_credential(actor=place.scientist.actor, grant_id=grant.uid).lease
    used = fit_of(grant)
    assert (used.use.leases, used.use.last_at, used.versions) == (1, taken.issued_at, (1,))
    assert (used.unused, used.kept) == ((), tuple(grant.actions))


def test_what_no_key_was_taken_for_is_left_out(place: Place) -> None:
    grant = lakes.grant(place, lakes.dataset(place), actions=("read", "train"))
    take_credential(actor=place.scientist.actor, grant_id=grant.uid)
    assert set(LeaseScope.objects.values_list("access", flat=True)) == {Access.READ}
    grant.actions = ["read", "write"]  # read here, not kept: as if its keys had only ever read
    assert (fit_of(grant).unused, fit_of(grant).kept) == (("write",), ("read",))


def test_everything_is_asked_for_again_where_it_was_never_used_or_somebody_says_so(place: Place) -> None:
    never = lakes.grant(place, lakes.dataset(place), actions=("read", "train"))
    assert revision_of(extension(place, grant=never)).actions == ["read", "train"]
    other = lakes.grant(place, lakes.dataset(place, "ds/b/"), actions=("read", "train"))
    assert revision_of(extension(place, grant=other, by_use=False)).actions == ["read", "train"]
