"""Who reads what was said of single items, and what was found about those who label.

Whoever may see the data sees whether their labels are good enough, and every figure about them. An annotator
who reads what is true of an item before labeling it is not held against anything, and how well somebody works
is no business of everybody's (Art. 5(1)(c), 88 GDPR).
"""

from __future__ import annotations

from apps.accounts.authorization import may_each
from apps.accounts.operations import Operation
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset
from apps.kernel.actor import Actor

READERS = (Operation.BRING_LABELS, Operation.EXPORT_LABEL_REPORT)


def reader_of(actor: Actor, asset: Asset) -> frozenset[Operation]:
    """What makes somebody a reader of labels of a dataset; nothing where they are none. One statement."""
    return may_each(actor=actor, operations=READERS, resource=asset_resource(asset))
