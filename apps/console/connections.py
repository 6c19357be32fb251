"""A connection to a lake in words: what was said of it, and what its keys can be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.classification.queries import ladder
from apps.console.wording.lakes import GRANULARITIES, LAKES, OWN_ROLES, REVOCATIONS, LakeWords, Said
from apps.kernel.actor import SYSTEM
from apps.lakes.queries import traits_of

Fact = tuple[Any, str]
UNITS: tuple[tuple[int, Callable[[int], str]], ...] = (
    (86400, lambda count: ngettext("%(count)s day", "%(count)s days", count)),
    (3600, lambda count: ngettext("%(count)s hour", "%(count)s hours", count)),
    (60, lambda count: ngettext("%(count)s minute", "%(count)s minutes", count)),
)


def said_of(lake: Any) -> LakeWords:
    return LAKES[lake.flavor]


def facts_of(lake: Any) -> list[Fact]:
    """Every field of its flavor that is filled, by the label it has in the form."""
    words, traits = LAKES[lake.flavor], traits_of(lake.flavor)
    fields = [(words.fields[name].label, str(getattr(lake, name))) for name in traits.fields]
    said = {name: words.options[name] for name in traits.options}
    options = [(each.label, _told(each, lake.options.get(name, ""))) for name, each in said.items()]
    return [(label, value) for label, value in (*fields, *options) if value]


def _told(said: Said, given: str) -> str:
    if said.kind != "class" or not given:
        return given
    labels = {each.code.casefold(): each.label for each in ladder(SYSTEM)}
    if known := labels.get(given.casefold()):
        return gettext("from «%(label)s» on") % {"label": known}
    return gettext("of every class: there is none called %(code)s") % {"code": given}


def capabilities_shown(lake: Any) -> list[Fact]:
    """What its keys can be; empty where its limits leave no key at all."""
    can = lake.capabilities
    if can is None:
        return []
    shown = [
        (_("A key opens no less than"), str(GRANULARITIES[can.granularity])),
        (_("Shortest key"), duration(can.ttl_min)),
        (_("Longest key"), duration(can.ttl_max)),
        (_("One key can be revoked"), _revocation(can)),
        (_("A key has a role of its own"), str(OWN_ROLES[can.own_role])),
    ]
    if can.expiry_delay:
        shown.append((_("What is open at its end goes on for"), _at_most(can.expiry_delay)))
    if can.most_places is not None:
        shown.append((_("Places one key may open"), gettext("up to %(most)s") % {"most": can.most_places}))
    if can.policy_budget is not None:
        budget = gettext("%(count)s characters") % {"count": can.policy_budget}
        shown.append((_("Largest policy of a key"), budget))
    return shown


def duration(span: timedelta) -> str:
    """In the largest unit that divides it."""
    seconds = int(span.total_seconds())
    for size, words in UNITS:
        if seconds >= size and seconds % size == 0:
            return words(seconds // size) % {"count": seconds // size}
    return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}


def _at_most(span: timedelta) -> str:
    return gettext("at most %(span)s") % {"span": duration(span)}


def _revocation(can: Any) -> str:
    said = str(REVOCATIONS[can.revoke_effect])
    if not can.revoke_delay:
        return said
    return gettext("%(said)s; everywhere within %(span)s") % {
        "said": said,
        "span": duration(can.revoke_delay),
    }
