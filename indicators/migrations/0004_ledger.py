"""What PostgreSQL itself refuses of results, reports, steps and the ledger, and how the ledger is chained."""

from django.db import migrations

# --- tables that are only ever added to -----------------------------------------------------------------------

ONLY_ADDED_TO = ("indicators_entry", "indicators_step", "indicators_remark", "indicators_evidence", "indicators_reportauthor")

REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
"""


def only_added_to(table: str) -> tuple[str, str]:
    name = table.removeprefix("indicators_")
    forward = f"""
        CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
        CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
    """
    backward = f"DROP TRIGGER {name}_no_change ON {table}; DROP TRIGGER {name}_no_truncate ON {table};"
    return forward, backward


# --- what a value of an indicator may be; for results and entries alike ---------------------------------------

VALUE = """
CREATE FUNCTION ledger_check_value(
    the_series bigint, value numeric, numerator numeric, denominator numeric, day text, absence text, planned boolean
) RETURNS void LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    i indicators_indicator;
BEGIN
    SELECT indicator.* INTO STRICT i
        FROM indicators_series s JOIN indicators_indicator indicator ON indicator.id = s.indicator_id
        WHERE s.id = the_series;
    IF scale(value) > 6 OR scale(numerator) > 6 OR scale(denominator) > 6 THEN
        RAISE EXCEPTION 'more than 6 decimals' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_has_6_decimals';
    END IF;
    IF i.counted AND i.measure = 'number' AND (value < 0 OR value <> trunc(value)) THEN
        RAISE EXCEPTION '% is counted: whole and not negative', i.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_counted_is_whole';
    END IF;
    IF i.measure <> 'ratio' AND (numerator IS NOT NULL OR denominator IS NOT NULL) THEN
        RAISE EXCEPTION '% is no ratio', i.code USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_parts_are_of_ratios';
    END IF;
    IF i.measure = 'ratio' AND (
        denominator < 0
        OR i.counted AND (numerator < 0 OR numerator <> trunc(numerator) OR denominator <> trunc(denominator))
        OR NOT i.may_exceed AND numerator > denominator
        OR value IS NOT NULL AND (numerator IS NOT NULL OR denominator IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'the parts of % do not fit', i.code
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_parts_fit';
    END IF;
    IF i.measure = 'milestone' AND value NOT IN (0, 1) THEN
        RAISE EXCEPTION '% is done or not', i.code USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_milestone_is_done_or_not';
    END IF;
    IF day <> '' AND (i.measure <> 'milestone' OR coalesce(value, 0) = 0) THEN
        RAISE EXCEPTION 'only a milestone that is done has a day' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_day_is_of_milestones';
    END IF;
    IF planned AND i.measure = 'milestone' AND absence = '' AND day = '' THEN
        RAISE EXCEPTION 'the target of a milestone is a day' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_milestone_target_is_a_day';
    END IF;
    IF absence = 'no_activity' AND i.accumulation <> 'flow' THEN
        RAISE EXCEPTION 'only a flow can have no activity' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'value_no_activity_is_of_flows';
    END IF;
END $$;
"""

# --- drafts: results -------------------------------------------------------------------------------------------

RESULT = """
CREATE FUNCTION ledger_check_result() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    r indicators_report;
    p indicators_period;
    s record;
    this indicators_result := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    SELECT * INTO STRICT r FROM indicators_report WHERE id = this.report_id FOR SHARE;
    SELECT * INTO STRICT p FROM indicators_period WHERE id = r.period_id;
    IF p.locked THEN
        RAISE EXCEPTION 'period % is locked', p.label USING ERRCODE = 'restrict_violation', CONSTRAINT = 'period_is_locked';
    END IF;
    IF r.state NOT IN ('draft', 'returned') THEN
        RAISE EXCEPTION 'the report is %', r.state USING ERRCODE = 'restrict_violation', CONSTRAINT = 'result_report_is_open';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.report_id, NEW.series_id) IS DISTINCT FROM (OLD.report_id, OLD.series_id) THEN
        RAISE EXCEPTION 'the key of a result never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'result_key_stays';
    END IF;
    SELECT series.*, indicator.reported_by INTO STRICT s
        FROM indicators_series series JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
        WHERE series.id = NEW.series_id;
    IF s.program_id <> r.program_id OR s.site_id IS DISTINCT FROM r.site_id
        OR (s.reported_by = 'program') <> (s.site_id IS NULL) THEN
        RAISE EXCEPTION 'this series is not of this report' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'result_series_is_of_its_report';
    END IF;
    PERFORM ledger_check_value(NEW.series_id, NEW.value, NEW.numerator, NEW.denominator, NEW.day, NEW.absence, false);
    IF NEW.evidence_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM indicators_evidence e WHERE e.id = NEW.evidence_id AND e.program_id = r.program_id
    ) THEN
        RAISE EXCEPTION 'evidence of another program' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'evidence_is_of_its_program';
    END IF;
    INSERT INTO indicators_reportauthor (report_id, user_id) VALUES (NEW.report_id, NEW.typed_by_id)
        ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$;
