"""Foreign keys point downstairs and leave nothing behind on the lower floor."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from apps.accounts.models import Domain, DomainGroupPermission, DomainUserPermission
from apps.catalog.models import Asset, AssetGroupPermission, AssetUserPermission

ROOT = Path(__file__).resolve().parents[2]
GUARDIANS = {DomainGroupPermission, DomainUserPermission, AssetGroupPermission, AssetUserPermission}


def floors() -> dict[str, int]:
    """The height of each app, as the import contract has it; several may share a floor."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {app.strip(): height for height, layer in enumerate(reversed(layers)) for app in layer.split("|")}


def links() -> Iterator[tuple[type[models.Model], Any]]:
    for model in apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if field.is_relation and field.related_model is not None:
                yield model, field


def crossing() -> list[tuple[type[models.Model], Any]]:
    return [
        (model, field)
        for model, field in links()
        if field.related_model._meta.app_label != model._meta.app_label and model not in GUARDIANS
    ]


@pytest.mark.parametrize(("model", "field"), crossing(), ids=lambda value: getattr(value, "name", str(value)))
def test_a_link_to_another_app_points_down_and_has_no_way_back(model: type[models.Model], field: Any) -> None:
    order = floors()
    target = field.related_model._meta.app_label
    if target in order:
        assert order[target] < order[model._meta.app_label]
    if model._meta.label == "accounts.Account" and field.name in {"groups", "user_permissions"}:
        return  # Django's own mixin
    # Django spells the name of a hidden way back from many to many out, with the plus at its end.
    assert field.remote_field.related_name.endswith("+")


@pytest.mark.django_db
def test_guardian_uses_our_direct_tables() -> None:
    """With a `+` as related name guardian 3.5 would fall back to its generic table without a word."""
    assert get_user_obj_perms_model(Asset) is AssetUserPermission
    assert get_group_obj_perms_model(Asset) is AssetGroupPermission
    assert get_user_obj_perms_model(Domain) is DomainUserPermission
    assert get_group_obj_perms_model(Domain) is DomainGroupPermission
