"""What somebody who holds the application's own password for the database can try by SQL."""

from __future__ import annotations

# Each begins with what it meets: `denied`, it has no right to it; `refused`, by a trigger of the ledger; or
# the SQLSTATE of another refusal.
TEXT = r"""
-- what is only ever added to
denied UPDATE indicators_entry SET id = id;
denied UPDATE indicators_step SET id = id;
denied UPDATE indicators_remark SET id = id;
denied UPDATE indicators_evidence SET id = id;
denied UPDATE indicators_reportauthor SET id = id;
denied DELETE FROM indicators_entry;
denied DELETE FROM indicators_step;
denied DELETE FROM indicators_remark;
denied DELETE FROM indicators_evidence;
denied DELETE FROM indicators_reportauthor;
denied TRUNCATE indicators_entry CASCADE;
denied TRUNCATE indicators_step CASCADE;
denied TRUNCATE indicators_remark CASCADE;
denied TRUNCATE indicators_evidence CASCADE;
denied TRUNCATE indicators_reportauthor CASCADE;
denied INSERT INTO indicators_entry SELECT * FROM indicators_entry ON CONFLICT (id) DO UPDATE SET id =
    EXCLUDED.id;
denied INSERT INTO indicators_step SELECT * FROM indicators_step ON CONFLICT (id) DO UPDATE SET id =
    EXCLUDED.id;
denied INSERT INTO indicators_remark SELECT * FROM indicators_remark ON CONFLICT (id) DO UPDATE SET id =
    EXCLUDED.id;
denied INSERT INTO indicators_evidence SELECT * FROM indicators_evidence ON CONFLICT (id) DO UPDATE SET
    id = EXCLUDED.id;
denied INSERT INTO indicators_reportauthor SELECT * FROM indicators_reportauthor ON CONFLICT (id) DO
    UPDATE SET id = EXCLUDED.id;
denied ALTER TABLE indicators_entry DISABLE TRIGGER ALL;
denied ALTER TABLE indicators_step DISABLE TRIGGER ALL;
denied ALTER TABLE indicators_remark DISABLE TRIGGER ALL;
denied ALTER TABLE indicators_evidence DISABLE TRIGGER ALL;
denied ALTER TABLE indicators_reportauthor DISABLE TRIGGER ALL;
denied UPDATE programs_siteevent SET name = 'x';
denied DELETE FROM programs_userevent;
denied TRUNCATE indicators_indicatorevent;
denied DELETE FROM pghistory_context;
denied UPDATE pghistory_context SET created_at = now();
denied DELETE FROM django_admin_log;
denied LOCK TABLE indicators_entry IN ACCESS EXCLUSIVE MODE;
-- triggers, functions, constraints
denied DROP TRIGGER entry_chain ON indicators_entry;
denied ALTER TRIGGER entry_admit ON indicators_entry RENAME TO zzz;
denied CREATE TRIGGER zzz BEFORE INSERT ON indicators_entry FOR EACH ROW EXECUTE FUNCTION
    suppress_redundant_updates_trigger();
denied CREATE OR REPLACE TRIGGER entry_chain BEFORE UPDATE ON indicators_entry FOR EACH ROW EXECUTE
    FUNCTION suppress_redundant_updates_trigger();
denied CREATE RULE zzz AS ON INSERT TO indicators_entry DO INSTEAD NOTHING;
denied CREATE OR REPLACE FUNCTION public.ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN
    RETURN NEW; END';
denied CREATE OR REPLACE FUNCTION public.ledger_content(e indicators_entry) RETURNS text LANGUAGE sql AS
    $$ SELECT '' $$;
denied ALTER FUNCTION ledger_chain() RESET ALL;
denied DROP FUNCTION ledger_chain() CASCADE;
denied ALTER TABLE indicators_entry DROP CONSTRAINT entry_number_stands_once;
denied DROP INDEX entry_first_stands_once;
denied ALTER TABLE indicators_entry ADD COLUMN x text;
denied DROP TABLE indicators_entry CASCADE;
denied ALTER TABLE django_session ADD FOREIGN KEY (session_key) REFERENCES auth_group (name);
denied SET session_replication_role = replica;
denied SELECT set_config('session_replication_role', 'replica', false);
denied ALTER ROLE {role} SET session_replication_role = replica;
denied SELECT setval('indicators_entry_id_seq', 1);
denied ALTER SEQUENCE indicators_entry_id_seq RESTART 1;
-- other roles, the server's files
denied SET ROLE "{owner}";
denied SET SESSION AUTHORIZATION "{owner}";
denied ALTER ROLE {role} SUPERUSER;
denied ALTER ROLE {role} CREATEROLE;
denied CREATE ROLE rendir_stolen SUPERUSER;
denied ALTER ROLE "{owner}" PASSWORD 'x';
denied GRANT pg_write_all_data TO {role};
denied ALTER TABLE indicators_entry OWNER TO {role};
denied REASSIGN OWNED BY "{owner}" TO {role};
denied SELECT pg_read_file('postgresql.conf');
denied SELECT pg_ls_dir('.');
denied COPY indicators_entry TO '/tmp/rendir-stolen';
denied COPY indicators_entry FROM '/tmp/rendir-forged';
denied COPY indicators_entry FROM PROGRAM 'echo 1';
denied SELECT lo_import('/etc/passwd');
denied SELECT lo_export(1, '/tmp/rendir-stolen');
denied SELECT pg_reload_conf();
denied SELECT rolpassword FROM pg_authid;
denied UPDATE pg_trigger SET tgenabled = 'D';
denied CREATE FUNCTION pg_temp.x() RETURNS int LANGUAGE internal AS 'pg_backend_pid';
-- names that stand before the ledger's own
denied CREATE SCHEMA before;
denied CREATE TEMPORARY TABLE indicators_entry (LIKE public.indicators_entry);
denied CREATE TEMPORARY VIEW programs_user AS SELECT 1;
denied CREATE TABLE public.shadow (id bigint);
denied CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1';
denied CREATE OPERATOR public.|| (FUNCTION = byteacat, LEFTARG = bytea, RIGHTARG = bytea);
-- figures that nobody submitted or approved
23502|P0002|23514 INSERT INTO indicators_entry (series_id, period_id, kind, value, approved_by_id, day,
    absence, certainty, expected, explanation, published, change, reason) VALUES ({series}, {period},
    'actual', 99, {manager}, '', '', 'exact', false, '', '', '', '');
refused INSERT INTO indicators_entry (series_id, period_id, kind, value, approved_by_id, day, absence,
    certainty, expected, explanation, published, change, reason, approval_id, submitted_by_id) VALUES
    ({series}, {period}, 'actual', 99, {manager}, '', '', 'exact', false, '', '', '', '', (SELECT
    max(id) FROM indicators_step), {reporter});
23505 INSERT INTO indicators_entry (series_id, period_id, kind, value, approved_by_id, day, absence,
    certainty, expected, explanation, published, change, reason) VALUES ({series}, {period}, 'target',
    99, {manager}, '', '', 'exact', false, '', '', '', '');
23514 INSERT INTO indicators_entry (series_id, period_id, kind, value, approved_by_id, day, absence,
    certainty, expected, explanation, published, change, reason) VALUES ({series}, {period}, 'baseline',
    'NaN', {manager}, '', '', 'exact', false, '', '', '', '');
refused INSERT INTO indicators_step (report_id, kind, submission, by_id, reason, digest) VALUES
    ({report}, 'approved', 2, {manager}, '', repeat('0', 64));
refused UPDATE indicators_report SET state = 'returned' WHERE id = {report};
refused UPDATE indicators_result SET value = 99;
denied DELETE FROM indicators_result;
denied DELETE FROM indicators_report;
-- the meaning of figures
refused UPDATE indicators_indicator SET unit = 'kg' WHERE id = {indicator};
refused UPDATE programs_site SET code = 'X' WHERE id = {site};
refused UPDATE programs_user SET username = 'x' WHERE id = {manager};
refused UPDATE programs_program SET illustrative = true WHERE id = {program};
refused UPDATE indicators_series SET indicator_id = indicator_id + 1;
denied UPDATE auth_group SET name = 'x';
denied DELETE FROM django_migrations;
"""
STATES = {"denied": "42501", "refused": "23001"}


def attacks() -> dict[str, tuple[str, str]]:
    """By its statement, what an attack says and the SQLSTATE that it meets."""
    found = {}
    lines = "\n".join(line for line in TEXT.splitlines() if not line.startswith("--"))
    for attack in lines.split(";\n"):
        expected, _, statement = " ".join(attack.split()).partition(" ")
        if statement:
            found[statement[:90]] = (statement, STATES.get(expected, expected))
    return found
