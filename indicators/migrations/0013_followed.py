"""A step is followed by the state that it leads to, and an approval by its entries, before it stands."""

from django.db import migrations

# Of one submission each kind of step stands once, and in this order: the last one says the state.
FOLLOWED = """
CREATE FUNCTION ledger_check_followed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    r indicators_report;
    last record;
BEGIN
    SELECT * INTO STRICT r FROM indicators_report WHERE id = NEW.report_id;
    SELECT step.kind, step.submission INTO STRICT last FROM indicators_step step
        WHERE step.report_id = NEW.report_id
        ORDER BY step.submission DESC,
            array_position(ARRAY['submitted', 'returned', 'approved', 'reopened'], step.kind::text) DESC
        LIMIT 1;
    IF r.submission <> last.submission
        OR r.state <> (CASE last.kind WHEN 'reopened' THEN 'returned' ELSE last.kind END) THEN
        RAISE EXCEPTION 'the report is % after it was %', r.state, last.kind
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'step_is_followed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER step_is_followed AFTER INSERT ON indicators_step
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_followed();
"""

# Results do not change while a report is submitted, nor do entries come after: at this moment all is said.
ENTERED = """
CREATE FUNCTION ledger_check_entered() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp AS $$
DECLARE
    missing bigint;
BEGIN
    WITH said AS (
        SELECT * FROM indicators_result t
            WHERE t.report_id = NEW.id
                AND (t.absence <> '' OR t.value IS NOT NULL OR t.numerator IS NOT NULL)
    ), in_force AS (
        SELECT e.* FROM indicators_series s JOIN indicators_entry e ON e.series_id = s.id
            WHERE s.program_id = NEW.program_id
                AND (s.site_id = NEW.site_id OR s.site_id IS NULL AND NEW.site_id IS NULL)
                AND e.period_id = NEW.period_id AND e.kind = 'actual' AND e.absence <> 'withdrawn'
                AND NOT EXISTS (SELECT FROM indicators_entry later WHERE later.supersedes_id = e.id)
    )
    SELECT coalesce(t.series_id, e.series_id) INTO missing
        FROM said t FULL JOIN in_force e ON e.series_id = t.series_id
        WHERE (t.series_id, t.value::text, t.numerator::text, t.denominator::text,
               t.day, t.absence, t.certainty, t.explanation, t.evidence_id)
            IS DISTINCT FROM
            (e.series_id, e.value::text, e.numerator::text, e.denominator::text,
             e.day, e.absence, e.certainty, e.explanation, e.evidence_id)
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'what is approved of series % is not what is in the ledger', missing
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'report_approved_is_entered';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER report_is_entered AFTER UPDATE ON indicators_report
    FOR EACH ROW WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')
    EXECUTE FUNCTION ledger_check_entered();
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0012_spanish")]
    operations = [
        migrations.RunSQL(
            FOLLOWED,
            "DROP TRIGGER step_is_followed ON indicators_step; DROP FUNCTION ledger_check_followed();",
        ),
        migrations.RunSQL(
            ENTERED,
            "DROP TRIGGER report_is_entered ON indicators_report; DROP FUNCTION ledger_check_entered();",
        ),
    ]
