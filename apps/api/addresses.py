"""The URLs of a resource follow from its handlers."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path

from apps.api.resource import Contract, Resource


def addresses(prefix: str, view: type[Resource]) -> list[URLPattern]:
    """List and create at the prefix, read and change at `{id}`, verbs below; `POST x/{id}/give-back`."""
    collection: dict[str, Any] = {}
    member: dict[str, Any] = {}
    if view.lists:
        collection["get"] = "list"
    if hasattr(view, "create"):
        collection["post"] = "create"
    if view.reads:
        member["get"] = "retrieve"
    if hasattr(view, "partial_update"):
        member["patch"] = "partial_update"
    found = _verbs(prefix, view)
    if collection:
        found.append(path(prefix, view.as_view(collection), name=f"{view.slug}-list"))
    if member:
        found.append(path(f"{prefix}/<uuid:id>", view.as_view(member), name=f"{view.slug}-detail"))
    return found


def _verbs(prefix: str, view: type[Resource]) -> list[URLPattern]:
    found = []
    for verb in sorted(vars(view)):
        contract: Contract | None = getattr(getattr(view, verb), "contract", None)
        if contract is None or verb in {"create", "partial_update"}:
            continue
        word = verb.removesuffix("_").replace("_", "-")
        below = f"{prefix}/{word}" if contract.on_collection else f"{prefix}/<uuid:id>/{word}"
        found.append(path(below, view.as_view({"post": verb}), name=f"{view.slug}-{word}"))
    return found
