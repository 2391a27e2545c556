"""Names and the words of reference sheets in Spanish too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# What the Spanish text says of a category or a unit with figures may be given once; then only its spelling is mended.
SPANISH = """
CREATE FUNCTION ledger_check_category_es() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT ledger_is_spelling(OLD.name_es, NEW.name_es) AND EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.category_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'a category with figures is not renamed to mean another thing: %', OLD.name_es
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'category_is_not_repurposed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER category_es BEFORE UPDATE OF name_es ON indicators_category
    FOR EACH ROW WHEN (OLD.name_es <> '' AND NEW.name_es IS DISTINCT FROM OLD.name_es)
    EXECUTE FUNCTION ledger_check_category_es();

CREATE FUNCTION ledger_check_unit_es() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT ledger_is_spelling(OLD.unit_es, NEW.unit_es) AND EXISTS (
        SELECT FROM indicators_entry e JOIN indicators_series s ON s.id = e.series_id WHERE s.indicator_id = OLD.id
    ) THEN
        RAISE EXCEPTION 'a unit with figures is not renamed to mean another thing: %', OLD.unit_es
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'unit_is_not_repurposed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER indicator_unit_es BEFORE UPDATE OF unit_es ON indicators_indicator
    FOR EACH ROW WHEN (OLD.unit_es <> '' AND NEW.unit_es IS DISTINCT FROM OLD.unit_es)
    EXECUTE FUNCTION ledger_check_unit_es();
