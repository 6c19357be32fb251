"""`docs/providers.md`: which provider can do what, and what proves it.

`python3 manage.py test tests/lakes/test_provider_table.py --write-docs` writes the page; an ordinary run
fails where the page and the suites differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from apps.lakes.providers.contract import Access, Capabilities, Flavor, Granularity, OwnRole, RevokeEffect
from apps.lakes.providers.registry import provider_for
from apps.lakes.providers.s3.flavors import OPTIONS
from tests.lakes import (
    matrix,
    test_azurite,
    test_ceph_objects,
    test_ceph_own_roles,
    test_ceph_scope,
    test_ceph_sessions,
    test_contract,
    test_warehouse_scope,
    test_warehouse_sessions,
)
from tests.lakes.promises import CONTENDERS, excused, promise_of
from tests.lakes.test_traits import example_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "providers.md"
NAMES = {
    Flavor.AWS: "AWS",
    Flavor.CEPH: "Ceph RGW",
    Flavor.MINIO: "MinIO",
    Flavor.DEMO: "demo lake",
    Flavor.AZURE: "Azure Gen2",
    Flavor.GCS: "Google Cloud Storage",
    Flavor.POSTGRES: "PostgreSQL",
}
TRIED_ON = {
    Flavor.AWS: "documents and stand-ins",
    Flavor.CEPH: "a real gateway, 16.2",
    Flavor.MINIO: "documents and stand-ins",
    Flavor.DEMO: "its own process",
    Flavor.AZURE: "its library's vectors, a stand-in, Azurite for whole containers",
    Flavor.GCS: "documents and a stand-in; what the cloud enforces is untried",
    Flavor.POSTGRES: "real servers, 15 and 18",
}
OF_COLUMNS = {Granularity.PREFIX: "no: whole files", Granularity.COLUMN: "columns; rows by a view"}
OF_OWN_ROLE = {
    OwnRole.NEVER: "no",
    OwnRole.ON_DEMAND: "from a class of data on that the connection names",
    OwnRole.ALWAYS: "always",
}
WORDS_OF_EFFECT = {
    RevokeEffect.IMMEDIATE: "at once",
    RevokeEffect.AT_EXPIRY: "no: it lives to its end",
    RevokeEffect.NO_REFRESH: "no: it is not renewed",
}


def test_the_page_is_what_the_suites_prove(pytestconfig: pytest.Config) -> None:
    page = "\n".join(_page()) + "\n"
    if pytestconfig.getoption("--write-docs"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page


def test_every_test_of_the_contract_proves_something_and_nothing_twice() -> None:
    promises = [promise_of(test) for _, test in _tests_of(test_contract)]
    assert None not in promises
    assert len(set(promises)) == len(promises)


def _page() -> Iterator[str]:
    yield "# Providers of keys"
    yield ""
    yield "Written by `python3 manage.py test tests/lakes/test_provider_table.py --write-docs`"
    yield "from the adapters and the suites; why it is so stands in [024](decisions/024-providers.md)."
    yield ""
    yield "## What each can do"
    yield ""
    yield "The same values are on the page of a lake, in the API, and in the limits of every key."
    yield ""
    yield from _table(["", *NAMES.values()], _capabilities())
    yield ""
    yield "Where documents and stand-ins are all there is, the test of the lake connection puts the same"
    yield "questions to the server itself: inside allowed, outside denied, no role from a key, its end."
    yield ""
    yield "## What each is held to"
    yield ""
    yield "One suite, `tests/lakes/test_contract.py`, run against each of them:"
    yield ""
    yield from _table(["promise", *CONTENDERS.values(), "proof"], _promises())
    yield ""
    yield "## What else is tried on the real gateway"
    yield ""
    yield from _table(["what", "proof"], _on_the_gateway())
    yield ""
    yield "## What is tried on the emulator of Azure Storage"
    yield ""
    yield "It takes the key that signs, and refuses every signature for a directory; so whole containers are"
    yield "signed here, which the adapter never does. None knows the boundaries of Google Cloud Storage."
    yield ""
    yield from _table(["what", "proof"], _on_the_emulator())
    yield ""
    yield "## What else is tried on real warehouses"
    yield ""
    yield from _table(["what", "proof"], _on_warehouses())


def _capabilities() -> Iterator[list[str]]:
    of = {flavor: _capabilities_of(flavor) for flavor in NAMES}
    rows: Mapping[str, list[str]] = {
        "what a key can be narrowed to": [each.granularity.value for each in of.values()],
        "shortest key": [_duration(each.ttl_min) for each in of.values()],
        "longest key": [_duration(each.ttl_max) for each in of.values()],
        "one key can be ended before its time": [_ending(each) for each in of.values()],
        "what is open when it ends": [_outlasting(each) for each in of.values()],
        "a role for a single key, deleted with it": [OF_OWN_ROLE[each.own_role] for each in of.values()],
        "largest policy, in characters": [
            f"{each.policy_budget:,}" if each.policy_budget else "–" for each in of.values()
        ],
        "places one key may open": [_places(each) for each in of.values()],
        "the trust of its role can ask for the ExternalId": [_knows_external_id(flavor) for flavor in of],
        "single columns or rows": [OF_COLUMNS[each.granularity] for each in of.values()],
        "tried on": [TRIED_ON[flavor] for flavor in of],
    }
    for name, cells in rows.items():
        yield [name, *cells]


def _capabilities_of(flavor: Flavor) -> Capabilities:
    connection = example_of(flavor)
    return provider_for(connection).capabilities(connection)


def _knows_external_id(flavor: Flavor) -> str:
    if flavor not in OPTIONS or not OPTIONS[flavor].keeps_role_policies:
        return "it has none"
    return "yes" if OPTIONS[flavor].knows_external_id else "no"


def _promises() -> Iterator[list[str]]:
    for name, test in _tests_of(test_contract):
        cells = [excused(test).get(contender, "yes") for contender in CONTENDERS]
        yield [str(promise_of(test)), *cells, f"`{name}`"]


def _on_the_gateway() -> Iterator[list[str]]:
    trial = matrix.Trial(s3=None, bucket="one", other="two")
    inside, written, outside = (len(part(trial)) for part in (matrix.inside, matrix.writing, matrix.outside))
    keys = " and ".join(f"a {access.value} key" for access in Access)
    yield [
        f"for {keys}: {inside} operations inside are open, {written} that write are for writers,"
        f" {outside} outside are refused",
        "`test_ceph_scope.py`",
    ]
    yield from _proofs(test_ceph_scope, test_ceph_sessions, test_ceph_own_roles, test_ceph_objects)


def _on_the_emulator() -> Iterator[list[str]]:
    for name, _ in _tests_of(test_azurite):
        yield [_sentence(name), "`test_azurite.py`"]


def _on_warehouses() -> Iterator[list[str]]:
    ways = (test_warehouse_scope.OPEN, test_warehouse_scope.SHUT, test_warehouse_scope.WRITING)
    reading, hidden, writing = (len(each) for each in ways)
    yield [
        f"for a key to columns: {reading} ways of reading them are open, {hidden} of reaching another and"
        f" {writing} of writing are refused",
        "`test_warehouse_scope.py`",
    ]
    yield from _proofs(test_warehouse_scope, test_warehouse_sessions)


def _proofs(*modules: ModuleType) -> Iterator[list[str]]:
    for module in modules:
        for name, _ in _tests_of(module):
            yield [_sentence(name), f"`{module.__name__.rpartition('.')[2]}.py`"]


def _tests_of(module: ModuleType) -> Iterator[tuple[str, object]]:
    """In the order in which they are written."""
    for name, value in vars(module).items():
        if name.startswith("test_") and callable(value):
            yield name, value


def _table(head: list[str], rows: Iterator[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _ending(of: Capabilities) -> str:
    words = WORDS_OF_EFFECT[of.revoke_effect]
    if of.revoke_effect is not RevokeEffect.IMMEDIATE or not of.revoke_delay:
        return words
    return f"{words}, everywhere within {_duration(of.revoke_delay)}"


def _outlasting(of: Capabilities) -> str:
    return f"is ended by the portal within {_duration(of.expiry_delay)}" if of.expiry_delay else "is refused"


def _places(of: Capabilities) -> str:
    if of.most_places:
        return str(of.most_places)
    return "as the policy allows" if of.policy_budget else "any number"


def _duration(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _sentence(name: str) -> str:
    return name.removeprefix("test_").replace("control_", "control: ").replace("_", " ")
