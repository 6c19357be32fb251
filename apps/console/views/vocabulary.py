"""The words that records and classifications are made of: those that ship, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext

from apps.accounts.authorization import Resource, may
from apps.accounts.operations import Operation
from apps.classification.commands import CategoryDraft, add_category, deprecate_category
from apps.classification.errors import TERM_PARENT_UNKNOWN
from apps.classification.queries import categories_in_use
from apps.compliance.commands import ConceptDraft, add_concept, deprecate_concept
from apps.compliance.queries import Facet, concepts_in_use, terms
from apps.console import wording
from apps.console.forms.house import HouseForm
from apps.console.forms.vocabulary import CategoryForm, OutOfUseForm, TermForm
from apps.console.page import Page
from apps.kernel.errors import invalid, not_found


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A term as it is listed."""

    code: str
    label: str
    iri: str
    definition: str
    parents: str
    is_own: bool
    special_kind: str = ""
    is_criminal: bool = False
    asks_biometric_use: bool = False


OWN = frozenset({Facet.CATEGORIES, Facet.PURPOSES})
"""On these decisions rest, so that one's own terms stand in tables."""


class Vocabulary(Page):
    section = "vocabulary"
    template = "console/vocabulary.html"

    def get(self, request: HttpRequest, facet: str = Facet.CATEGORIES.value) -> HttpResponse:
        return self._shown(_facet(facet))

    def post(self, request: HttpRequest, facet: str = Facet.CATEGORIES.value) -> HttpResponse:
        chosen = _facet(facet)
        if chosen not in OWN:
            raise not_found("term")
        is_category = chosen is Facet.CATEGORIES
        if request.POST.get("act") == "out-of-use":
            gone = OutOfUseForm(request.POST)
            if not gone.carries(lambda given: self._deprecate(is_category, **given)):
                return self._shown(chosen, gone=gone)
            messages.success(request, gettext("Nothing new is said with this term."))
            return redirect("console:vocabulary-of", facet)
        form = CategoryForm(request.POST) if is_category else TermForm(request.POST)

        def make(given: dict[str, Any]) -> str:
            if is_category:
                add_category(actor=self.actor, draft=CategoryDraft(**given))
            else:
                add_concept(actor=self.actor, draft=ConceptDraft(**given))
            return reverse("console:vocabulary-of", args=[facet])

        if not form.makes(self.actor, make):
            return self._shown(chosen, form=form)
        messages.success(request, gettext("The term is in use."))
        return redirect(form.address)

    def _deprecate(self, is_category: bool, *, term: str, replaced_by_code: str) -> None:
        rows: Any = categories_in_use(self.actor) if is_category else concepts_in_use(self.actor)
        found = rows.filter(code=term.strip()).first()
        if found is None:
            raise invalid("term", TERM_PARENT_UNKNOWN, term=term.strip())
        named = {"actor": self.actor, "replaced_by_code": replaced_by_code.strip()}
        if is_category:
            deprecate_category(data_category_id=found.uid, **named)
        else:
            deprecate_concept(purpose_concept_id=found.uid, **named)

    def _shown(
        self, facet: Facet, *, form: TermForm | None = None, gone: OutOfUseForm | None = None
    ) -> HttpResponse:
        place = Resource(kind="sensitivity class", organization_id=self.actor.organization_id or 0)
        may_add = may(actor=self.actor, operation=Operation.MANAGE_CLASSES, resource=place)
        sent: HouseForm | None = form or gone
        context = {
            "facet": facet,
            "facets": wording.FACETS,
            "terms": self._terms(facet),
            "may_add": may_add and facet in OWN,
            "term_form": form or (CategoryForm() if facet is Facet.CATEGORIES else TermForm()),
            "gone_form": gone or OutOfUseForm(),
            "form": sent,
        }
        return self.show(context, status=sent.status if sent else 200)

    def _terms(self, facet: Facet) -> list[Shown]:
        if facet not in OWN:
            return [
                Shown(
                    code=term.code,
                    label=term.label,
                    iri=term.iri,
                    definition=term.definition,
                    parents=", ".join(term.parents),
                    is_own=False,
                )
                for term in terms(facet).values()
            ]
        rows: Any = (categories_in_use if facet is Facet.CATEGORIES else concepts_in_use)(self.actor)
        asking = {code for code, term in terms(facet).items() if term.asks_biometric_use}
        return [
            Shown(
                code=row.code,
                label=row.label,
                iri=row.iri,
                definition=row.definition,
                parents=", ".join(sorted(parent.code for parent in row.parents.all())),
                is_own=row.scheme == "local",
                special_kind=row.get_special_kind_display() if facet is Facet.CATEGORIES else "",
                is_criminal=facet is Facet.CATEGORIES and row.is_criminal,
                asks_biometric_use=row.code in asking,
            )
            for row in rows.order_by("code")
        ]


def _facet(word: str) -> Facet:
    if word not in {facet.value for facet in Facet}:
        raise not_found("vocabulary")
    return Facet(word)