"""
DROP_SPANISH = """
DROP TRIGGER indicator_unit_es ON indicators_indicator;
DROP TRIGGER category_es ON indicators_category;
DROP FUNCTION ledger_check_unit_es, ledger_check_category_es;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0009_successors'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='category',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='category',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='category',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='dimension',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='dimension',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='dimension',
            name='delete_delete',
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
        pgtrigger.migrations.RemoveTrigger(
            model_name='objective',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='objective',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='objective',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='category',
            name='name_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='categoryevent',
            name='name_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='dimension',
            name='name_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='dimensionevent',
            name='name_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='definition_es',
            field=models.TextField(blank=True, verbose_name='definition in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='denominator_label_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='denominator in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='limitations_es',
            field=models.TextField(blank=True, verbose_name='known limitations in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='method_es',
            field=models.TextField(blank=True, verbose_name='method of collection in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='name_es',
            field=models.CharField(blank=True, max_length=240, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='numerator_label_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='numerator in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='responsible_es',
            field=models.CharField(blank=True, max_length=160, verbose_name='responsible in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='source_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='means of verification in Spanish'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='unit_es',
            field=models.CharField(blank=True, max_length=40, verbose_name='unit in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='definition_es',
            field=models.TextField(blank=True, verbose_name='definition in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='denominator_label_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='denominator in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='limitations_es',
            field=models.TextField(blank=True, verbose_name='known limitations in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='method_es',
            field=models.TextField(blank=True, verbose_name='method of collection in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='name_es',
            field=models.CharField(blank=True, max_length=240, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='numerator_label_es',
            field=models.CharField(blank=True, max_length=120, verbose_name='numerator in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='responsible_es',
            field=models.CharField(blank=True, max_length=160, verbose_name='responsible in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='source_es',
            field=models.CharField(blank=True, max_length=300, verbose_name='means of verification in Spanish'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='unit_es',
            field=models.CharField(blank=True, max_length=40, verbose_name='unit in Spanish'),
        ),
        migrations.AddField(
            model_name='objective',
            name='name_es',
            field=models.CharField(blank=True, max_length=240, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='objectiveevent',
            name='name_es',
            field=models.CharField(blank=True, max_length=240, verbose_name='name in Spanish'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_categoryevent" ("code", "dimension_id", "id", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "retired_on") VALUES (NEW."code", NEW."dimension_id", NEW."id", NEW."name", NEW."name_es", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."retired_on"); RETURN NULL;', hash='3bbcd49f8c6c40ab7f473faa222e0f991d86b039', operation='INSERT', pgid='pgtrigger_insert_insert_0b8cd', table='indicators_category', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "indicators_categoryevent" ("code", "dimension_id", "id", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "retired_on") VALUES (NEW."code", NEW."dimension_id", NEW."id", NEW."name", NEW."name_es", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."retired_on"); RETURN NULL;', hash='27d1d1482b48aee8dca37c07606f32d3a65e94d7', operation='UPDATE', pgid='pgtrigger_update_update_64b65', table='indicators_category', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='category',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_categoryevent" ("code", "dimension_id", "id", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "retired_on") VALUES (OLD."code", OLD."dimension_id", OLD."id", OLD."name", OLD."name_es", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."retired_on"); RETURN NULL;', hash='13a2d7899383938dcae2dceadc2b8e994ec2ce89', operation='DELETE', pgid='pgtrigger_delete_delete_1df40', table='indicators_category', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dimension',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_dimensionevent" ("additivity", "code", "id", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."additivity", NEW."code", NEW."id", NEW."name", NEW."name_es", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='80ab64ee4d70509816d2c3802d6b33683d375633', operation='INSERT', pgid='pgtrigger_insert_insert_d0975', table='indicators_dimension', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dimension',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "indicators_dimensionevent" ("additivity", "code", "id", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."additivity", NEW."code", NEW."id", NEW."name", NEW."name_es", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='605de5b4d16621d2fa7f0d0327d7f6523bd41007', operation='UPDATE', pgid='pgtrigger_update_update_4fd72', table='indicators_dimension', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='dimension',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_dimensionevent" ("additivity", "code", "id", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."additivity", OLD."code", OLD."id", OLD."name", OLD."name_es", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='a010b45bf54f55beb608474189d3d2fa912dcc5e', operation='DELETE', pgid='pgtrigger_delete_delete_231e6', table='indicators_dimension', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_indicatorevent" ("accumulation", "break_reason", "calendar", "closed_on", "code", "counted", "definition", "definition_es", "denominator_label", "denominator_label_es", "denominator_over_time", "direction", "factor", "frequency", "id", "limitations", "limitations_es", "may_exceed", "measure", "method", "method_es", "name", "name_es", "numerator_label", "numerator_label_es", "numerator_over_time", "objective_id", "over_sites", "over_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "program_id", "reported_by", "responsible", "responsible_es", "source", "source_es", "standard_code", "starts_on", "unit", "unit_es", "vocabulary") VALUES (NEW."accumulation", NEW."break_reason", NEW."calendar", NEW."closed_on", NEW."code", NEW."counted", NEW."definition", NEW."definition_es", NEW."denominator_label", NEW."denominator_label_es", NEW."denominator_over_time", NEW."direction", NEW."factor", NEW."frequency", NEW."id", NEW."limitations", NEW."limitations_es", NEW."may_exceed", NEW."measure", NEW."method", NEW."method_es", NEW."name", NEW."name_es", NEW."numerator_label", NEW."numerator_label_es", NEW."numerator_over_time", NEW."objective_id", NEW."over_sites", NEW."over_time", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."predecessor_id", NEW."program_id", NEW."reported_by", NEW."responsible", NEW."responsible_es", NEW."source", NEW."source_es", NEW."standard_code", NEW."starts_on", NEW."unit", NEW."unit_es", NEW."vocabulary"); RETURN NULL;', hash='91b002fc562cac193106f8c2a6afaed012561ef2', operation='INSERT', pgid='pgtrigger_insert_insert_6ab67', table='indicators_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "indicators_indicatorevent" ("accumulation", "break_reason", "calendar", "closed_on", "code", "counted", "definition", "definition_es", "denominator_label", "denominator_label_es", "denominator_over_time", "direction", "factor", "frequency", "id", "limitations", "limitations_es", "may_exceed", "measure", "method", "method_es", "name", "name_es", "numerator_label", "numerator_label_es", "numerator_over_time", "objective_id", "over_sites", "over_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "program_id", "reported_by", "responsible", "responsible_es", "source", "source_es", "standard_code", "starts_on", "unit", "unit_es", "vocabulary") VALUES (NEW."accumulation", NEW."break_reason", NEW."calendar", NEW."closed_on", NEW."code", NEW."counted", NEW."definition", NEW."definition_es", NEW."denominator_label", NEW."denominator_label_es", NEW."denominator_over_time", NEW."direction", NEW."factor", NEW."frequency", NEW."id", NEW."limitations", NEW."limitations_es", NEW."may_exceed", NEW."measure", NEW."method", NEW."method_es", NEW."name", NEW."name_es", NEW."numerator_label", NEW."numerator_label_es", NEW."numerator_over_time", NEW."objective_id", NEW."over_sites", NEW."over_time", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."predecessor_id", NEW."program_id", NEW."reported_by", NEW."responsible", NEW."responsible_es", NEW."source", NEW."source_es", NEW."standard_code", NEW."starts_on", NEW."unit", NEW."unit_es", NEW."vocabulary"); RETURN NULL;', hash='46826940e13066c847779409706e8a1b896e2dc3', operation='UPDATE', pgid='pgtrigger_update_update_4281e', table='indicators_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_indicatorevent" ("accumulation", "break_reason", "calendar", "closed_on", "code", "counted", "definition", "definition_es", "denominator_label", "denominator_label_es", "denominator_over_time", "direction", "factor", "frequency", "id", "limitations", "limitations_es", "may_exceed", "measure", "method", "method_es", "name", "name_es", "numerator_label", "numerator_label_es", "numerator_over_time", "objective_id", "over_sites", "over_time", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "predecessor_id", "program_id", "reported_by", "responsible", "responsible_es", "source", "source_es", "standard_code", "starts_on", "unit", "unit_es", "vocabulary") VALUES (OLD."accumulation", OLD."break_reason", OLD."calendar", OLD."closed_on", OLD."code", OLD."counted", OLD."definition", OLD."definition_es", OLD."denominator_label", OLD."denominator_label_es", OLD."denominator_over_time", OLD."direction", OLD."factor", OLD."frequency", OLD."id", OLD."limitations", OLD."limitations_es", OLD."may_exceed", OLD."measure", OLD."method", OLD."method_es", OLD."name", OLD."name_es", OLD."numerator_label", OLD."numerator_label_es", OLD."numerator_over_time", OLD."objective_id", OLD."over_sites", OLD."over_time", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."predecessor_id", OLD."program_id", OLD."reported_by", OLD."responsible", OLD."responsible_es", OLD."source", OLD."source_es", OLD."standard_code", OLD."starts_on", OLD."unit", OLD."unit_es", OLD."vocabulary"); RETURN NULL;', hash='426c3da19ce8594c468f75de675500889f2f9022', operation='DELETE', pgid='pgtrigger_delete_delete_f068f', table='indicators_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objective',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_objectiveevent" ("code", "id", "level", "name", "name_es", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") VALUES (NEW."code", NEW."id", NEW."level", NEW."name", NEW."name_es", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."program_id"); RETURN NULL;', hash='32d694143642b9ace4b73e2dcb4bc9c51252c94d', operation='INSERT', pgid='pgtrigger_insert_insert_c9024', table='indicators_objective', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objective',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "indicators_objectiveevent" ("code", "id", "level", "name", "name_es", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") VALUES (NEW."code", NEW."id", NEW."level", NEW."name", NEW."name_es", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id"); RETURN NULL;', hash='2d1b8272baf5f4c67b3872fe01b17031f0f6b4fa', operation='UPDATE', pgid='pgtrigger_update_update_9232b', table='indicators_objective', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='objective',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "indicators_objectiveevent" ("code", "id", "level", "name", "name_es", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id") VALUES (OLD."code", OLD."id", OLD."level", OLD."name", OLD."name_es", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."program_id"); RETURN NULL;', hash='dd02f774e0e4007b4a65dcf585668d4f8ac49cea', operation='DELETE', pgid='pgtrigger_delete_delete_91575', table='indicators_objective', when='AFTER')),
        ),
        migrations.RunSQL(SPANISH, DROP_SPANISH),
    ]
