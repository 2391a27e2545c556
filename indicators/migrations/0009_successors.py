"""Successors: the break between two indicators is as firm as the figures; meanings wait for figures under way."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Whoever changes what gives figures their meaning waits for the entries under way, and they for that change:
# else a figure could be admitted by the old meaning while the new one is not committed yet. Triggers of one
# kind fire by name: this one before those that look whether there are entries.
WAITED_FOR = (
    ("programs_program", "program", ("code", "illustrative")),
    ("programs_site", "site", ("code", "program_id")),
    ("programs_user", "user", ("username",)),
    (
        "indicators_indicator",
        "indicator",
        (
            "program_id", "code", "measure", "unit", "factor", "counted", "may_exceed", "accumulation", "direction",
            "over_sites", "over_time", "numerator_over_time", "denominator_over_time", "reported_by", "frequency",
            "calendar", "predecessor_id", "closed_on",
        ),
    ),
    ("indicators_dimension", "dimension", ("code", "additivity")),
    ("indicators_category", "category", ("code", "dimension_id", "name")),
    ("indicators_period", "period", ("kind", "label", "first_on", "last_on")),
)  # fmt: skip


def columns(row: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{row}.{name}" for name in names)


WAIT = """
CREATE FUNCTION ledger_await_entries() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('definitions'), 0);
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION ledger_await_definitions() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('definitions'), 0);
    RETURN NULL;
END $$;
CREATE TRIGGER entry_awaits BEFORE INSERT ON indicators_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_await_definitions();
CREATE TRIGGER breakdown_awaits BEFORE INSERT OR UPDATE OR DELETE ON indicators_breakdown
    FOR EACH ROW EXECUTE FUNCTION ledger_await_entries();
""" + "".join(
    f"CREATE TRIGGER {name}_awaits BEFORE UPDATE ON {table} FOR EACH ROW"
    f" WHEN (({columns('OLD', names)}) IS DISTINCT FROM ({columns('NEW', names)}))"
    " EXECUTE FUNCTION ledger_await_entries();\n"
    for table, name, names in WAITED_FOR
)
DROP_WAIT = (
    "DROP TRIGGER entry_awaits ON indicators_entry; DROP TRIGGER breakdown_awaits ON indicators_breakdown;"
    + "".join(f"DROP TRIGGER {name}_awaits ON {table};" for table, name, _ in WAITED_FOR)
    + "DROP FUNCTION ledger_await_entries, ledger_await_definitions;"
)

# --- what an indicator succeeds is frozen with its figures -------------------------------------------------------

CHECK_INDICATOR = """
CREATE OR REPLACE FUNCTION ledger_check_indicator() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.program_id, NEW.code, NEW.measure, NEW.unit, NEW.factor, NEW.counted, NEW.may_exceed, NEW.accumulation,
        NEW.direction, NEW.over_sites, NEW.over_time, NEW.numerator_over_time, NEW.denominator_over_time,
        NEW.reported_by, NEW.frequency, NEW.calendar%(new)s)
        IS DISTINCT FROM
        (OLD.program_id, OLD.code, OLD.measure, OLD.unit, OLD.factor, OLD.counted, OLD.may_exceed, OLD.accumulation,
        OLD.direction, OLD.over_sites, OLD.over_time, OLD.numerator_over_time, OLD.denominator_over_time,
        OLD.reported_by, OLD.frequency, OLD.calendar%(old)s)
        AND ledger_has_indicator(OLD.id) THEN
        PERFORM ledger_frozen('indicator');
    END IF;
    RETURN NEW;
END $$;
"""
WITH_PREDECESSOR = CHECK_INDICATOR % {"new": ", NEW.predecessor_id", "old": ", OLD.predecessor_id"}
WITHOUT_PREDECESSOR = CHECK_INDICATOR % {"new": "", "old": ""}

# --- one is closed before the other starts, and after all that was reported of it --------------------------------

SUCCESSION = """
CREATE FUNCTION ledger_check_succession() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    before indicators_indicator;
    after indicators_indicator;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('predecessors'), NEW.program_id::int);
    SELECT * INTO before FROM indicators_indicator WHERE id = NEW.predecessor_id;
    SELECT * INTO after FROM indicators_indicator WHERE predecessor_id = NEW.id;
    IF before.id IS NOT NULL AND (before.closed_on < NEW.starts_on) IS NOT TRUE
        OR after.id IS NOT NULL AND (NEW.closed_on < after.starts_on) IS NOT TRUE THEN
        RAISE EXCEPTION 'an indicator succeeds one that closed before it starts: %', NEW.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'indicator_succeeds_what_is_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER indicator_succession_days AFTER INSERT OR UPDATE OF predecessor_id, starts_on, closed_on ON indicators_indicator
    FOR EACH ROW EXECUTE FUNCTION ledger_check_succession();