CREATE TRIGGER result_check BEFORE INSERT OR UPDATE OR DELETE ON indicators_result
    FOR EACH ROW EXECUTE FUNCTION ledger_check_result();
"""

# --- reports and their steps -----------------------------------------------------------------------------------

STEP = """
CREATE FUNCTION ledger_check_step() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    r indicators_report;
    p indicators_period;
    plays boolean;
    before timestamptz;
BEGIN
    SELECT * INTO STRICT r FROM indicators_report WHERE id = NEW.report_id FOR UPDATE;
    SELECT * INTO STRICT p FROM indicators_period WHERE id = r.period_id;
    SELECT illustrative INTO STRICT plays FROM programs_program WHERE id = r.program_id;
    IF p.locked THEN
        RAISE EXCEPTION 'period % is locked', p.label USING ERRCODE = 'restrict_violation', CONSTRAINT = 'period_is_locked';
    END IF;
    IF NOT (CASE NEW.kind
        WHEN 'submitted' THEN r.state IN ('draft', 'returned') AND NEW.submission = r.submission + 1
        WHEN 'reopened' THEN r.state = 'approved' AND NEW.submission = r.submission
        ELSE r.state = 'submitted' AND NEW.submission = r.submission
    END) THEN
        RAISE EXCEPTION 'a % report can not be %', r.state, NEW.kind
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'step_fits_the_state';
    END IF;
    IF NEW.kind = 'submitted' THEN
        INSERT INTO indicators_reportauthor (report_id, user_id) VALUES (NEW.report_id, NEW.by_id)
            ON CONFLICT DO NOTHING;
    ELSIF NEW.kind = 'approved' AND EXISTS (
        SELECT FROM indicators_reportauthor a WHERE a.report_id = NEW.report_id AND a.user_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'nobody approves what they typed or submitted'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'step_approved_by_another';
    END IF;
    SELECT max(at) INTO before FROM indicators_step WHERE report_id = NEW.report_id;
    IF plays AND NEW.at IS NOT NULL THEN
        IF NEW.at < before OR NEW.at > clock_timestamp() THEN
            RAISE EXCEPTION 'the clock is never played back or ahead' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'clock_goes_on';
        END IF;
    ELSE
        NEW.at := greatest(clock_timestamp(), before);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER step_check BEFORE INSERT ON indicators_step
    FOR EACH ROW EXECUTE FUNCTION ledger_check_step();

CREATE FUNCTION ledger_check_report() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    p indicators_period;
    step text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.submission <> 0 THEN
            RAISE EXCEPTION 'a report begins as a draft' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'report_begins_as_draft';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.program_id, NEW.site_id, NEW.period_id) IS DISTINCT FROM (OLD.program_id, OLD.site_id, OLD.period_id) THEN
        RAISE EXCEPTION 'the key of a report never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'report_key_stays';
    END IF;
    SELECT * INTO STRICT p FROM indicators_period WHERE id = NEW.period_id;
    IF p.locked THEN
        RAISE EXCEPTION 'period % is locked', p.label USING ERRCODE = 'restrict_violation', CONSTRAINT = 'period_is_locked';
    END IF;
    IF NEW.state = OLD.state THEN
        IF NEW.submission <> OLD.submission THEN
            RAISE EXCEPTION 'only submitting counts a submission' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'report_state_follows_a_step';
        END IF;
        RETURN NEW;
    END IF;
    step := CASE
        WHEN OLD.state IN ('draft', 'returned') AND NEW.state = 'submitted' AND NEW.submission = OLD.submission + 1 THEN 'submitted'
        WHEN OLD.state = 'submitted' AND NEW.state = 'returned' AND NEW.submission = OLD.submission THEN 'returned'
        WHEN OLD.state = 'submitted' AND NEW.state = 'approved' AND NEW.submission = OLD.submission THEN 'approved'
        WHEN OLD.state = 'approved' AND NEW.state = 'returned' AND NEW.submission = OLD.submission THEN 'reopened'
    END;
    IF step IS NULL OR NOT EXISTS (
        SELECT FROM indicators_step t WHERE t.report_id = NEW.id AND t.kind = step AND t.submission = NEW.submission
    ) THEN
        RAISE EXCEPTION 'from % to % without its step', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'report_state_follows_a_step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER report_check BEFORE INSERT OR UPDATE ON indicators_report
    FOR EACH ROW EXECUTE FUNCTION ledger_check_report();
