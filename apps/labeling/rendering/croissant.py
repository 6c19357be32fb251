"""A version of a dataset in Croissant 1.0 with its vocabulary for responsible AI, as JSON-LD.

What records do not say is left out, never guessed; what a labeling policy says is told to those who may read
the policy. Described at docs.mlcommons.org/croissant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from apps.compliance.lifecycle.labeling import LabelingPolicyContent
from apps.labeling.checks.terms import Outcome
from apps.labeling.imports.annotation import Format
from apps.labeling.rendering import words
from apps.labeling.rendering.report import Report
from apps.labeling.rendering.usage import PREFIXES
from apps.policy.reason import Reason

CONFORMS_TO = ("http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0")
_CR, _RAI = "http://mlcommons.org/croissant/", "http://mlcommons.org/croissant/RAI/"
_CROISSANT_TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet"),
    *("format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet"),
    *(
        "references",
        "regex",
        "repeated",
        "replace",
        "samplingRate",
        "separator",
        "source",
        "subField",
        "transform",
    ),
)
CONTEXT: Mapping[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": _CR,
    "rai": _RAI,
    "dct": "http://purl.org/dc/terms/",
    **PREFIXES,
    **{term: f"cr:{term}" for term in _CROISSANT_TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
TYPES = {
    "sc:Boolean": ("bool",),
    "sc:Date": ("date", "time"),
    "sc:Integer": ("int", "serial"),
    "sc:Float": ("float", "double", "decimal", "numeric", "real", "number"),
}
"""By what a type of a column has in its name; any other is text."""
ENCODINGS = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonl": "application/jsonlines",
    "parquet": "application/x-parquet",
    "tsv": "text/tab-separated-values",
    "zip": "application/zip",
}
PLATFORMS = {
    Format.LABEL_STUDIO.value: "Label Studio",
    Format.CVAT.value: "CVAT",
    Format.COCO.value: "A tool that writes COCO",
}
BIASES = ("L06", "L09")
DATA = "data"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is known of a version. `policy` and `report` are nothing where there is none, or none is seen;
    `serves` are the names of the purposes that the labels serve, `teams` and `countries` those of people who
    label, so many in each that nobody is singled out; `ends` tells until when data may be kept or used."""

    version: Any
    url: str
    columns: tuple[Any, ...] = ()
    categories: tuple[str, ...] = ()
    is_personal: bool | None = None
    source: str = ""
    uses: tuple[str, ...] = ()
    usage: tuple[dict[str, Any], ...] = ()
    serves: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    policy: Any = None
    report: Report | None = None


def croissant(sheet: Sheet) -> dict[str, Any]:
    """In English, whoever reads it: programs do."""
    with override("en"):
        return {key: value for key, value in _parts(sheet) if value not in (None, "", [], ())}


def _parts(sheet: Sheet) -> Iterator[tuple[str, Any]]:
    version, asset = sheet.version, sheet.version.asset
    yield "@context", dict(CONTEXT)
    yield "@type", "sc:Dataset"
    yield "conformsTo", list(CONFORMS_TO)
    yield "@id", sheet.url
    yield "name", asset.name
    yield "description", asset.description or asset.name
    yield "url", sheet.url
    yield "version", f"{version.number}.0.0"
    yield "datePublished", f"{asset.published_at or version.created_at:%Y-%m-%d}"
    yield "creator", {"@type": "sc:Organization", "name": asset.organization.name}
    yield "keywords", [asset.domain.name]
    yield "usageInfo", list(sheet.usage)
    yield from _contents(sheet)
    yield from _responsible(sheet)


def _contents(sheet: Sheet) -> Iterator[tuple[str, Any]]:
    """Where the data lie in the lake, where their hash is known, and what columns they have. The portal has
    no address from which they come: it hands out keys and no bytes."""
    location, sha256 = sheet.version.location, sheet.version.content_sha256
    if location is None or not sha256:
        return
    ending = location.prefix.rstrip("/").rpartition(".")[2].lower()
    file = {
        "@type": "cr:FileObject",
        "@id": DATA,
        "name": DATA,
        "description": f"It lies in the lake and opens with a key, which the portal gives at {sheet.url}",
        "contentUrl": f"s3://{location.bucket}/{location.prefix}",
        "encodingFormat": ENCODINGS.get(ending, "application/octet-stream"),
        "sha256": sha256,
    }
    yield "distribution", [file]
    if sheet.columns:
        fields = [_field(column) for column in sheet.columns]
        yield "recordSet", [{"@type": "cr:RecordSet", "@id": "rows", "name": "rows", "field": fields}]


