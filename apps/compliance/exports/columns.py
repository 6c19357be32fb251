"""The columns of the two registers of Art. 30, in their order, and what stands in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from apps.compliance.exports import cells
from apps.compliance.exports.entry import MISSING, Absent, Entry, Party, Served
from apps.compliance.exports.words import MEASURES, RECIPIENTS, article
from apps.compliance.lifecycle.activity import RecipientKind, Role


class Articles(StrEnum):
    """Which register: that of a controller, or that of a processor."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"


@dataclass(frozen=True, kw_only=True)
class Column:
    """`name` stands in the first line; `article` is what demands it. What a cell says is of the entry, or of
    whom it is done for."""

    name: str
    label: str
    article: str
    of_entry: Callable[[Entry], str] | None = None
    of_served: Callable[[Served], str] | None = None


def _column(name: str, label: str, law: str, cell: Callable[[Entry], str]) -> Column:
    return Column(name=name, label=label, article=law, of_entry=cell)


def _recipient(kind: RecipientKind, name: str) -> str:
    return f"{RECIPIENTS[kind]} ({name})" if name else RECIPIENTS[kind]


def _recipients(entry: Entry) -> str:
    if isinstance(entry.recipients, Absent):
        return entry.recipients.value
    return cells.many(_recipient(each.kind, each.party) for each in entry.recipients)


def _special(entry: Entry) -> str:
    found = [f"{each.special} (Art. 9(1))" for each in entry.categories if each.special]
    found += [f"{each.label} (Art. 10)" for each in entry.categories if each.is_criminal]
    if found:
        return f"Yes: {cells.many(found)}"
    return "No" if entry.is_classified else MISSING


def _bases(entry: Entry) -> str:
    return cells.many(f"{aim.name}: {article(aim.basis) if aim.basis else MISSING}" for aim in entry.aims)


def _art9(entry: Entry) -> str:
    named = any(aim.art9_conditions for aim in entry.aims)
    if not entry.is_special and not named:
        return Absent.NOT_APPLICABLE.value if entry.is_classified else MISSING
    return cells.many(
        f"{aim.name}: {told}"
        for aim in entry.aims
        for told in (tuple(map(article, aim.art9_conditions)) or (MISSING,))
    )


def _art10(entry: Entry) -> str:
    named = any(aim.art10_authority for aim in entry.aims)
    if not entry.is_criminal and not named:
        return Absent.NOT_APPLICABLE.value if entry.is_classified else MISSING
    return cells.many(f"{aim.name}: {aim.art10_authority or MISSING}" for aim in entry.aims)


def _lia(entry: Entry) -> str:
    resting = [aim for aim in entry.aims if aim.basis == "6(1)(f)"]
    if entry.aims and not resting:
        return Absent.NOT_APPLICABLE.value
    return cells.many(aim.lia or MISSING for aim in resting)


def _transfers(entry: Entry) -> str:
    if isinstance(entry.transfers, Absent):
        return entry.transfers.value
    return cells.many(map(cells.transfer, entry.transfers))


def _safeguards(entry: Entry) -> str:
    if isinstance(entry.transfers, Absent):
        return Absent.NOT_APPLICABLE.value
    return cells.many(map(cells.safeguard, entry.transfers))


def _joint(entry: Entry) -> str:
    if isinstance(entry.joint_controllers, Absent):
        return entry.joint_controllers.value
    return cells.many(map(cells.party, entry.joint_controllers))


def _datasets(entry: Entry) -> str:
    return cells.many(
        f"{each.name} v{MISSING if each.version is None else each.version}" for each in entry.datasets
    )


def _sub_processors(entry: Entry) -> str:
    if isinstance(entry.recipients, Absent):
        return entry.recipients.value
    found = [each for each in entry.recipients if each.kind is RecipientKind.SUB_PROCESSOR]
    if entry.recipients and not found:
        return Absent.NONE.value
    return cells.many(f"{each.party or MISSING} ({each.country or MISSING})" for each in found)


def _reviewed(entry: Entry) -> str:
    return entry.last_reviewed.isoformat() if entry.last_reviewed else MISSING


def _contract(served: Served) -> str:
    return f"{served.contract_ref} (Art. 28(3))" if served.contract_ref.strip() else MISSING


def _first(letter: str) -> tuple[Column, ...]:
    return (
        _column("record_ref", "Record", letter, lambda entry: entry.ref),
        _column("record_version", "Version", letter, lambda entry: str(entry.version)),
        _column("record_status", "Status", letter, lambda entry: entry.status),
    )


def _measures(entry: Entry) -> str:
    if not entry.measures:
        return cells.one(entry.no_measures)
    return cells.many(MEASURES[each] for each in entry.measures)


def _time_limits(entry: Entry) -> str:
    if not entry.retentions:
        return cells.one(entry.no_time_limits)
    return cells.many(map(cells.retention, entry.retentions))