"""

# --- the ledger -------------------------------------------------------------------------------------------------

# The name of each trigger decides the order: entry_admit checks and stamps, entry_chain numbers and hashes.
ADMIT = """
CREATE FUNCTION ledger_admit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    s record;
    p indicators_period;
    old indicators_entry;
    step indicators_step;
    r indicators_report;
    plays boolean;
    before timestamptz;
BEGIN
    SELECT series.*, indicator.reported_by INTO STRICT s
        FROM indicators_series series JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
        WHERE series.id = NEW.series_id;
    NEW.program_id := s.program_id;
    PERFORM pg_advisory_xact_lock(hashtext('ledger'), s.program_id::int);
    SELECT illustrative INTO STRICT plays FROM programs_program WHERE id = s.program_id;
    SELECT e.recorded_at INTO before FROM indicators_entry e
        WHERE e.program_id = s.program_id ORDER BY e.number DESC LIMIT 1;
    IF plays AND NEW.recorded_at IS NOT NULL THEN
        IF NEW.recorded_at < before OR NEW.recorded_at > clock_timestamp() THEN
            RAISE EXCEPTION 'the clock is never played back or ahead' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'clock_goes_on';
        END IF;
    ELSE
        NEW.recorded_at := greatest(clock_timestamp(), before);
    END IF;
    IF NEW.supersedes_id IS NOT NULL THEN
        SELECT * INTO STRICT old FROM indicators_entry WHERE id = NEW.supersedes_id;
        IF (old.series_id, old.period_id, old.kind) IS DISTINCT FROM (NEW.series_id, NEW.period_id, NEW.kind) THEN
            RAISE EXCEPTION 'an entry supersedes only its own series, period and kind'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_supersedes_its_like';
        END IF;
    END IF;
    IF NEW.absence <> 'withdrawn' THEN
        PERFORM ledger_check_value(
            NEW.series_id, NEW.value, NEW.numerator, NEW.denominator, NEW.day, NEW.absence, NEW.kind = 'target'
        );
    END IF;
    NEW.published := '';
    IF NEW.evidence_id IS NOT NULL THEN
        SELECT e.published INTO NEW.published FROM indicators_evidence e
            WHERE e.id = NEW.evidence_id AND e.program_id = s.program_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'evidence of another program'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'evidence_is_of_its_program';
        END IF;
    END IF;
    IF NEW.kind = 'actual' THEN
        SELECT * INTO STRICT step FROM indicators_step WHERE id = NEW.approval_id;
        SELECT * INTO STRICT r FROM indicators_report WHERE id = step.report_id;
        SELECT * INTO STRICT p FROM indicators_period WHERE id = NEW.period_id;
        IF p.locked THEN
            RAISE EXCEPTION 'period % is locked', p.label USING ERRCODE = 'restrict_violation', CONSTRAINT = 'period_is_locked';
        END IF;
        IF (s.reported_by = 'program') <> (s.site_id IS NULL) THEN
            RAISE EXCEPTION 'this indicator is reported by the other' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_reported_by_its_reporter';
        END IF;
        IF step.kind <> 'approved' OR step.by_id <> NEW.approved_by_id OR r.state <> 'submitted'
            OR step.submission <> r.submission OR r.period_id <> NEW.period_id
            OR r.program_id <> s.program_id OR r.site_id IS DISTINCT FROM s.site_id THEN
            RAISE EXCEPTION 'this approval is not of this figure' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_approval_is_its_own';
        END IF;
        IF NOT EXISTS (SELECT FROM indicators_step t WHERE t.report_id = r.id AND t.kind = 'submitted'
                AND t.submission = r.submission AND t.by_id = NEW.submitted_by_id) THEN
            RAISE EXCEPTION 'submitted by another' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_submitted_by_its_submitter';
        END IF;
        IF NOT EXISTS (
            SELECT FROM indicators_result t WHERE t.report_id = r.id AND t.series_id = NEW.series_id
                AND (t.value::text, t.numerator::text, t.denominator::text, t.day, t.absence, t.certainty, t.explanation, t.evidence_id)
                    IS NOT DISTINCT FROM
                    (NEW.value::text, NEW.numerator::text, NEW.denominator::text, NEW.day, NEW.absence, NEW.certainty, NEW.explanation, NEW.evidence_id)
        ) AND NOT (NEW.absence = 'withdrawn' AND NOT EXISTS (
            SELECT FROM indicators_result t WHERE t.report_id = r.id AND t.series_id = NEW.series_id
                AND (t.absence <> '' OR t.value IS NOT NULL OR t.numerator IS NOT NULL)
        )) THEN
            RAISE EXCEPTION 'this figure is not what was submitted' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'entry_is_what_was_submitted';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_admit BEFORE INSERT ON indicators_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_admit();
