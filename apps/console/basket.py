"""The assets of a request while it is written: what is in it, what was searched for, and what changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from apps.access.commands import ItemDraft
from apps.catalog.lifecycle import AssetState
from apps.catalog.queries import assets_visible_to
from apps.console.page import uid_of
from apps.kernel.actor import Actor

MOST_FOUND = 8
MOST_ASSETS = 50


@dataclass(frozen=True, kw_only=True)
class Basket:
    """`assets` are those of the items that the reader sees; `found` what a search brought up.

    What is `typed` into the search stays there until something was added; only its own button searches.
    `is_changing`: the form was sent to search, to add or to take something out, and for nothing else.
    """

    items: tuple[ItemDraft, ...]
    assets: tuple[Any, ...]
    typed: str
    searched: str
    found: tuple[Any, ...]
    is_changing: bool

    @property
    def names(self) -> dict[str, str]:
        return {str(asset.uid): asset.name for asset in self.assets}


def basket_of(actor: Actor, sent: QueryDict | None, begun: Sequence[ItemDraft]) -> Basket:
    """What the form holds; before it was ever sent, what it begins with. At most two queries."""
    known = {item.asset_id: item for item in begun}
    if sent is None or "asset" not in sent:
        uids = list(known)
    else:
        uids = list(dict.fromkeys(_uids(sent.getlist("asset"))))[:MOST_ASSETS]
    is_changing = sent is not None and any(button in sent for button in ("find", "add", "drop"))
    if sent is not None and is_changing:
        uids = [*uids, *(uid for uid in _uids(sent.getlist("add")) if uid not in uids)][:MOST_ASSETS]
        dropped = set(_uids(sent.getlist("drop")))
        uids = [uid for uid in uids if uid not in dropped] or uids
    typed = (sent.get("q") or "").strip()[:200] if sent is not None and "add" not in sent else ""
    searched = typed if sent is not None and "find" in sent else ""
    seen = {asset.uid: asset for asset in assets_visible_to(actor).filter(uid__in=uids)}
    return Basket(
        items=tuple(known.get(uid) or ItemDraft(asset_id=uid) for uid in uids),
        assets=tuple(seen[uid] for uid in uids if uid in seen),
        typed=typed,
        searched=searched,
        found=tuple(_found(actor, searched, uids)) if searched else (),
        is_changing=is_changing,
    )


def accepted_in(sent: QueryDict) -> Iterator[tuple[UUID, str]]:
    """The agreements ticked in the form, each with the hash of the text that stood there."""
    for value in sent.getlist("accept"):
        uid, _separator, sha256 = value.partition(":")
        found = uid_of(uid)
        if found is not None:
            yield found, sha256


def _uids(texts: Sequence[str]) -> Iterator[UUID]:
    return (uid for text in texts if (uid := uid_of(text)) is not None)


def _found(actor: Actor, searched: str, uids: Sequence[UUID]) -> Any:
    if "\0" in searched:
        return ()
    published = assets_visible_to(actor).filter(state=AssetState.PUBLISHED, name__icontains=searched)
    return published.exclude(uid__in=uids).order_by("name")[:MOST_FOUND]
