from __future__ import annotations

from datetime import timedelta

from apps.accounts.roles import Role
from apps.catalog.models import AssetVersion
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.labeling.commands import review_label_set
from tests.api.matrix.row import Call, Row, everybody, only
from tests.factories import catalog, labels, roster
from tests.factories.accounts import World


def to_bring(world: World) -> Call:
    version = labels.labeled_version(world.domain)
    body = {"policy": labels.policy_of(version), "content": labels.in_base64(labels.sound())}
    return Call(path={"version_id": version.uid}, body=body)


def to_bring_later(world: World) -> Call:
    version = labels.labeled_version(world.domain)
    return Call(
        path={"version_id": version.uid},
        query={"policy": labels.policy_of(version)},
        body=labels.sound(),
        content_type="application/octet-stream",
    )


def brought(world: World) -> Call:
    return Call(path={"id": labels.brought(labels.labeled_version(world.domain)).uid})


def to_bring_anew(world: World) -> Call:
    return Call(path=brought(world).path, body={"content": labels.in_base64(labels.sound(wrong=40))})


def to_enter(world: World) -> Call:
    day = (database_now().date() - timedelta(days=3)).isoformat()
    body = {"code": "21", "cleared_rank": 3, "trained_on": day, "undertaking_on": day, "test_score": 0.95}
    policy = roster.policy_about(labels.labeled_version(world.domain))
    return Call(path={"policy_id": policy.uid}, body=body)


def entered(world: World) -> Call:
    policy = roster.policy_about(labels.labeled_version(world.domain))
    return Call(path={"id": roster.entered(policy).uid})


def to_change(world: World) -> Call:
    call = to_enter(world)
    body = {name: value for name, value in call.body.items() if name != "code"}
    return Call(path=entered(world).path, body=body)


def paused(world: World) -> Call:
    version = labels.labeled_version(world.domain)
    row = roster.entered(roster.policy_about(version))
    roster.paused(row, version)
    return Call(path={"id": row.uid}, body={"why": "They were trained anew."})


def to_measure(world: World) -> Call:
    record = roster.policy_about(labels.labeled_version(world.domain, stage="draft"))
    files = [{"content": labels.in_base64(labels.of_pilot()), "labeled_by": ""}]
    return Call(path={"policy_id": record.uid}, body={"files": files})


def measured(world: World) -> Call:
    record = roster.policy_about(labels.labeled_version(world.domain, stage="draft"))
    return Call(path={"id": labels.pilot_measured(record).uid})


KEEP = (Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER)
SEE = (*KEEP, Role.DPO, Role.AUDITOR)
HIDDEN = tuple(role for role in Role if role not in SEE)


def to_list(world: World) -> Call:
    version = catalog.published_asset(world.domain).versions.get()
    return Call(path={"version_id": version.uid}, body={"content": labels.in_base64(labels.listed())})


def listed(world: World) -> Call:
    return Call(path={"id": labels.with_items(catalog.published_asset(world.domain).versions.get()).uid})


def refused(world: World) -> Call:
    return Call(path={"id": labels.refused_file(labels.labeled_version(world.domain)).uid})


def anew(world: World) -> Call:
    version = labels.labeled_version(world.domain)
    first, second = labels.brought(version), labels.brought(version)
    return Call(path={"first_id": first.uid, "id": second.uid})


def version(world: World) -> Call:
    return Call(path={"id": labels.brought(labels.labeled_version(world.domain)).version.uid})


EXPORTING = (Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR)


def to_check(world: World) -> Call:
    counts = {"seeds": 381, "seeds_found": 381, "audited": 300, "direct_identifiers": 0}
    return Call(path={"version_id": catalog.published_asset(world.domain).versions.get().uid}, body=counts)


def checked(world: World) -> Call:
    version = catalog.published_asset(world.domain).versions.get()
    return Call(path={"id": labels.redaction_noted(version).uid})


def to_erase(world: World) -> Call:
    version = catalog.published_asset(world.domain).versions.get()
    body = {"items": ["core-1"], "why": "A person withdrew consent."}
    return Call(path={"version_id": version.uid}, body=body)


def erased(world: World) -> Call:
    version = catalog.published_asset(world.domain).versions.get()
    return Call(path={"id": labels.erased(version, "core-1").uid})


def reviewed(world: World) -> Call:
    made = labels.brought(labels.labeled_version(world.domain))
    return Call(path={"id": review_label_set(actor=SYSTEM, label_set_id=made.uid).uid})


def to_release(world: World) -> Call:
    return Call(path={"version_id": model_to_release(world).uid})