"""

CONTENT = """
CREATE FUNCTION ledger_content(e indicators_entry) RETURNS text LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_array(
        1, program.code, e.number, e.kind,
        site.code, indicator.code, dimension.code, category.code,
        period.kind, period.label, to_char(period.first_on, 'YYYY-MM-DD'), to_char(period.last_on, 'YYYY-MM-DD'),
        e.value::text, e.numerator::text, e.denominator::text, e.day, e.absence, e.certainty, e.expected,
        e.explanation, evidence.sha256, e.published, e.change, e.reason,
        (SELECT old.number FROM indicators_entry old WHERE old.id = e.supersedes_id),
        approval.submission, approval.digest, submitter.username, approver.username,
        to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    )::text
    FROM indicators_series series
    JOIN programs_program program ON program.id = series.program_id
    JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
    LEFT JOIN programs_site site ON site.id = series.site_id
    LEFT JOIN indicators_dimension dimension ON dimension.id = series.dimension_id
    LEFT JOIN indicators_category category ON category.id = series.category_id
    CROSS JOIN indicators_period period
    CROSS JOIN programs_user approver
    LEFT JOIN programs_user submitter ON submitter.id = e.submitted_by_id
    LEFT JOIN indicators_evidence evidence ON evidence.id = e.evidence_id
    LEFT JOIN indicators_step approval ON approval.id = e.approval_id
    WHERE series.id = e.series_id AND period.id = e.period_id AND approver.id = e.approved_by_id
