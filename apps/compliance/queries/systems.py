"""What the models of an AI system were made with: as the catalog knows it, beside what the record names."""

from __future__ import annotations

from dataclasses import dataclass

from apps.catalog.models import AssetVersion
from apps.catalog.models.version import InputRole
from apps.catalog.queries import versions_visible_to
from apps.compliance.lifecycle.ai_systems import AiSystemContent
from apps.kernel.actor import Actor

NAMED_AS = {InputRole.TRAINING: "training_versions", InputRole.VALIDATION: "validation_versions"}
"""The field of the record that names an input of that role; base models and sources are not named there."""


@dataclass(frozen=True, kw_only=True)
class MadeWith:
    """An input of a version. `is_named` by the record in the field of its role; `None` where it has none."""

    version: AssetVersion
    role: InputRole
    is_named: bool | None


@dataclass(frozen=True, kw_only=True)
class ModelMade:
    version: AssetVersion
    inputs: tuple[MadeWith, ...]


def made_with(actor: Actor, content: AiSystemContent) -> tuple[ModelMade, ...]:
    """Of each version of a model that the record names and the actor may see. Two queries."""
    if not content.model_versions:
        return ()
    found = versions_visible_to(actor).filter(uid__in=content.model_versions)
    return tuple(
        ModelMade(
            version=version,
            inputs=tuple(
                MadeWith(
                    version=each.input,
                    role=InputRole(each.role),
                    is_named=_is_named(content, each.input, InputRole(each.role)),
                )
                for each in version.inputs.all()
            ),
        )
        for version in found.order_by("asset__name", "number")
    )


def _is_named(content: AiSystemContent, version: AssetVersion, role: InputRole) -> bool | None:
    field = NAMED_AS.get(role)
    return version.uid in getattr(content, field) if field else None
