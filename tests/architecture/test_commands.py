"""Every change of state has the same shape."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.apps import apps

from apps.audit.command import COMMANDS

for config in apps.get_app_configs():
    if config.name.startswith("apps.") and find_spec(f"{config.name}.commands"):
        import_module(f"{config.name}.commands")

AUTHORIZING = {"authorize", "give", "take"}
"""`give` and `take` are the one way object permissions are given and taken; they authorize."""

DELEGATING = {"access.ask_for_access", "access.ask_separately"}
"""Made of commands that authorize, and does nothing else."""


def names_called(function: Callable[..., Any], *, depth: int = 1) -> set[str]:
    """Names of functions called, also by functions of the same app that are called."""
    called = _calls_in(function)
    if depth == 0:
        return called
    module = inspect.getmodule(function)
    for name in set(called):
        inner = getattr(module, name, None)
        if inspect.isfunction(inner) and inner.__module__ == function.__module__:
            called |= names_called(inner, depth=depth - 1)
    return called


def _calls_in(function: Callable[..., Any]) -> set[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_takes_keywords_only_with_actor_first_and_the_moment_last(name: str) -> None:
    parameters = list(inspect.signature(COMMANDS[name]).parameters.values())
    assert {parameter.kind for parameter in parameters} == {inspect.Parameter.KEYWORD_ONLY}
    assert (parameters[0].name, parameters[-1].name) == ("actor", "at")
    assert parameters[0].default is parameters[-1].default is inspect.Parameter.empty


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - DELEGATING))
def test_a_command_asks_whether_the_actor_may(name: str) -> None:
    assert names_called(COMMANDS[name]) & AUTHORIZING


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_says_what_it_is_for(name: str) -> None:
    assert inspect.getdoc(COMMANDS[name])


def test_the_check_sees_a_command_that_does_not_ask() -> None:
    def careless(*, actor: object, at: object) -> None:
        """Change something."""

    assert not names_called(careless) & AUTHORIZING
