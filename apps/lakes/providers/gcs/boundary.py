"""The boundary: what one token may do, and nothing else.

The effective right is the account's rights within the boundary. A rule opens one prefix of one bucket:
objects by their names, lists by the prefix that is asked for; a list without a prefix fits no rule.
Source: Google Cloud IAM, "Credential Access Boundaries" and "Downscope with Credential Access Boundaries";
the size is that of the field `options` in the reference of the Security Token Service.
"""

from __future__ import annotations

import json

from apps.kernel.errors import ProviderFailure
from apps.lakes.providers.contract import Access, Scope
from apps.lakes.providers.limits import POLICY_OVER_BUDGET
from apps.policy.reason import Reason

MOST_RULES = 10
BUDGET = 4096
"""In characters, of the whole document."""
ROLES = {Access.READ: "inRole:roles/storage.objectViewer", Access.WRITE: "inRole:roles/storage.objectUser"}
_PLAIN = frozenset("!_.()/=+-")


def boundary(scopes: tuple[Scope, ...]) -> str:
    """As compact ASCII JSON."""
    rules = {"accessBoundaryRules": [_rule(scope) for scope in scopes]}
    return json.dumps({"accessBoundary": rules}, separators=(",", ":"), ensure_ascii=True)


def fitting_boundary(scopes: tuple[Scope, ...]) -> str:
    """The boundary, if it keeps to the budget.

    Raises: ProviderFailure (permanent) that says how to split.
    """
    document = boundary(scopes)
    if len(document) <= BUDGET:
        return document
    count = len(scopes)
    while count > 0 and len(boundary(scopes[:count])) > BUDGET:
        count -= 1
    facts = {"scopes": len(scopes), "length": len(document), "budget": BUDGET, "fitting": count}
    raise ProviderFailure(Reason(code=POLICY_OVER_BUDGET, facts=facts), is_transient=False)


def quoted(text: str) -> str:
    """A string of the Common Expression Language. What is no letter, digit or harmless sign of a prefix is
    written by its number, so that nothing can end the string."""
    return "'" + "".join(_letter(letter) for letter in text) + "'"


def _letter(letter: str) -> str:
    if letter.isascii() and (letter.isalnum() or letter in _PLAIN):
        return letter
    number = ord(letter)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def _rule(scope: Scope) -> dict[str, object]:
    bucket, prefix = scope.bucket.text, scope.prefix.text
    objects = quoted(f"projects/_/buckets/{bucket}/objects/{prefix}")
    lists = "api.getAttribute('storage.googleapis.com/objectListPrefix', '')"
    return {
        "availableResource": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "availablePermissions": [ROLES[scope.access]],
        "availabilityCondition": {
            "expression": f"resource.name.startsWith({objects}) || {lists}.startsWith({quoted(prefix)})"
        },
    }