$$;
CREATE FUNCTION ledger_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    previous record;
BEGIN
    SELECT e.number, e.hash INTO previous FROM indicators_entry e
        WHERE e.program_id = NEW.program_id ORDER BY e.number DESC LIMIT 1;
    NEW.number := coalesce(previous.number, 0) + 1;
    NEW.hash := sha256(coalesce(previous.hash, ''::bytea) || convert_to(ledger_content(NEW), 'UTF8'));
    RETURN NEW;
END $$;
CREATE TRIGGER entry_chain BEFORE INSERT ON indicators_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_chain();
ALTER TABLE indicators_entry
    ALTER number SET NOT NULL, ALTER hash SET NOT NULL, ALTER recorded_at SET NOT NULL,
    ADD CONSTRAINT entry_hash_is_sha256 CHECK (length(hash) = 32);
ALTER TABLE indicators_step ALTER at SET NOT NULL;
"""

# --- definitions keep the meaning of what stands in the ledger ------------------------------------------------

FROZEN = """
CREATE FUNCTION ledger_frozen(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is frozen: the ledger has entries of it', what
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'meaning_is_frozen';
END $$;

CREATE FUNCTION ledger_check_program() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.code, NEW.illustrative) IS DISTINCT FROM (OLD.code, OLD.illustrative)
        AND EXISTS (SELECT FROM indicators_entry e WHERE e.program_id = OLD.id) THEN
        PERFORM ledger_frozen('program');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER program_frozen BEFORE UPDATE ON programs_program
    FOR EACH ROW EXECUTE FUNCTION ledger_check_program();

CREATE FUNCTION ledger_check_site() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.code, NEW.program_id) IS DISTINCT FROM (OLD.code, OLD.program_id) AND EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.site_id = OLD.id
    ) THEN
        PERFORM ledger_frozen('site');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER site_frozen BEFORE UPDATE ON programs_site
    FOR EACH ROW EXECUTE FUNCTION ledger_check_site();

CREATE FUNCTION ledger_check_user() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.username IS DISTINCT FROM OLD.username AND EXISTS (
        SELECT FROM indicators_entry e WHERE OLD.id IN (e.submitted_by_id, e.approved_by_id)
    ) THEN
        PERFORM ledger_frozen('user name');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER user_frozen BEFORE UPDATE ON programs_user
    FOR EACH ROW EXECUTE FUNCTION ledger_check_user();

CREATE FUNCTION ledger_has_indicator(the_indicator bigint) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.indicator_id = the_indicator
    )
$$;
CREATE FUNCTION ledger_check_indicator() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.program_id, NEW.code, NEW.measure, NEW.unit, NEW.factor, NEW.counted, NEW.may_exceed, NEW.accumulation,
        NEW.direction, NEW.over_sites, NEW.over_time, NEW.numerator_over_time, NEW.denominator_over_time,
        NEW.reported_by, NEW.frequency, NEW.calendar)
        IS DISTINCT FROM
        (OLD.program_id, OLD.code, OLD.measure, OLD.unit, OLD.factor, OLD.counted, OLD.may_exceed, OLD.accumulation,
        OLD.direction, OLD.over_sites, OLD.over_time, OLD.numerator_over_time, OLD.denominator_over_time,
        OLD.reported_by, OLD.frequency, OLD.calendar)
        AND ledger_has_indicator(OLD.id) THEN
        PERFORM ledger_frozen('indicator');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER indicator_frozen BEFORE UPDATE ON indicators_indicator
    FOR EACH ROW EXECUTE FUNCTION ledger_check_indicator();

CREATE FUNCTION ledger_check_breakdown() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND ledger_has_indicator(OLD.indicator_id)
        OR TG_OP <> 'DELETE' AND ledger_has_indicator(NEW.indicator_id) THEN
        PERFORM ledger_frozen('indicator');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER breakdown_frozen BEFORE INSERT OR UPDATE OR DELETE ON indicators_breakdown
    FOR EACH ROW EXECUTE FUNCTION ledger_check_breakdown();

