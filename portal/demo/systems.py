"""The AI systems of the demo: what is trained and used for which purpose, and where its data come from."""

from __future__ import annotations

from typing import Any

from apps.catalog.models import Asset
from apps.compliance.commands import Origin, state_origin
from apps.compliance.lifecycle.ai_systems import AiSystemContent, OrgRole, PersonalData, RiskClass
from apps.compliance.models import Purpose
from portal.demo.catalog import Registered
from portal.demo.people import Company
from portal.demo.records import sign

OUR_OWN = ("Well logs", "Core photographs")
TRIALS: dict[str, Any] = {
    "version_label": "Trials",
    "role": OrgRole.PROVIDER,
    "risk_class": RiskClass.EXPERIMENT,
    "is_profiling": False,
    "needs_transparency": False,
    "is_gpai": False,
    "personal_data": PersonalData.NO,
    "corrects_bias": False,
}


def keep_systems(
    company: Company, assets: dict[str, Registered], purposes: dict[str, Purpose], photographs: Asset
) -> None:
    """Trials with rocks, of which the models may be released, and a score of customers."""
    for name in OUR_OWN:
        origin = Origin(source="Our own wells; no agreement binds them.")
        state_origin(actor=company["officer"], asset_version_id=assets[name].version.uid, origin=origin)
    rock = (purposes["rock"].uid,)
    logs = AiSystemContent(
        name="Rock types from logs",
        intended_purpose="To see how well rock types are told apart. No system is put into service.",
        purposes=rock,
        models=(assets["Lithology classifier"].asset.uid,),
        **TRIALS,
    )
    cores = AiSystemContent(
        name="Rock types from core photographs",
        intended_purpose="To see whether photographs tell rocks apart. No system is put into service.",
        purposes=rock,
        models=(photographs.uid,),
        **TRIALS,
    )
    churn = AiSystemContent(
        name="Churn score",
        version_label="1",
        intended_purpose="To call customers who are about to leave. Nothing else follows from the score.",
        purposes=(purposes["churn"].uid,),
        models=(assets["Churn predictor"].asset.uid,),
        role=OrgRole.DEPLOYER,
        risk_class=RiskClass.MINIMAL,
        is_profiling=True,
        needs_transparency=False,
        is_gpai=False,
        personal_data=PersonalData.YES,
        corrects_bias=False,
    )
    for content in (logs, churn, cores):
        sign(company, "ai-systems", content)