def gate(world: World) -> Call:
    return Call(path={"id": model_to_release(world).uid})


def gate_of_model(world: World) -> Call:
    return Call(path={"id": model_to_release(world).asset.uid})


def released(world: World) -> Call:
    return Call(path={"id": labels.released(model_to_release(world)).uid})


def to_withdraw(world: World) -> Call:
    return Call(**{**vars(released(world)), "body": {"why": "It drifts."}})


def model_to_release(world: World) -> AssetVersion:
    found: AssetVersion = labels.model_of_labels(world.domain).versions.get()
    return labels.releasable(found)


DECIDES = only(Role.OWNER, Role.COMPLIANCE_OFFICER, gets=200, others=403)
ROWS = [
    Row(url="label-imports-list", method="GET", answers=everybody(200)),
    Row(url="label-imports-detail", method="GET", answers=everybody(200), make=refused),
    Row(
        url="label-imports-leave-out",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=200, others=403),
        make=refused,
    ),
    Row(
        url="version-releases-list",
        method="POST",
        answers=only(Role.OWNER, Role.COMPLIANCE_OFFICER, gets=201, others=403),
        make=to_release,
    ),
    Row(url="version-gate", method="GET", answers=everybody(200), make=gate),
    Row(url="model-gate", method="GET", answers=everybody(200), make=gate_of_model),
    Row(url="model-releases-list", method="GET", answers=everybody(200)),
    Row(url="model-releases-detail", method="GET", answers=everybody(200), make=released),
    Row(url="model-releases-withdraw", method="POST", answers=DECIDES, make=to_withdraw),
    Row(
        url="version-labels-list",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=201, others=403),
        make=to_bring,
    ),
    Row(
        url="version-label-imports-list",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=202, others=403),
        make=to_bring_later,
    ),
    Row(
        url="version-items-list",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=201, others=403),
        make=to_list,
    ),
    Row(url="item-lists-list", method="GET", answers=everybody(200)),
    Row(url="item-lists-detail", method="GET", answers=everybody(200), make=listed),
    Row(
        url="version-redaction-checks-list",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=201, others=403),
        make=to_check,
    ),
    Row(url="redaction-checks-list", method="GET", answers=everybody(200)),
    Row(url="redaction-checks-detail", method="GET", answers=everybody(200), make=checked),
    Row(
        url="version-erasures-list",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO, gets=201, others=403),
        make=to_erase,
    ),
    Row(url="item-erasures-list", method="GET", answers=everybody(200)),
    Row(url="item-erasures-detail", method="GET", answers=everybody(200), make=erased),
    Row(
        url="label-sets-import",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=201, others=403),
        make=to_bring_anew,
    ),
    Row(
        url="label-sets-review",
        method="POST",
        answers=only(Role.STEWARD, Role.OWNER, gets=200, others=403),
        make=brought,
    ),
    Row(url="label-set-reviews-list", method="GET", answers=everybody(200)),
    Row(url="label-set-reviews-detail", method="GET", answers=everybody(200), make=reviewed),
    Row(url="label-sets-list", method="GET", answers=everybody(200)),
    Row(url="label-sets-detail", method="GET", answers=everybody(200), make=brought),
    Row(url="label-quality", method="GET", answers=everybody(200), make=brought),
    Row(url="label-changes-detail", method="GET", answers=everybody(200), make=anew),
    Row(url="version-croissant-detail", method="GET", answers=everybody(200), make=version),
    Row(
        url="label-reports-export",
        method="POST",
        answers=only(*EXPORTING, gets=200, others=403),
        make=brought,
    ),
    Row(
        url="labeling-policy-annotators-list",
        method="POST",
        answers=only(*KEEP, gets=201, others=403),
        make=to_enter,
    ),
    Row(
        url="labeling-policy-pilots-list",
        method="POST",
        answers=only(*KEEP, gets=201, others=403),
        make=to_measure,
    ),
    Row(url="pilots-list", method="GET", answers=everybody(200)),
    Row(
        url="pilots-detail",
        method="GET",
        answers=only(*SEE, gets=200, others=404),
        make=measured,
    ),
    Row(url="annotators-list", method="GET", answers=everybody(200)),
    Row(
        url="annotators-detail",
        method="GET",
        answers=only(*SEE, gets=200, others=404),
        make=entered,
    ),
    *(
        Row(
            url=f"annotators-{verb}",
            method="POST",
            answers=only(*KEEP, gets=200, others=403, hidden_from=HIDDEN),
            make=make,
        )
        for verb, make in (("change", to_change), ("end", entered), ("lift", paused))
    ),
]
