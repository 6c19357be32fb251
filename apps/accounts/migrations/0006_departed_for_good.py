"""Who has left does not come back as the same person, and no account of theirs is used again."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION accounts_departed_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A person who has left stays departed.' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_person_departed BEFORE UPDATE OF status ON accounts_person
    FOR EACH ROW WHEN (OLD.status = 'departed' AND NEW.status <> 'departed')
    EXECUTE FUNCTION accounts_departed_for_good();

CREATE FUNCTION accounts_account_of_departed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_person p WHERE p.id = NEW.person_id AND p.status = 'departed') THEN
        RAISE EXCEPTION 'An account of a person who has left is not active.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_account_of_departed BEFORE INSERT OR UPDATE OF is_active, person_id ON accounts_account
    FOR EACH ROW WHEN (NEW.is_active) EXECUTE FUNCTION accounts_account_of_departed();
"""

BACKWARD = """
DROP TRIGGER accounts_account_of_departed ON accounts_account;
DROP FUNCTION accounts_account_of_departed();
DROP TRIGGER accounts_person_departed ON accounts_person;
DROP FUNCTION accounts_departed_for_good();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_projects")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
