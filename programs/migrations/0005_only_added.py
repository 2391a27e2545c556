from django.db import migrations

# sign-ins are only ever added to
FORWARD = """
CREATE FUNCTION sign_in_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Sign-ins are only ever added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER sign_in_no_change BEFORE UPDATE OR DELETE ON programs_signin
    FOR EACH ROW EXECUTE FUNCTION sign_in_stays();
CREATE TRIGGER sign_in_no_truncate BEFORE TRUNCATE ON programs_signin
    FOR EACH STATEMENT EXECUTE FUNCTION sign_in_stays();
"""
BACKWARD = """
DROP TRIGGER sign_in_no_truncate ON programs_signin;
DROP TRIGGER sign_in_no_change ON programs_signin;
DROP FUNCTION sign_in_stays();
"""

# where a site counts attempts to sign in, for all its processes together, as Django's cache of tables wants it
CACHE = """
CREATE TABLE programs_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX programs_cache_expires ON programs_cache (expires);
"""
NO_CACHE = "DROP TABLE programs_cache;"


class Migration(migrations.Migration):
    dependencies = [("programs", "0004_signing_in")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(CACHE, NO_CACHE)]
