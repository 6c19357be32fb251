"""What the catalog lets people see, kept in the index; locations that never overlap; versions that never change."""

from django.db import migrations

INDEX = """
CREATE VIEW acl_source_catalog AS
SELECT asset_id, perm, principal, NULL::timestamptz AS expires_at FROM (
    SELECT a.id AS asset_id, 0::smallint AS perm, principal(4, a.organization_id) AS principal
    FROM catalog_asset a
    UNION
    SELECT a.id, 0::smallint, principal(5, a.domain_id) FROM catalog_asset a
    UNION
    SELECT a.id, 0::smallint, principal(6, a.domain_id) FROM catalog_asset a WHERE a.state = 'published'
    UNION
    SELECT u.content_object_id, g.wanted, principal(1, u.user_id)
    FROM catalog_assetuserpermission u JOIN auth_permission p ON p.id = u.permission_id
    JOIN object_permission o ON o.word = split_part(p.codename, '_', 1)
    JOIN object_permission_gives g ON g.held = o.perm
    UNION
    SELECT t.content_object_id, g.wanted, principal(2, t.group_id)
    FROM catalog_assetgrouppermission t JOIN auth_permission p ON p.id = t.permission_id
    JOIN object_permission o ON o.word = split_part(p.codename, '_', 1)
    JOIN object_permission_gives g ON g.held = o.perm
) rows;

INSERT INTO accounts_aclsource (id, relation) VALUES (1, 'acl_source_catalog');

CREATE FUNCTION catalog_asset_to_acl() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM acl_sync(1::smallint, array_agg(id)) FROM changed HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_asset_acl_insert AFTER INSERT ON catalog_asset
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_asset_to_acl();
CREATE TRIGGER catalog_asset_acl_update AFTER UPDATE ON catalog_asset
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_asset_to_acl();

CREATE FUNCTION catalog_permission_to_acl() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM acl_sync(1::smallint, array_agg(DISTINCT content_object_id)) FROM changed HAVING count(*) > 0;
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_user_permission_acl_insert AFTER INSERT ON catalog_assetuserpermission
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_permission_to_acl();
CREATE TRIGGER catalog_user_permission_acl_delete AFTER DELETE ON catalog_assetuserpermission
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_permission_to_acl();
CREATE TRIGGER catalog_group_permission_acl_insert AFTER INSERT ON catalog_assetgrouppermission
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_permission_to_acl();
CREATE TRIGGER catalog_group_permission_acl_delete AFTER DELETE ON catalog_assetgrouppermission
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION catalog_permission_to_acl();
"""

NO_INDEX = """
DROP TRIGGER catalog_group_permission_acl_delete ON catalog_assetgrouppermission;
DROP TRIGGER catalog_group_permission_acl_insert ON catalog_assetgrouppermission;
DROP TRIGGER catalog_user_permission_acl_delete ON catalog_assetuserpermission;
DROP TRIGGER catalog_user_permission_acl_insert ON catalog_assetuserpermission;
DROP FUNCTION catalog_permission_to_acl();
DROP TRIGGER catalog_asset_acl_update ON catalog_asset;
DROP TRIGGER catalog_asset_acl_insert ON catalog_asset;
DROP FUNCTION catalog_asset_to_acl();
DELETE FROM accounts_acl WHERE source_id = 1;
DELETE FROM accounts_aclsource WHERE id = 1;
DROP VIEW acl_source_catalog;
"""

# "0" is the character after "/": the range holds the prefix and everything below it, and no sibling.
OVERLAP = """
CREATE TYPE public.textrange AS RANGE (subtype = text, collation = "C");
CREATE FUNCTION prefix_range(prefix text) RETURNS public.textrange LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.textrange(prefix COLLATE "C", (left(prefix, -1) || '0') COLLATE "C") $$;
ALTER TABLE catalog_storagelocation ADD CONSTRAINT storage_location_no_overlap EXCLUDE USING gist (
    endpoint WITH =, bucket WITH =, prefix_range(prefix) WITH &&
) WHERE (is_active);

-- Locations compare endpoints, not connections: where a connection moves, its locations move with it.
CREATE FUNCTION catalog_location_follows_lake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_storagelocation SET endpoint = NEW.endpoint
    WHERE lake_id = NEW.id AND NEW.flavor <> 'aws';
    RETURN NULL;
END $$;
CREATE TRIGGER catalog_location_follows_lake AFTER UPDATE OF endpoint ON lakes_lake
    FOR EACH ROW WHEN (OLD.endpoint <> NEW.endpoint) EXECUTE FUNCTION catalog_location_follows_lake();
"""

NO_OVERLAP = """
DROP TRIGGER catalog_location_follows_lake ON lakes_lake;
DROP FUNCTION catalog_location_follows_lake();
ALTER TABLE catalog_storagelocation DROP CONSTRAINT storage_location_no_overlap;
DROP FUNCTION prefix_range(text);
DROP TYPE textrange;
"""

IMMUTABLE = """
CREATE FUNCTION catalog_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A version never changes: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER catalog_version_immutable BEFORE UPDATE OR DELETE ON catalog_assetversion
    FOR EACH ROW EXECUTE FUNCTION catalog_is_immutable();
CREATE TRIGGER catalog_column_immutable BEFORE UPDATE OR DELETE ON catalog_column
    FOR EACH ROW EXECUTE FUNCTION catalog_is_immutable();
CREATE TRIGGER catalog_input_immutable BEFORE UPDATE OR DELETE ON catalog_versioninput
    FOR EACH ROW EXECUTE FUNCTION catalog_is_immutable();
"""

MUTABLE = """
DROP TRIGGER catalog_input_immutable ON catalog_versioninput;
DROP TRIGGER catalog_column_immutable ON catalog_column;
DROP TRIGGER catalog_version_immutable ON catalog_assetversion;
DROP FUNCTION catalog_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial"), ("accounts", "0002_acl_functions")]

    operations = [
        migrations.RunSQL(INDEX, NO_INDEX),
        migrations.RunSQL(OVERLAP, NO_OVERLAP),
        migrations.RunSQL(IMMUTABLE, MUTABLE),
    ]
