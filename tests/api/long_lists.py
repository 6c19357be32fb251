"""Lists of classification, compliance, access and credentials, each with what makes it one row longer."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from apps.access.commands import (
    AgreementTarget,
    ask_requester,
    publish_agreement,
    publish_rulebook,
    recall_grant,
)
from apps.accounts.roles import Role
from apps.catalog.models import AssetKind
from apps.catalog.models.version import InputRole
from apps.classification.commands import Handling, add_class, propose_class
from apps.compliance.commands import map_columns, permit_purpose
from apps.compliance.lifecycle.occurrences import Happening
from apps.compliance.models import Occurrence, PurposeConcept
from apps.credentials.commands import LogPlace
from apps.kernel.actor import SYSTEM, Actor
from apps.labeling.commands import review_label_set
from apps.lakes.providers.logs import LogKind
from apps.policy.rulebook import DEFAULT_RULEBOOK
from tests.api import asking
from tests.factories import catalog, compliance, labels, reviews, roster, views
from tests.factories.accounts import World
from tests.factories.classification import classified, saying
from tests.factories.occurrences import in_effect, made_from
from tests.factories.policies import drafted_policy, replayed
from tests.factories.touches import noted

Maker = Callable[[], object]
Case = Callable[[World], tuple[str, dict[str, object], Maker]]
_numbers = itertools.count(10)


def _simple(path: str, maker: Callable[[World], object]) -> Case:
    return lambda world: (path, {}, lambda: maker(world))


def sensitivity_class(world: World) -> object:
    number = next(_numbers)
    handling = Handling(
        max_grant_days=None,
        max_lease_minutes=None,
        stages=(),
        needs_step_up=False,
        is_auto_ok_allowed=False,
    )
    words = {"code": f"class-{number}", "label": "A class", "definition": "For tests."}
    return add_class(actor=SYSTEM, rank=number, handling=handling, **words)


def ladder_change(world: World) -> object:
    number = next(_numbers)
    handling = Handling(
        max_grant_days=None,
        max_lease_minutes=None,
        stages=(),
        needs_step_up=False,
        is_auto_ok_allowed=True,
    )
    words = {"code": f"class-{number}", "label": "A class", "definition": "For tests."}
    return propose_class(actor=_officer(world), rank=number, handling=handling, **words)


def column_mapping(world: World) -> object:
    brought = compliance.brought_register(world.organization)
    kept = f"Mapping {next(_numbers)}"
    return map_columns(actor=SYSTEM, register_import_id=brought.uid, columns={}, keep_as=kept)


def rulebook(world: World) -> object:
    document = {**DEFAULT_RULEBOOK.as_dict(), "version": f"test-{next(_numbers)}"}
    return publish_rulebook(actor=SYSTEM, document=document)


def classification(world: World) -> tuple[str, dict[str, object], Maker]:
    """Each column classified by the steward, with a lowering that the machine proposes."""
    steward = world[Role.STEWARD].actor
    columns = [f"column {number}" for number in range(20)]
    version = catalog.version(catalog.published_asset(world.domain), columns=columns)
    ahead = iter(columns)

    def make() -> object:
        name = next(ahead)
        classified(version, steward, saying(name, sensitivity_class_code="confidential"))
        return classified(version, SYSTEM, saying(name))

    return f"asset-versions/{version.uid}/classification", {}, make


def proposals(world: World) -> tuple[str, dict[str, object], Maker]:
    _path, _query, make = classification(world)
    return "classification/proposals", {}, make


def permitted(world: World) -> tuple[str, dict[str, object], Maker]:
    version = catalog.published_asset(world.domain).versions.get()
    codes = PurposeConcept.objects.in_use().order_by("code").values_list("code", flat=True).iterator()

    def make() -> object:
        return permit_purpose(actor=SYSTEM, asset_version_id=version.uid, concept_code=next(codes))

    return f"asset-versions/{version.uid}/permitted-purposes", {}, make


def activity(world: World) -> object:
    purpose = compliance.drafted_purpose(world.organization)
    return compliance.drafted_activity(purpose, catalog.published_asset(world.domain))


def leases(world: World) -> tuple[str, dict[str, object], Maker]:
    grant = asking.granted(world)
    return f"grants/{grant.uid}/leases", {}, lambda: asking.leased(world, grant)


def touches(world: World) -> tuple[str, dict[str, object], Maker]:
    """Each of a key of its own."""
    grant = asking.granted(world)
    return f"grants/{grant.uid}/touches", {}, lambda: asking.touched(world, grant)


def lake_logs(world: World) -> tuple[str, dict[str, object], Maker]:
    lease, numbers = asking.leased(world), itertools.count()

    def make() -> object:
        return noted(lease, log=LogPlace(kind=LogKind.RGW, place=f"/run/{next(numbers)}.sock"))

    return f"lakes/{lease.lake.uid}/logs", {}, make


def comments(world: World) -> tuple[str, dict[str, object], Maker]:
    request, owner = asking.waiting(world), world[Role.OWNER].actor
    return (
        f"access-requests/{request.uid}/comments",
        {},
        lambda: ask_requester(actor=owner, request_id=request.uid, text="For which year?"),
    )


def agreement(world: World) -> object:
    asset = catalog.published_asset(world.domain)
    return publish_agreement(
        actor=SYSTEM,
        code=f"dua-{next(_numbers)}",
        title="Use of data",
        text="No sharing.",
        target=AgreementTarget(asset_id=asset.uid),
    )


def _officer(world: World) -> Actor:
    return world[Role.COMPLIANCE_OFFICER].actor


def replays(world: World) -> tuple[str, dict[str, object], Maker]:
    policy_set = drafted_policy(_officer(world))
    return "policy-replays", {}, lambda: replayed(_officer(world), policy_set)


def campaign(world: World) -> object:
    return reviews.drafted(world[Role.COMPLIANCE_OFFICER].actor, world.organization)


def review(world: World) -> object:
    """Each grant in a campaign of its own, besides those that were asked about before."""
    asking.granted(world)
    return reviews.opened(world[Role.COMPLIANCE_OFFICER].actor, world.organization)


def occurrence(world: World) -> Occurrence:
    """With a duty of an officer, and a model that has to be assessed."""
    data = catalog.published_asset(world.domain).versions.get()
    made_from(catalog.asset(world.domain, AssetKind.MODEL), data, role=InputRole.TRAINING)
    return in_effect(world.organization, Happening.UNLAWFUL_COLLECTION, data)


def recall(world: World) -> object:
    grant = asking.granted(world)
    occurred = in_effect(world.organization, Happening.CLASS_RAISED, grant.version)
    return recall_grant(actor=SYSTEM, grant_id=grant.uid, occurrence_id=occurred.uid)


def prepared_view(world: World) -> object:
    return views.asked_for(views.lying(world.domain), world[Role.STEWARD].actor, f"View {next(_numbers)}")


def label_import(world: World) -> object:
    return labels.faulty_file(labels.labeled_version(world.domain))


def model_release(world: World) -> object:
    return labels.released(labels.model_of_labels(world.domain).versions.get())


def annotator(world: World) -> object:
    return roster.entered(roster.policy_about(labels.labeled_version(world.domain)))


def pilot(world: World) -> object:
    return labels.pilot_measured(roster.policy_about(labels.labeled_version(world.domain, stage="draft")))


def label_set(world: World) -> object:
    return labels.brought(labels.labeled_version(world.domain))


def item_list(world: World) -> object:
    return labels.with_items(catalog.published_asset(world.domain).versions.get())


def redaction_check(world: World) -> object:
    return labels.redaction_noted(catalog.published_asset(world.domain).versions.get())


def item_erasure(world: World) -> object:
    return labels.erased(catalog.published_asset(world.domain).versions.get(), "core-1")


def label_set_review(world: World) -> object:
    return review_label_set(
        actor=SYSTEM, label_set_id=labels.brought(labels.labeled_version(world.domain)).uid
    )


LONG_LISTS: dict[str, Case] = {
    "redaction-checks-list": _simple("redaction-checks", redaction_check),
    "item-erasures-list": _simple("item-erasures", item_erasure),
    "label-set-reviews-list": _simple("label-set-reviews", label_set_review),
    "annotators-list": _simple("annotators", annotator),
    "pilots-list": _simple("pilots", pilot),
    "item-lists-list": _simple("item-lists", item_list),
    "model-releases-list": _simple("model-releases", model_release),
    "label-sets-list": _simple("label-sets", label_set),
    "label-imports-list": _simple("label-imports", label_import),
    "prepared-views-list": _simple("prepared-views", prepared_view),
    "register-imports-list": _simple(
        "register-imports", lambda world: compliance.brought_register(world.organization)
    ),
    "column-mappings-list": _simple("column-mappings", column_mapping),
    "occurrences-list": _simple("occurrences", occurrence),
    "duties-list": _simple("duties", occurrence),
    "model-assessments-list": _simple("model-assessments", occurrence),
    "recalls-list": _simple("recalls", recall),
    "request-comments-list": comments,
    "agreements-list": _simple("agreements", agreement),
    "sensitivity-classes-list": _simple("sensitivity-classes", sensitivity_class),
    "ladder-changes-list": _simple("ladder-changes", ladder_change),
    "version-classification-list": classification,
    "classification-proposals-list": proposals,
    "purposes-list": _simple("purposes", lambda world: compliance.drafted_purpose(world.organization)),
    "processing-activities-list": _simple("processing-activities", activity),
    "records-list": _simple(
        "legitimate-interests",
        lambda world: compliance.drafted_record(
            world.organization, "legitimate-interests", compliance.interests_content()
        ),
    ),
    "permitted-purposes-list": permitted,
    "policy-sets-list": _simple("policy-sets", lambda world: drafted_policy(_officer(world))),
    "policy-replays-list": replays,
    "rulebooks-list": _simple("rulebooks", rulebook),
    "access-requests-list": _simple("access-requests", asking.waiting),
    "access-requests-inbox-list": _simple("access-requests/inbox", asking.waiting),
    "grants-list": _simple("grants", asking.granted),
    "leases-list": _simple("leases", asking.touched),
    "grant-leases-list": leases,
    "grant-touches-list": touches,
    "lake-logs-list": lake_logs,
    "overdue-revocations-list": _simple("overdue-revocations", asking.overdue),
    "campaigns-list": _simple("campaigns", campaign),
    "review-items-list": _simple("review-items", review),
}
