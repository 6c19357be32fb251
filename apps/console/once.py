"""A form that is sent twice is carried out once; the second sender is led to where the first one was.

The first statement of the transaction inserts the form's key. A second request with the key waits on the
unique index until the first has committed. A refusal takes the key away again, but commits: the trail keeps
what was refused, and the mended form may be sent with the same key.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from apps.console.models import SentForm
from apps.kernel.actor import Actor
from apps.kernel.errors import LakewardenError

_FORGET = (
    "DELETE FROM console_sentform WHERE account_id = %s AND sent_at < clock_timestamp() - interval '24 hours'"
)
_CLAIM = """
INSERT INTO console_sentform (account_id, key, address, sent_at) VALUES (%s, %s, '', clock_timestamp())
ON CONFLICT (account_id, key) DO NOTHING RETURNING id
"""


def once(actor: Actor, key: UUID, carry_out: Callable[[], str]) -> str:
    """The address to go to.  Raises: what `carry_out` raises."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [actor.account_key])
            cursor.execute(_CLAIM, [actor.account_key, key])
            claimed = cursor.fetchone()
        sent = SentForm.objects.filter(account=actor.account_key, key=key)
        if claimed is None:
            return sent.get().address
        try:
            address = carry_out()
        except LakewardenError as fault:
            sent.delete()
            refusal = fault
        else:
            sent.update(address=address)
            return address
    raise refusal