def _field(column: Any) -> dict[str, Any]:
    told = {
        "@type": "cr:Field",
        "@id": f"rows/{column.name}",
        "name": column.name,
        "dataType": data_type(column.data_type),
        "source": {"fileObject": {"@id": DATA}, "extract": {"column": column.name}},
    }
    return {**told, "description": column.description} if column.description else told


def data_type(named: str) -> str:
    """A type of Croissant for one of a lake."""
    word = named.lower()
    return next((code for code, parts in TYPES.items() if any(part in word for part in parts)), "sc:Text")


def _responsible(sheet: Sheet) -> Iterator[tuple[str, Any]]:
    """Those that come from several sources once each, with what all of them say."""
    said = sheet.policy.said if sheet.policy is not None else None
    if sheet.source:
        yield "rai:dataCollection", sheet.source
    yield "rai:personalSensitiveInformation", _sensitive(sheet)
    yield "rai:dataUseCases", [*sheet.uses, *(f"The labels serve: {each}" for each in sheet.serves)]
    yield "rai:dataReleaseMaintenancePlan", [*_maintained(said, sheet.policy), *sheet.ends]
    yield "rai:annotationsPerItem", _per_item(said, sheet.report)
    yield "rai:dataBiases", [*_compared(said), *_biased(sheet.report)]
    if said is not None:
        yield from _by_policy(said, sheet)
    if sheet.report is not None:
        yield from _by_report(sheet.report)
    elif sheet.policy is not None:
        ref = sheet.policy.legal_record.ref
        yield "rai:dataLimitations", [f"No labels were measured yet under the labeling policy {ref}."]


def _sensitive(sheet: Sheet) -> list[str]:
    told = list(sheet.categories)
    if sheet.is_personal is False:
        told.append("The data are not about people.")
    if sheet.policy is not None:
        labels = ", ".join(each.id for each in sheet.policy.said.labels if each.is_sensitive)
        told += [f"Labels that say something sensitive about people: {labels}"] if labels else []
    return told


def _by_policy(said: LabelingPolicyContent, sheet: Sheet) -> Iterator[tuple[str, Any]]:
    yield "rai:dataAnnotationProtocol", "\n".join(_protocol(said, sheet.policy))
    yield "rai:annotatorDemographics", list(_people(said, sheet))
    yield "rai:dataSocialImpact", "\n".join(_impact(said))
    tool = " ".join(each for each in (said.machine_tool, said.machine_version) if each)
    yield "rai:machineAnnotationTools", [tool] if tool else []
    if said.is_redacted and said.redaction:
        yield "rai:dataPreprocessingProtocol", [said.redaction]


def _people(said: LabelingPolicyContent, sheet: Sheet) -> Iterator[str]:
    if said.workforce:
        yield str(said.workforce.label)
    if said.qualification:
        yield said.qualification
    if said.countries:
        yield f"People may label from: {said.countries}"
    if sheet.teams:
        yield f"Groups of those who label: {', '.join(sheet.teams)}"
    if sheet.countries:
        yield f"Countries from which they label: {', '.join(sheet.countries)}"


def _impact(said: LabelingPolicyContent) -> Iterator[str]:
    if said.is_high_risk:
        yield "The labels are for a system of high risk (Art. 6 AI Act)."
    if said.is_subjective:
        yield "What is labeled is a matter of judgment."
    if said.has_hard_content:
        shown = f": {said.hard_content}" if said.hard_content else "."
        yield f"What is labeled can harm those who look at it{shown}"
    if said.fairness:
        yield f"Pay and time of those who label: {said.fairness}"