CREATE FUNCTION ledger_check_closing() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM indicators_entry e
            JOIN indicators_series s ON s.id = e.series_id
            JOIN indicators_period p ON p.id = e.period_id
            WHERE s.indicator_id = NEW.id AND e.kind = 'actual' AND e.absence <> 'withdrawn' AND p.first_on > NEW.closed_on
                AND NOT EXISTS (SELECT FROM indicators_entry later WHERE later.supersedes_id = e.id)
    ) OR EXISTS (
        SELECT FROM indicators_result t
            JOIN indicators_series s ON s.id = t.series_id
            JOIN indicators_report r ON r.id = t.report_id
            JOIN indicators_period p ON p.id = r.period_id
            WHERE s.indicator_id = NEW.id AND p.first_on > NEW.closed_on AND r.state <> 'approved'
                AND (t.value IS NOT NULL OR t.numerator IS NOT NULL OR t.absence <> '')
    ) THEN
        RAISE EXCEPTION '% has figures of periods after its closing', NEW.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'indicator_closes_after_its_figures';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER indicator_closing BEFORE UPDATE OF closed_on ON indicators_indicator
    FOR EACH ROW WHEN (NEW.closed_on IS NOT NULL AND NEW.closed_on IS DISTINCT FROM OLD.closed_on)
    EXECUTE FUNCTION ledger_check_closing();

CREATE FUNCTION ledger_check_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added e
            JOIN indicators_series s ON s.id = e.series_id
            JOIN indicators_indicator i ON i.id = s.indicator_id
            JOIN indicators_period p ON p.id = e.period_id
            WHERE e.kind = 'actual' AND e.absence <> 'withdrawn' AND p.first_on > i.closed_on
    ) THEN
        RAISE EXCEPTION 'a figure of a period after the closing of its indicator'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_indicator_is_open';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_closed AFTER INSERT ON indicators_entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_closed();
"""
DROP_SUCCESSION = """
DROP TRIGGER indicator_succession_days ON indicators_indicator;
DROP TRIGGER indicator_closing ON indicators_indicator;
DROP TRIGGER entry_closed ON indicators_entry;
DROP FUNCTION ledger_check_succession, ledger_check_closing, ledger_check_closed;
"""

# --- the spelling of a category with figures may be corrected, nothing else --------------------------------------

SPELLING = r"""
CREATE FUNCTION ledger_edits(one text, other text) RETURNS integer LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
    above integer[];
    below integer[];
BEGIN
    FOR j IN 0..length(other) LOOP
        above[j] := j;
    END LOOP;
    FOR i IN 1..length(one) LOOP
        below[0] := i;
        FOR j IN 1..length(other) LOOP
            below[j] := least(above[j] + 1, below[j - 1] + 1,
                above[j - 1] + CASE WHEN substr(one, i, 1) = substr(other, j, 1) THEN 0 ELSE 1 END);
        END LOOP;
        above := below;
    END LOOP;
    RETURN above[length(other)];
END $$;
CREATE FUNCTION ledger_is_spelling(one text, other text) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT regexp_replace(one, '\D', '', 'g') = regexp_replace(other, '\D', '', 'g')
        AND ledger_edits(lower(one), lower(other)) <= greatest(1, least(length(one), length(other)) / 4)
$$;
"""
DROP_SPELLING = "DROP FUNCTION ledger_is_spelling, ledger_edits;"
CHECK_CATEGORY = """
CREATE OR REPLACE FUNCTION ledger_check_category() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.code, NEW.dimension_id) IS DISTINCT FROM (OLD.code, OLD.dimension_id) AND EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.category_id = OLD.id
    ) THEN
        PERFORM ledger_frozen('category');
    END IF;
    RETURN NEW;
