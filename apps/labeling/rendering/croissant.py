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
    """What is known of a version. `policy` and `report` are nothing where there is none, or none is seen."""

    version: Any
    url: str
    columns: tuple[Any, ...] = ()
    categories: tuple[str, ...] = ()
    is_personal: bool | None = None
    source: str = ""
    uses: tuple[str, ...] = ()
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
    if sheet.source:
        yield "rai:dataCollection", sheet.source
    yield "rai:personalSensitiveInformation", _sensitive(sheet)
    yield "rai:dataUseCases", list(sheet.uses)
    if sheet.policy is not None:
        yield from _by_policy(sheet.policy.said, sheet.policy)
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


def _by_policy(said: LabelingPolicyContent, policy: Any) -> Iterator[tuple[str, Any]]:
    yield "rai:dataAnnotationProtocol", list(_protocol(said, policy))
    yield "rai:annotationsPerItem", str(said.annotations_per_item or "")
    workforce = str(said.workforce.label) if said.workforce else ""
    yield "rai:annotatorDemographics", [each for each in (workforce, said.qualification) if each]
    tool = " ".join(each for each in (said.machine_tool, said.machine_version) if each)
    yield "rai:machineAnnotationTools", [tool] if tool else []
    if said.is_redacted and said.redaction:
        yield "rai:dataPreprocessingProtocol", [said.redaction]
    if policy.review_due_on:
        ref = policy.legal_record.ref
        yield (
            "rai:dataReleaseMaintenancePlan",
            f"Labeling policy {ref} is reviewed by {policy.review_due_on:%Y-%m-%d}.",
        )


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
    biases = [each for each in report.checks if each.code in BIASES and each.outcome is not Outcome.PASSED]
    yield "rai:dataBiases", _sentences(each.reason for each in biases)
    yield "rai:dataLimitations", _sentences(each.reason for each in report.hindering)


def _analysis(report: Report) -> Iterator[str]:
    yield str(report.sentence)
    for part in report.parts:
        if part["agreement"] is not None and part["lower"] is not None:
            name = words.COEFFICIENTS.get(part["coefficient"], part["coefficient"])
            bounds = f"{part['lower']:.3f} to {part['upper']:.3f}"
            yield f"{name}: {part['agreement']:.3f} (95 % from {bounds})"
    gold = report.figures.get("gold", {})
    if gold.get("total"):
        yield f"Right on gold items: {gold['hits']} of {gold['total']}"


def _sentences(reasons: Iterable[Reason]) -> list[str]:
    return [words.sentence(each) for each in reasons]
