"""Where attempts to sign in are counted and second factors remembered as used: once for all processes.

Unlogged, as a cache is: a crash of the server empties it. The columns are those of Django's database cache.
"""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE accounts_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_own_password")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE accounts_cache")]
