"""A grant that ends takes its keys with it."""

from apps.access.events import GrantExpired, GrantGivenBack, GrantRevoked
from apps.credentials.tasks import revoke_keys_of_grant
from apps.kernel.events import subscribe

for ended in (GrantRevoked, GrantGivenBack, GrantExpired):
    subscribe(ended, revoke_keys_of_grant)
