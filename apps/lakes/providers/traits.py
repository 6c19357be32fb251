"""How flavors differ for people: what a connection is asked for, and what a key of it consists of.

A provider brings its adapter and one `Traits` for each of its flavors, which `registry` lists. The form of a
lake, the page and the API of a fresh key, the variables of the environment and the checks of a connection
read them there. Beside it stand only the words: `apps.console.wording.lakes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

from apps.kernel.errors import InvalidInput
from apps.lakes.providers.contract import ConnectionSpec, Provider
from apps.lakes.providers.keyring import Duty, SecretSource
from apps.lakes.providers.setup import RoleStep
from apps.policy.reason import Reason, declare

FIELD_MISSING = declare(
    "LAKE_FIELD_MISSING",
    "A connection to this kind of lake needs «%(field)s».",
    "Give it, such as %(example)s.",
)
FIELD_NOT_HERE = declare(
    "LAKE_FIELD_NOT_HERE",
    "A connection to this kind of lake has no «%(field)s».",
    "Leave it out, or choose the kind of lake that has it.",
)
OPTION_MALFORMED = declare(
    "LAKE_OPTION_MALFORMED",
    "«%(given)s» cannot be the «%(field)s» of this kind of lake.",
    "Write it such as %(example)s.",
)

FIELDS = ("endpoint", "sts_endpoint", "iam_endpoint", "region", "role_arn")
"""Of every connection, as columns; what one flavor alone has is an option."""
LONGEST_OPTION = 300
OWN_ROLES_FROM = "own_roles_from"
"""The option that names the class of data from which on a key gets a role of its own."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Something a connection of the flavor is asked for. `example` is told where it is missing. `places`: it
    says where keys are made, and so stays while they live."""

    example: str
    is_needed: bool = True
    pattern: str = rf".{{1,{LONGEST_OPTION}}}"
    """The whole grammar of an option. Fields have checks of their own."""
    places: bool = True


@dataclass(frozen=True, kw_only=True)
class Snippet:
    """Code one can paste, with a key in it. Every value is quoted by the rules of its language."""

    id: str
    name: Any
    text: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class FreshKey:
    """The parts of a key and the place it opens: the first, where it opens several."""

    parts: Mapping[str, str] = field(repr=False)
    connection: ConnectionSpec
    bucket: str
    prefix: str
    place: str
    columns: frozenset[str] | None = None
    """None: all of them."""


@dataclass(frozen=True, kw_only=True)
class Unattended:
    """The place that a program opens with keys it takes itself, and by which asset it asks for them."""

    connection: ConnectionSpec
    bucket: str
    prefix: str
    place: str
    asset_id: str


class Whereabouts(Protocol):
    """Where a lake is and of what flavor: its connection, and its row."""

    @property
    def flavor(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    @property
    def region(self) -> str: ...


class Place(Protocol):
    """How a place is written for programs."""

    def __call__(self, endpoint: str, bucket: str, prefix: str) -> str: ...


class Steps(Protocol):
    """How a connection of the flavor is set up by hand; none where nothing is.  Raises: InvalidInput."""

    def __call__(self, connection: ConnectionSpec, *, issuer_arn: str = "") -> tuple[RoleStep, ...]: ...


@dataclass(frozen=True, kw_only=True)
class Traits:
    """What the house knows of a flavor beside its adapter.

    `duties` have their keys in the environment. `parts` are those of a key's secret; of several
    places it may have more of a kind, numbered. `programs`, of lakes whose keys fit the protocol of container
    credentials, is code of programs that refresh them so, in an environment with `surroundings`; of others
    `renewed` is code that takes them anew.
    `keeps_log`: whoever runs the portal can have it read in a
    log of the lake what keys touched. `expect_place` refuses a bucket and prefix that the grammar of both
    admits and the flavor does not have; `allows_underscores` is of its buckets.
    """

    adapter: Callable[[SecretSource], Provider]
    checked: Callable[[ConnectionSpec], ConnectionSpec]
    fields: Mapping[str, Asked]
    options: Mapping[str, Asked] = field(default_factory=lambda: MappingProxyType({}))
    duties: tuple[Duty, ...]
    parts: tuple[str, ...]
    place: Place
    snippets: Callable[[FreshKey], tuple[Snippet, ...]]
    role_steps: Steps
    programs: Callable[[Unattended], tuple[Snippet, ...]] | None = None
    surroundings: Callable[[Whereabouts], Mapping[str, str]] = lambda _at: {}
    renewed: Callable[[Unattended], str] | None = None
    keeps_log: bool = False
    allows_underscores: bool = False
    expect_place: Callable[[str, str], object] = lambda _bucket, _prefix: None

    @property
    def serves_programs(self) -> bool:
        return self.programs is not None

    def faults(self, connection: ConnectionSpec) -> tuple[Reason, ...]:
        """What is missing, malformed or not of this flavor; empty when sound."""
        return tuple(self._faults(connection))

    def _faults(self, connection: ConnectionSpec) -> Iterator[Reason]:
        given = {name: str(getattr(connection, name)) for name in FIELDS}
        yield from _presence(given, self.fields)
        yield from _presence(connection.options, self.options, "options.")
        for name, asked in self.options.items():
            value = connection.options.get(name, "")
            if value and not re.fullmatch(asked.pattern, value, re.ASCII):
                yield _fault(OPTION_MALFORMED, f"options.{name}", name, given=value, example=asked.example)


def expect_sound(connection: ConnectionSpec, traits: Traits) -> None:
    """Every fault of a connection at once, those of its addresses included.  Raises: InvalidInput."""
    faults = traits.faults(connection)
    absent = {reason.field for reason in faults}
    try:
        traits.checked(connection)
    except InvalidInput as wrong:
        faults += tuple(reason for reason in wrong.reasons if reason.field not in absent)
    if faults:
        raise InvalidInput(*faults)


def _presence(given: Mapping[str, str], asked: Mapping[str, Asked], start: str = "") -> Iterator[Reason]:
    for name, each in asked.items():
        if each.is_needed and not given.get(name):
            yield _fault(FIELD_MISSING, f"{start}{name}", name, example=each.example)
    for name, value in given.items():
        if value and name not in asked:
            yield _fault(FIELD_NOT_HERE, f"{start}{name}", name)


def _fault(code: str, place: str, name: str, **facts: str) -> Reason:
    return Reason(code=code, field=place, facts={"field": name, **facts})