def _maintained(said: LabelingPolicyContent | None, policy: Any) -> Iterator[str]:
    if said is None:
        return
    ref = policy.legal_record.ref
    if policy.review_due_on:
        yield f"Labeling policy {ref} is reviewed by {policy.review_due_on:%Y-%m-%d}."
    if policy.effective_to:
        yield f"Labeling policy {ref} holds until {policy.effective_to:%Y-%m-%d}, that day left out."
    if said.gold_days:
        yield f"Gold is renewed after {said.gold_days} days."
    if said.visibility:
        yield f"Who sees the labels: {said.visibility}"


def _per_item(said: LabelingPolicyContent | None, report: Report | None) -> str:
    """The measured number stands first. Sets that were kept before answers were counted have none."""
    asked = said.annotations_per_item if said is not None else None
    figures = report.figures if report is not None else {}
    answers, labeled = figures.get("answers"), figures.get("labeled")
    if answers is None or not labeled:
        return f"{asked} asked for by the labeling policy, not measured" if asked else ""
    told = f"{answers / labeled:.2f} measured: {answers} annotations of people on {labeled} labeled items"
    alone = figures.get("machine_items", 0) - figures.get("verified", 0)
    told += f", {alone} of them labeled by a machine alone" if alone else ""
    return f"{told}; {asked} asked for by the labeling policy" if asked else told


def _compared(said: LabelingPolicyContent | None) -> Iterator[str]:
    if said is not None and said.subgroups:
        yield f"Groups that are compared: {said.subgroups}"


def _biased(report: Report | None) -> Iterator[str]:
    if report is not None:
        found = (each for each in report.checks if each.code in BIASES)
        yield from _sentences(each.reason for each in found if each.outcome is not Outcome.PASSED)


def _protocol(said: LabelingPolicyContent, policy: Any) -> Iterator[str]:
    yield f"Labeling policy {policy.legal_record.ref}, version {policy.number}"
    if said.task:
        yield f"Task: {said.task.label}"
    if said.guideline:
        version = f", version {said.guideline_version}" if said.guideline_version else ""
        sha256 = f", SHA-256 {said.guideline_sha256}" if said.guideline_sha256 else ""
        yield f"Guideline: {said.guideline}{version}{sha256}"
    for label in said.labels:
        yield f"{label.id}: {label.definition}"
    if said.adjudication:
        yield f"Who settles what differs: {said.adjudication.label}"


def _by_report(report: Report) -> Iterator[tuple[str, Any]]:
    platform = PLATFORMS.get(report.label_set.format)
    yield "rai:dataAnnotationPlatform", [platform] if platform else []
    yield "rai:dataAnnotationAnalysis", list(_analysis(report))
    yield "rai:dataManipulationProtocol", "\n".join(_removed(report))
    yield "rai:dataLimitations", _sentences(each.reason for each in report.hindering)


def _analysis(report: Report) -> Iterator[str]:
    yield str(report.sentence)
    for part in report.parts:
        if part["agreement"] is not None and part["lower"] is not None:
            name = words.COEFFICIENTS.get(part["coefficient"], part["coefficient"])
            bounds = f"{part['lower']:.3f} to {part['upper']:.3f}"
            yield f"{name}: {part['agreement']:.3f} (95 % from {bounds})"
    for group in report.figures.get("groups", ()):
        if group["value"] is not None and group["lower"] is not None:
            bounds = f"{group['lower']:.3f} to {group['upper']:.3f}"
            yield f"Agreement within {group['name']}: {group['value']:.3f} (95 % from {bounds})"
    gold = report.figures.get("gold", {})
    if gold.get("total"):
        yield f"Right on gold items: {gold['hits']} of {gold['total']}"


def _removed(report: Report) -> Iterator[str]:
    if report.label_set.left_out:
        yield f"Faulty answers that were left out: {report.label_set.left_out}"
    if report.label_set.addresses_removed:
        yield f"Addresses of people that were removed: {report.label_set.addresses_removed}"


def _sentences(reasons: Iterable[Reason]) -> list[str]:
    return [words.sentence(each) for each in reasons]
