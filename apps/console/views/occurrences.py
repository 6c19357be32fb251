"""What happened to data: recording it, what it reaches, what has to be done, and what people attest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from apps.access import queries as access_queries
from apps.access.commands import attest_recall
from apps.access.facts import grant_resource
from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.operations import Operation
from apps.catalog.facts import asset_resource
from apps.catalog.queries import versions_named, versions_of, versions_visible_to
from apps.compliance import commands, queries
from apps.compliance.commands import OccurrenceDraft
from apps.compliance.commands.duties import OPERATION_OF, duty_resource
from apps.compliance.commands.review import record_resource
from apps.compliance.queries import ModelVerdict, OccurrenceState, Owner
from apps.console.forms.house import HouseForm
from apps.console.forms.occurrences import (
    AttestationForm,
    EffectForm,
    EndForm,
    EvidenceForm,
    FailureForm,
    ModelVerdictForm,
    OccurrenceForm,
    RowsForm,
)
from apps.console.page import Page, uid_of
from apps.console.paging import page_of
from apps.kernel.contributions import found_together
from apps.kernel.errors import invalid
from apps.labeling.queries import item_erasures_visible_to
from apps.policy.reason import declare

VERSION_UNKNOWN = declare(
    "OCCURRENCE_VERSION_UNKNOWN",
    "Of these there is no version that you may see, or several bear the name: %(names)s.",
    "Write the name of the asset as the catalog shows it, and the number of the version.",
)


MOST_SHOWN = 20


class Occurrences(Page):
    """Everything that happened to data, the newest first."""

    section = "occurrences"
    template = "console/occurrences/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.occurrences_visible_to(self.actor)
        return self.show({"page": page_of(request, rows), "may_write": self._may_write()})

    def _may_write(self) -> bool:
        return queries.may_write_records(self.actor)


class NewOccurrence(Page):
    section = "occurrences"
    template = "console/occurrences/new.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        place = Resource(kind="organization", organization_id=self.actor.organization_id or 0)
        authorize(actor=self.actor, operation=Operation.EDIT_RECORD, resource=place)
        return self._shown(self._form(initial=self._begun()))

    def _begun(self) -> dict[str, str]:
        """Whoever comes from an asset or a record need not name it again."""
        begun = {"source_id": self.request.GET.get("source", "")}
        asset_id = uid_of(self.request.GET.get("asset", ""))
        known = versions_visible_to(self.actor).filter(asset__uid=asset_id) if asset_id else None
        newest = known.select_related("asset").order_by("-number").first() if known is not None else None
        return {**begun, "versions": f"{newest.asset.name}, v{newest.number}"} if newest else begun

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request.POST)

        def make(given: dict[str, Any]) -> str:
            draft = OccurrenceDraft(
                happening=given["happening"],
                said=given["said"],
                source_id=given["source_id"],
                version_ids=self._versions(form),
                country=given["country"].strip().upper(),
                has_other_ground=given["has_other_ground"],
            )
            organization_id = request.user.organization.uid  # type: ignore[union-attr]
            made = commands.draft_occurrence(actor=self.actor, organization_id=organization_id, draft=draft)
            return reverse("console:occurrence", args=[made.uid])

        if not form.makes(self.actor, make):
            return self._shown(form)
        return redirect(form.address)

    def _versions(self, form: OccurrenceForm) -> list[UUID]:
        wanted = form.named_versions()
        if wanted is None:
            raise invalid("versions", VERSION_UNKNOWN, names="…")
        found = versions_named(self.actor, wanted) if wanted else {}
        missing = [f"{name}, v{number}" for (name, number), rows in found.items() if len(rows) != 1]
        if missing:
            raise invalid("versions", VERSION_UNKNOWN, names="; ".join(missing))
        return [rows[0].uid for rows in found.values()]

    def _form(self, *given: Any, **options: Any) -> OccurrenceForm:
        return OccurrenceForm(*given, **options, records=queries.records_to_rest_on(self.actor))

    def _shown(self, form: OccurrenceForm) -> HttpResponse:
        return self.show({"form": form}, status=form.status)


class Occurrence(Page):
    """One occurrence: what it reaches or would reach, what has to be done, and what may be done with it."""

    section = "occurrences"
    template = "console/occurrences/occurrence.html"

    def get(self, request: HttpRequest, occurrence_id: UUID) -> HttpResponse:
        return self._shown(occurrence_id)

    def post(self, request: HttpRequest, occurrence_id: UUID) -> HttpResponse:
        named = {"actor": self.actor, "occurrence_id": occurrence_id}
        if request.POST.get("act") == "effect":
            effect = EffectForm(request.POST)

            def put(given: dict[str, Any]) -> None:
                commands.put_in_effect(**named, seen_impact=given["seen_impact"] or None)

            if not effect.carries(put):
                return self._shown(occurrence_id, sent=effect)
            messages.success(request, gettext("It is in effect. Access, keys and models follow."))
            return redirect("console:occurrence", occurrence_id)
        form = EndForm(request.POST)
        is_lifting = request.POST.get("act") == "lift"
        end = commands.lift_occurrence if is_lifting else commands.discard_occurrence
        if not form.carries(lambda given: end(**named, **given)):
            return self._shown(occurrence_id, sent=form)
        done = gettext("It holds no more.") if is_lifting else gettext("The draft is given up.")
        messages.success(request, done)
        return redirect("console:occurrence", occurrence_id)

    def _shown(self, occurrence_id: UUID, *, sent: HouseForm | None = None) -> HttpResponse:
        with found_together():
            return self._shown_together(occurrence_id, sent)

    def _shown_together(self, occurrence_id: UUID, sent: HouseForm | None) -> HttpResponse:
        preview = queries.preview_of(self.actor, occurrence_id)
        occurrence = preview.occurrence
        resource = record_resource("occurrence", occurrence)
        may_decide = may(actor=self.actor, operation=Operation.APPROVE_RECORD, resource=resource)
        is_draft = occurrence.state == OccurrenceState.DRAFT
        impact = None
        if is_draft and may_decide:
            impact = commands.impact_of_taking_effect(actor=self.actor, occurrence_id=occurrence_id)
        context = {
            "preview": preview,
            "occurrence": occurrence,
            "duties": () if is_draft else queries.duties_of_occurrence(occurrence),
            "impact": impact,
            "reached": _counted(impact) if impact else (),
            "models": () if is_draft else queries.models_of_occurrence(self.actor, occurrence),
            "recipients": () if is_draft else access_queries.recipients_of(occurrence),
            "is_draft": is_draft,
            "may_decide": may_decide,
            "may_lift": may_decide and occurrence.state == OccurrenceState.IN_EFFECT,
            "end_form": sent if isinstance(sent, EndForm) else EndForm(),
            "form": sent,
        }
        return self.show(context, status=sent.status if sent else 200)


def _counted(impact: Any) -> list[str]:
    """What an occurrence would reach, in words."""
    counts = {kind: sum(1 for each in impact.affected if each.kind == kind) for kind in ("grant", "lease")}
    told = (
        ngettext("%(n)s live grant", "%(n)s live grants", counts["grant"]) % {"n": counts["grant"]},
        ngettext("%(n)s working key", "%(n)s working keys", counts["lease"]) % {"n": counts["lease"]},
    )
    return list(told)


class Duties(Page):
    """What the reader has to do; for who keeps records, also what others have to."""

    section = "duties"
    template = "console/occurrences/duties.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        is_all = request.GET.get("all") == "1"
        asked = queries.duties_visible_to(self.actor) if is_all else queries.duties_asked_of(self.actor)
        context = {
            "page": page_of(request, asked, "due_on"),
            "is_all": is_all,
            "models": list(queries.model_assessments_asked_of(self.actor)[:50]),
            "recalls": list(access_queries.recalls_asked_of(self.actor)[:50]),
        }
        return self.show(context)


class Duty(Page):
    section = "duties"
    template = "console/occurrences/duty.html"

    def get(self, request: HttpRequest, duty_id: UUID) -> HttpResponse:
        return self._shown(duty_id, EvidenceForm())

    def post(self, request: HttpRequest, duty_id: UUID) -> HttpResponse:
        named: dict[str, Any] = {"actor": self.actor, "duty_id": duty_id}
        if "begin" in request.POST:
            commands.begin_duty(**named)
            messages.success(request, gettext("It is on record that the deletion is under way."))
            return redirect("console:duty", duty_id)
        if "fail" in request.POST:
            failure = FailureForm(request.POST)
            if not failure.carries(lambda given: commands.fail_duty(**named, **given)):
                return self._shown(duty_id, EvidenceForm(), failure)
            messages.success(request, gettext("It is on record that the deletion failed."))
            return redirect("console:duty", duty_id)
        form = EvidenceForm(request.POST)
        if not form.carries(lambda given: commands.finish_duty(**named, **given)):
            return self._shown(duty_id, form)
        messages.success(request, gettext("It is on record that this is done."))
        return redirect("console:duties")

    def _shown(self, duty_id: UUID, form: EvidenceForm, failure: FailureForm | None = None) -> HttpResponse:
        duty = queries.duties_visible_to(self.actor).one(duty_id)
        operation = OPERATION_OF[Owner(duty.owner)]
        may_finish = duty.done_at is None and may(
            actor=self.actor, operation=operation, resource=duty_resource(duty)
        )
        told = queries.occurrences_visible_to(self.actor).filter(pk=duty.occurrence.pk)
        newest = None
        if may_finish and duty.asset and duty.code == queries.LEAVE_OUT:
            newest = versions_of(self.actor, duty.asset.uid).order_by("-number").first()
        erasures = list(item_erasures_visible_to(self.actor).filter(duty=duty)[:MOST_SHOWN])
        form.fields["evidence"].initial = _evidence_of(erasures)
        context = {
            "duty": duty,
            "erasures": erasures,
            "form": form,
            "failure": failure or FailureForm(),
            "may_finish": may_finish,
            "is_deletion": may_finish and duty.code in queries.DELETING,
            "may_open": told.exists(),
            "newest": newest,
        }
        return self.show(context, status=(failure or form).status)


def _evidence_of(erasures: Iterable[Any]) -> str:
    """What whoever erased items would otherwise write down by hand."""
    said = gettext(
        "Version %(number)s of %(asset)s, %(at)s UTC: %(items)s items of lists and %(labels)s labels were"
        " erased."
    )
    nothing = gettext("Version %(number)s of %(asset)s, %(at)s UTC: none of their items were here.")
    return "\n".join(
        (nothing if each.none_here else said)
        % {
            "number": each.version.number,
            "asset": each.version.asset.name,
            "at": f"{each.created_at:%Y-%m-%d %H:%M}",
            "items": each.items,
            "labels": each.labels,
        }
        for each in erasures
    )


class Rows(Page):
    """Which rows a version has to leave out, who vouched that it does, and vouching for it."""

    section = "catalog"
    template = "console/occurrences/rows.html"

    def get(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        return self._shown(version_id, RowsForm())

    def post(self, request: HttpRequest, version_id: UUID) -> HttpResponse:
        form = RowsForm(request.POST)
        named = {"actor": self.actor, "asset_version_id": version_id}
        if not form.carries(lambda given: commands.leave_rows_out(**named, **given)):
            return self._shown(version_id, form)
        messages.success(request, gettext("It is on record that the version leaves the rows out."))
        return redirect("console:rows", version_id)

    def _shown(self, version_id: UUID, form: RowsForm) -> HttpResponse:
        held = queries.rows_held(self.actor, version_id)
        resource = asset_resource(held.version.asset)
        may_vouch = may(actor=self.actor, operation=Operation.EXCLUDE_ROWS, resource=resource)
        context = {"held": held, "form": form, "may_vouch": may_vouch and held.is_to_vouch}
        return self.show(context, status=form.status)


class ModelAssessment(Page):
    section = "duties"
    template = "console/occurrences/model.html"

    def get(self, request: HttpRequest, assessment_id: UUID) -> HttpResponse:
        return self._shown(assessment_id, ModelVerdictForm())

    def post(self, request: HttpRequest, assessment_id: UUID) -> HttpResponse:
        form = ModelVerdictForm(request.POST)
        named = {"actor": self.actor, "model_assessment_id": assessment_id}
        if not form.carries(lambda given: commands.assess_model(**named, verdict=ModelVerdict(**given))):
            return self._shown(assessment_id, form)
        messages.success(request, gettext("What becomes of the model is on record."))
        return redirect("console:model-assessment", assessment_id)

    def _shown(self, assessment_id: UUID, form: ModelVerdictForm) -> HttpResponse:
        visible: Any = queries.model_assessments_visible_to(self.actor)
        assessment = visible.one(assessment_id)
        may_decide = assessment.decided_at is None and may(
            actor=self.actor,
            operation=Operation.ASSESS_MODEL,
            resource=asset_resource(assessment.version.asset),
        )
        context = {"assessment": assessment, "form": form, "may_decide": may_decide}
        return self.show(context, status=form.status)


class Recall(Page):
    section = "grants"
    template = "console/occurrences/recall.html"

    def get(self, request: HttpRequest, recall_id: UUID) -> HttpResponse:
        return self._shown(recall_id, AttestationForm())

    def post(self, request: HttpRequest, recall_id: UUID) -> HttpResponse:
        form = AttestationForm(request.POST)
        if not form.carries(lambda given: attest_recall(actor=self.actor, recall_id=recall_id, **given)):
            return self._shown(recall_id, form)
        messages.success(request, gettext("What you said of your copies is on record."))
        return redirect("console:recall", recall_id)

    def _shown(self, recall_id: UUID, form: AttestationForm) -> HttpResponse:
        visible: Any = access_queries.recalls_visible_to(self.actor)
        recall = visible.one(recall_id)
        may_attest = (
            recall.due_on is not None
            and recall.attested_at is None
            and may(
                actor=self.actor,
                operation=Operation.ATTEST_RECALL,
                resource=grant_resource(recall.grant),
            )
        )
        return self.show({"recall": recall, "form": form, "may_attest": may_attest}, status=form.status)