CREATE FUNCTION ledger_check_dimension() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.code, NEW.additivity) IS DISTINCT FROM (OLD.code, OLD.additivity) AND EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.dimension_id = OLD.id
    ) THEN
        PERFORM ledger_frozen('dimension');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dimension_frozen BEFORE UPDATE ON indicators_dimension
    FOR EACH ROW EXECUTE FUNCTION ledger_check_dimension();

CREATE FUNCTION ledger_check_category() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.code, NEW.dimension_id) IS DISTINCT FROM (OLD.code, OLD.dimension_id) AND EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.category_id = OLD.id
    ) THEN
        PERFORM ledger_frozen('category');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER category_frozen BEFORE UPDATE ON indicators_category
    FOR EACH ROW EXECUTE FUNCTION ledger_check_category();

CREATE FUNCTION ledger_check_period() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.kind, NEW.label, NEW.first_on, NEW.last_on) IS DISTINCT FROM (OLD.kind, OLD.label, OLD.first_on, OLD.last_on)
        AND EXISTS (SELECT FROM indicators_entry e WHERE e.period_id = OLD.id) THEN
        PERFORM ledger_frozen('period');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER period_frozen BEFORE UPDATE ON indicators_period
    FOR EACH ROW EXECUTE FUNCTION ledger_check_period();

CREATE FUNCTION ledger_check_series() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.program_id, NEW.indicator_id, NEW.site_id, NEW.dimension_id, NEW.category_id)
        IS DISTINCT FROM (OLD.program_id, OLD.indicator_id, OLD.site_id, OLD.dimension_id, OLD.category_id) THEN
        RAISE EXCEPTION 'the key of a series never changes' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'series_key_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER series_key BEFORE UPDATE ON indicators_series
    FOR EACH ROW EXECUTE FUNCTION ledger_check_series();
"""

DROP_FROZEN = """
DROP TRIGGER program_frozen ON programs_program;
DROP TRIGGER site_frozen ON programs_site;
DROP TRIGGER user_frozen ON programs_user;
DROP TRIGGER indicator_frozen ON indicators_indicator;
DROP TRIGGER breakdown_frozen ON indicators_breakdown;
DROP TRIGGER dimension_frozen ON indicators_dimension;
DROP TRIGGER category_frozen ON indicators_category;
DROP TRIGGER period_frozen ON indicators_period;
DROP TRIGGER series_key ON indicators_series;
DROP FUNCTION ledger_check_program, ledger_check_site, ledger_check_user, ledger_check_indicator, ledger_check_breakdown,
    ledger_check_dimension, ledger_check_category, ledger_check_period, ledger_check_series, ledger_has_indicator, ledger_frozen;
"""

DROP_CONTENT = """
DROP TRIGGER entry_chain ON indicators_entry;
DROP FUNCTION ledger_chain;
DROP FUNCTION ledger_content;
ALTER TABLE indicators_entry
    DROP CONSTRAINT entry_hash_is_sha256,
    ALTER number DROP NOT NULL, ALTER hash DROP NOT NULL, ALTER recorded_at DROP NOT NULL;
ALTER TABLE indicators_step ALTER at DROP NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_keys")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION ledger_refuse;"),
        *(migrations.RunSQL(*only_added_to(table)) for table in ONLY_ADDED_TO),
        migrations.RunSQL(VALUE, "DROP FUNCTION ledger_check_value;"),
        migrations.RunSQL(RESULT, "DROP TRIGGER result_check ON indicators_result; DROP FUNCTION ledger_check_result;"),
        migrations.RunSQL(
            STEP,
            "DROP TRIGGER step_check ON indicators_step; DROP TRIGGER report_check ON indicators_report;"
            "DROP FUNCTION ledger_check_step, ledger_check_report;",
        ),
        migrations.RunSQL(ADMIT, "DROP TRIGGER entry_admit ON indicators_entry; DROP FUNCTION ledger_admit;"),
        migrations.RunSQL(CONTENT, DROP_CONTENT),
        migrations.RunSQL(FROZEN, DROP_FROZEN),
    ]
