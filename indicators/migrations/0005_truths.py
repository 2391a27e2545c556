"""More of what must be true: trees without circles, labels that say the days, remarks on rows of their report."""

from django.db import migrations

CIRCLES = """
CREATE FUNCTION ledger_check_objective() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('objectives'), NEW.program_id::int);
    IF EXISTS (
        WITH RECURSIVE above AS (
            SELECT NEW.parent_id AS id
            UNION
            SELECT o.parent_id FROM indicators_objective o JOIN above ON o.id = above.id
        )
        SELECT FROM above WHERE above.id = NEW.id
    ) THEN
        RAISE EXCEPTION 'objective % would serve itself', NEW.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'objective_tree_has_no_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objective_tree AFTER INSERT OR UPDATE OF parent_id ON indicators_objective
    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION ledger_check_objective();

CREATE FUNCTION ledger_check_predecessor() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('predecessors'), NEW.program_id::int);
    IF EXISTS (
        WITH RECURSIVE earlier AS (
            SELECT NEW.predecessor_id AS id
            UNION
            SELECT i.predecessor_id FROM indicators_indicator i JOIN earlier ON i.id = earlier.id
        )
        SELECT FROM earlier WHERE earlier.id = NEW.id
    ) THEN
        RAISE EXCEPTION 'indicator % would succeed itself', NEW.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'indicator_succession_has_no_circle';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER indicator_succession AFTER INSERT OR UPDATE OF predecessor_id ON indicators_indicator
    FOR EACH ROW WHEN (NEW.predecessor_id IS NOT NULL) EXECUTE FUNCTION ledger_check_predecessor();
"""
DROP_CIRCLES = """
DROP TRIGGER objective_tree ON indicators_objective;
DROP TRIGGER indicator_succession ON indicators_indicator;
DROP FUNCTION ledger_check_objective, ledger_check_predecessor;
"""

# Spans are the same only if their labels are: a dated period has the one label that its days give it.
LABELS = """
ALTER TABLE indicators_period ADD CONSTRAINT period_label_says_its_days CHECK (
    kind NOT IN ('month', 'quarter', 'half', 'year', 'life') OR label = CASE
        WHEN kind = 'month' THEN
            lpad(extract(year FROM first_on)::text, 4, '0') || '-' || lpad(extract(month FROM first_on)::text, 2, '0')
        WHEN kind = 'quarter' THEN
            lpad(extract(year FROM first_on)::text, 4, '0') || ' Q' || extract(quarter FROM first_on)::text
        WHEN kind = 'life' AND extract(doy FROM first_on) = 1 AND (extract(month FROM last_on), extract(day FROM last_on)) = (12, 31) THEN
            lpad(extract(year FROM first_on)::text, 4, '0') || '–' || lpad(extract(year FROM last_on)::text, 4, '0')
        WHEN kind = 'life' THEN
            lpad(extract(year FROM first_on)::text, 4, '0') || '-' || lpad(extract(month FROM first_on)::text, 2, '0')
            || '-' || lpad(extract(day FROM first_on)::text, 2, '0') || ' – '
            || lpad(extract(year FROM last_on)::text, 4, '0') || '-' || lpad(extract(month FROM last_on)::text, 2, '0')
            || '-' || lpad(extract(day FROM last_on)::text, 2, '0')
        WHEN extract(month FROM first_on) IN (1, 7) THEN
            lpad(extract(year FROM first_on)::text, 4, '0')
            || CASE WHEN kind = 'year' THEN '' WHEN extract(month FROM first_on) = 1 THEN ' H1' ELSE ' H2' END
        ELSE
            'FY' || lpad((extract(year FROM first_on) + CASE WHEN extract(month FROM first_on) = 10 THEN 1 ELSE 0 END)::text, 4, '0')
            || CASE WHEN kind = 'year' THEN '' WHEN extract(month FROM first_on) = 10 THEN ' H1' ELSE ' H2' END
    END
);
"""
DROP_LABELS = "ALTER TABLE indicators_period DROP CONSTRAINT period_label_says_its_days;"

REMARKS = """
CREATE FUNCTION ledger_check_remark() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM indicators_step step
            JOIN indicators_report report ON report.id = step.report_id
            JOIN indicators_series series ON series.program_id = report.program_id
                AND series.site_id IS NOT DISTINCT FROM report.site_id
            WHERE step.id = NEW.step_id AND step.kind = 'returned' AND series.id = NEW.series_id
    ) THEN
        RAISE EXCEPTION 'a remark is on a row of the report that is sent back'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'remark_is_on_a_row_of_its_report';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER remark_check BEFORE INSERT ON indicators_remark
    FOR EACH ROW EXECUTE FUNCTION ledger_check_remark();
"""
DROP_REMARKS = "DROP TRIGGER remark_check ON indicators_remark; DROP FUNCTION ledger_check_remark;"


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_ledger")]
    operations = [
        migrations.RunSQL(CIRCLES, DROP_CIRCLES),
        migrations.RunSQL(LABELS, DROP_LABELS),
        migrations.RunSQL(REMARKS, DROP_REMARKS),
    ]