END $$;
"""
CHECK_CATEGORY_AND_NAME = CHECK_CATEGORY.replace(
    "    RETURN NEW;",
    """    IF NEW.name IS DISTINCT FROM OLD.name AND EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.category_id = OLD.id
    ) AND (NOT ledger_is_spelling(OLD.name, NEW.name) OR EXISTS (
        SELECT FROM indicators_category c WHERE c.dimension_id = NEW.dimension_id AND c.id <> NEW.id AND lower(c.name) = lower(NEW.name)
    )) THEN
        RAISE EXCEPTION 'a category with figures is not renamed to mean another thing: %', OLD.name
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'category_is_not_repurposed';
    END IF;
    RETURN NEW;""",
)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0008_files")]
    operations = [
        migrations.AlterModelOptions(
            name='entry',
            options={'ordering': ('program', 'number'), 'verbose_name': 'entry', 'verbose_name_plural': 'entries'},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='indicator',
            name='break_reason',
            field=models.CharField(blank=True, help_text='What is measured otherwise than before, and why. It stands at the break on every page.', max_length=500, verbose_name='why the series breaks'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='break_reason',
            field=models.CharField(blank=True, help_text='What is measured otherwise than before, and why. It stands at the break on every page.', max_length=500, verbose_name='why the series breaks'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_indicatorevent" ("accumulation", "break_reason", "calendar", "closed_on", "code", "counted", "definition", "denominator_label", "denominator_over_time", "direction", "factor", "frequency", "id", "limitations", "may_exceed", "measure", "method", "name", "numerator_label", "numerator_over_time", "objective_id", "over_sites", "over_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "program_id", "reported_by", "responsible", "source", "standard_code", "starts_on", "unit", "vocabulary") VALUES (NEW."accumulation", NEW."break_reason", NEW."calendar", NEW."closed_on", NEW."code", NEW."counted", NEW."definition", NEW."denominator_label", NEW."denominator_over_time", NEW."direction", NEW."factor", NEW."frequency", NEW."id", NEW."limitations", NEW."may_exceed", NEW."measure", NEW."method", NEW."name", NEW."numerator_label", NEW."numerator_over_time", NEW."objective_id", NEW."over_sites", NEW."over_time", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."predecessor_id", NEW."program_id", NEW."reported_by", NEW."responsible", NEW."source", NEW."standard_code", NEW."starts_on", NEW."unit", NEW."vocabulary"); RETURN NULL;', hash='7a1da5f894cc036f6438dbb2d9b01343ff9ddd6a', operation='INSERT', pgid='pgtrigger_insert_insert_6ab67', table='indicators_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "indicators_indicatorevent" ("accumulation", "break_reason", "calendar", "closed_on", "code", "counted", "definition", "denominator_label", "denominator_over_time", "direction", "factor", "frequency", "id", "limitations", "may_exceed", "measure", "method", "name", "numerator_label", "numerator_over_time", "objective_id", "over_sites", "over_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "program_id", "reported_by", "responsible", "source", "standard_code", "starts_on", "unit", "vocabulary") VALUES (NEW."accumulation", NEW."break_reason", NEW."calendar", NEW."closed_on", NEW."code", NEW."counted", NEW."definition", NEW."denominator_label", NEW."denominator_over_time", NEW."direction", NEW."factor", NEW."frequency", NEW."id", NEW."limitations", NEW."may_exceed", NEW."measure", NEW."method", NEW."name", NEW."numerator_label", NEW."numerator_over_time", NEW."objective_id", NEW."over_sites", NEW."over_time", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."predecessor_id", NEW."program_id", NEW."reported_by", NEW."responsible", NEW."source", NEW."standard_code", NEW."starts_on", NEW."unit", NEW."vocabulary"); RETURN NULL;', hash='881539e269653df075c08556f115651fd82bc054', operation='UPDATE', pgid='pgtrigger_update_update_4281e', table='indicators_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_indicatorevent" ("accumulation", "break_reason", "calendar", "closed_on", "code", "counted", "definition", "denominator_label", "denominator_over_time", "direction", "factor", "frequency", "id", "limitations", "may_exceed", "measure", "method", "name", "numerator_label", "numerator_over_time", "objective_id", "over_sites", "over_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "program_id", "reported_by", "responsible", "source", "standard_code", "starts_on", "unit", "vocabulary") VALUES (OLD."accumulation", OLD."break_reason", OLD."calendar", OLD."closed_on", OLD."code", OLD."counted", OLD."definition", OLD."denominator_label", OLD."denominator_over_time", OLD."direction", OLD."factor", OLD."frequency", OLD."id", OLD."limitations", OLD."may_exceed", OLD."measure", OLD."method", OLD."name", OLD."numerator_label", OLD."numerator_over_time", OLD."objective_id", OLD."over_sites", OLD."over_time", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."predecessor_id", OLD."program_id", OLD."reported_by", OLD."responsible", OLD."source", OLD."standard_code", OLD."starts_on", OLD."unit", OLD."vocabulary"); RETURN NULL;', hash='380dc2faf4e8cc301ba22ec4ea0dcbc2315e5294', operation='DELETE', pgid='pgtrigger_delete_delete_f068f', table='indicators_indicator', when='AFTER')),
        ),
        migrations.RunSQL(WAIT, DROP_WAIT),
        migrations.RunSQL(WITH_PREDECESSOR, WITHOUT_PREDECESSOR),
        migrations.RunSQL(SUCCESSION, DROP_SUCCESSION),
        migrations.RunSQL(SPELLING, DROP_SPELLING),
        migrations.RunSQL(CHECK_CATEGORY_AND_NAME, CHECK_CATEGORY),
    ]
