"""How a connection is set up by hand, outside the portal: in steps, each with the text that does it.

Nothing in them is secret. Each provider writes its own; `registry.role_steps` finds them.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.lakes.providers.contract import ConnectionSpec
from apps.lakes.providers.keyring import Duty, variables

ISSUER = "lakewarden-issuer"
"""What the commands call whom keys come from."""


@dataclass(frozen=True, kw_only=True)
class RoleStep:
    """`text` is for a shell, or a document or statements as they stand."""

    slug: str
    title: str | Promise
    text: str


def step(slug: str, title: str | Promise, *commands: tuple[str, ...]) -> RoleStep:
    return RoleStep(slug=slug, title=title, text="\n".join(map(_line, commands)))


def sign_in_step(connection: ConnectionSpec) -> RoleStep:
    """Where the portal looks for the issuer, of a lake that has no administrator of roles."""
    text = "\n".join(f"{name}=" for name in variables(connection, Duty.ISSUER))
    return RoleStep(slug="environment", title=_("Give the portal what it signs in with"), text=text)


def _line(command: tuple[str, ...]) -> str:
    """The first word may be a program with its own options."""
    return " ".join((command[0], *map(shlex.quote, command[1:])))
