"""The kinds of records that are declared. A further one is a module, and a line here."""

from __future__ import annotations

from apps.compliance.lifecycle.ai_systems import AI_SYSTEMS
from apps.compliance.lifecycle.breach import BREACHES
from apps.compliance.lifecycle.compatibility import COMPATIBILITIES
from apps.compliance.lifecycle.consent import CONSENTS
from apps.compliance.lifecycle.controls import CONTROLS
from apps.compliance.lifecycle.data_sheets import DATA_SHEETS
from apps.compliance.lifecycle.declaration import Kind
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.lifecycle.interests import INTERESTS
from apps.compliance.lifecycle.labeling import LABELING_POLICIES
from apps.compliance.lifecycle.national import NATIONALS
from apps.compliance.lifecycle.parties import PARTIES
from apps.compliance.lifecycle.retention import RETENTIONS
from apps.compliance.lifecycle.rights import RIGHTS
from apps.compliance.lifecycle.transfers import TRANSFERS
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS
from apps.compliance.lifecycle.uses import USES

KINDS: dict[str, Kind] = {
    kind.slug: kind
    for kind in (
        PARTIES,
        DATA_SHEETS,
        INTERESTS,
        COMPATIBILITIES,
        CONSENTS,
        DPIAS,
        TRANSFERS,
        RETENTIONS,
        USE_AGREEMENTS,
        USES,
        NATIONALS,
        RIGHTS,
        BREACHES,
        AI_SYSTEMS,
        LABELING_POLICIES,
        CONTROLS,
    )
}
OPEN_KINDS = tuple(slug for slug, kind in KINDS.items() if kind.is_open)