CONTROLLER = (
    *_first("Art. 30(1)"),
    _column("controller(a)", "Controller", "Art. 30(1)(a)", lambda entry: cells.party(entry.controller)),
    _column("joint_controllers(a)", "Joint controllers", "Art. 30(1)(a)", _joint),
    _column(
        "representative(a)", "Representative", "Art. 30(1)(a)", lambda entry: cells.one(entry.representative)
    ),
    _column("dpo(a)", "Data protection officer", "Art. 30(1)(a)", lambda entry: cells.one(entry.dpo)),
    _column("activity_name", "Processing activity", "Art. 30(1)", lambda entry: cells.one(entry.name)),
    _column(
        "purposes(b)", "Purposes", "Art. 30(1)(b)", lambda entry: cells.many(aim.name for aim in entry.aims)
    ),
    _column(
        "data_subject_categories(c)",
        "Categories of data subjects",
        "Art. 30(1)(c)",
        lambda entry: cells.many(entry.subjects),
    ),
    _column(
        "personal_data_categories(c)",
        "Categories of personal data",
        "Art. 30(1)(c)",
        lambda entry: cells.many(each.label for each in entry.categories),
    ),
    _column(
        "special_category_or_criminal_data(c)", "Special categories or offences", "Art. 9(1), 10", _special
    ),
    _column("recipient_categories(d)", "Categories of recipients", "Art. 30(1)(d)", _recipients),
    _column("third_country_transfers(e)", "Transfers to third countries", "Art. 30(1)(e)", _transfers),
    _column("transfer_safeguards(e)", "Safeguards of transfers", "Art. 30(1)(e)", _safeguards),
    _column(
        "erasure_time_limits(f)",
        "Time limits for erasure",
        "Art. 30(1)(f)",
        _time_limits,
    ),
    _column("security_measures(g)", "Security measures", "Art. 30(1)(g), 32(1)", _measures),
    _column("lawful_basis", "Lawful basis", "Art. 6(1)", _bases),
    _column("art9_condition", "Condition for special categories", "Art. 9(2)", _art9),
    _column("art10_authority", "Authority for data on offences", "Art. 10", _art10),
    _column("lia_ref", "Assessment of legitimate interests", "Art. 6(1)(f)", _lia),
    _column(
        "automated_decision_making",
        "Automated decisions",
        "Art. 22, 13(2)(f)",
        lambda entry: cells.one(entry.automated_decisions),
    ),
    _column(
        "dpia",
        "Impact assessment",
        "Art. 35",
        lambda entry: cells.many(map(cells.assessment, entry.assessments)),
    ),
    _column("source_of_data", "Source of the data", "Art. 14(2)(f)", lambda entry: cells.many(entry.sources)),
    _column("datasets", "Datasets", "Art. 30(1)", _datasets),
    _column("last_reviewed", "Last reviewed", "Art. 24(1), 5(2)", _reviewed),
    _column("approved_by", "Approved by", "Art. 24(1), 5(2)", lambda entry: cells.one(entry.approved_by)),
)

PROCESSOR = (
    *_first("Art. 30(2)"),
    _column("processor(a)", "Processor", "Art. 30(2)(a)", lambda entry: cells.party(entry.keeper)),
    _column(
        "processor_representative(a)",
        "Representative of the processor",
        "Art. 30(2)(a)",
        lambda entry: cells.one(entry.representative),
    ),
    _column("dpo(a)", "Data protection officer", "Art. 30(2)(a)", lambda entry: cells.one(entry.dpo)),
    Column(
        name="on_behalf_of_controller(a)",
        label="On behalf of the controller",
        article="Art. 30(2)(a)",
        of_served=lambda served: cells.party(served.party),
    ),
    Column(
        name="controller_representative(a)",
        label="Representative of the controller",
        article="Art. 30(2)(a)",
        of_served=lambda served: cells.one(served.representative),
    ),
    Column(
        name="categories_of_processing(b)",
        label="Categories of processing",
        article="Art. 30(2)(b)",
        of_served=lambda served: cells.many(served.processing),
    ),
    _column("sub_processors", "Sub-processors", "Art. 28(2), (4)", _sub_processors),
    _column("third_country_transfers(c)", "Transfers to third countries", "Art. 30(2)(c)", _transfers),
    _column("transfer_safeguards(c)", "Safeguards of transfers", "Art. 30(2)(c)", _safeguards),
    _column("security_measures(d)", "Security measures", "Art. 30(2)(d), 32(1)", _measures),
    Column(
        name="contract_ref",
        label="Contract",
        article="Art. 28(3)",
        of_served=lambda served: _contract(served),
    ),
    _column(
        "data_location", "Place of the data", "Art. 30(2)(c), 44", lambda entry: cells.many(entry.locations)
    ),
    _column("last_reviewed", "Last reviewed", "Art. 24(1), 5(2)", _reviewed),
)

COLUMNS = {Articles.CONTROLLER: CONTROLLER, Articles.PROCESSOR: PROCESSOR}
UNNAMED = Served(party=Party(name=""))


def concerns(entry: Entry, articles: Articles) -> bool:
    return (entry.role is Role.PROCESSOR) is (articles is Articles.PROCESSOR)


def rows(entry: Entry, articles: Articles) -> list[tuple[str, ...]]:
    """One of a controller; of a processor one for every controller it works for, by its name. The cells are
    sorted and joined here, and escaped where they are written."""
    served = entry.served if articles is Articles.PROCESSOR else ()
    columns = COLUMNS[articles]
    said = [column.of_entry(entry) if column.of_entry else None for column in columns]
    ordered = sorted(served, key=lambda each: (each.party.name.casefold(), each.party.name)) or [UNNAMED]
    return [
        tuple(
            cell if cell is not None else column.of_served(each) if column.of_served else MISSING
            for column, cell in zip(columns, said, strict=True)
        )
        for each in ordered
    ]
