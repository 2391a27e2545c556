"""Names and summaries in Spanish too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0005_only_added'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='program',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='program',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='program',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='program',
            name='name_es',
            field=models.CharField(blank=True, max_length=160, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='program',
            name='summary_es',
            field=models.TextField(blank=True, verbose_name='what it does, in Spanish'),
        ),
        migrations.AddField(
            model_name='programevent',
            name='name_es',
            field=models.CharField(blank=True, max_length=160, verbose_name='name in Spanish'),
        ),
        migrations.AddField(
            model_name='programevent',
            name='summary_es',
            field=models.TextField(blank=True, verbose_name='what it does, in Spanish'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='program',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_programevent" ("code", "component", "ends_on", "id", "illustrative", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "summary", "summary_es", "tolerance") VALUES (NEW."code", NEW."component", NEW."ends_on", NEW."id", NEW."illustrative", NEW."name", NEW."name_es", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source", NEW."starts_on", NEW."summary", NEW."summary_es", NEW."tolerance"); RETURN NULL;', hash='324b2e2e6328eec6df7a85b0f6f907bc49c21481', operation='INSERT', pgid='pgtrigger_insert_insert_5a554', table='programs_program', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='program',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programs_programevent" ("code", "component", "ends_on", "id", "illustrative", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "summary", "summary_es", "tolerance") VALUES (NEW."code", NEW."component", NEW."ends_on", NEW."id", NEW."illustrative", NEW."name", NEW."name_es", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source", NEW."starts_on", NEW."summary", NEW."summary_es", NEW."tolerance"); RETURN NULL;', hash='db3c2c5edd5cbbc0204eb2067e82693167b731bd', operation='UPDATE', pgid='pgtrigger_update_update_7f86c', table='programs_program', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='program',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_programevent" ("code", "component", "ends_on", "id", "illustrative", "name", "name_es", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "starts_on", "summary", "summary_es", "tolerance") VALUES (OLD."code", OLD."component", OLD."ends_on", OLD."id", OLD."illustrative", OLD."name", OLD."name_es", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."starts_on", OLD."summary", OLD."summary_es", OLD."tolerance"); RETURN NULL;', hash='cb731b2806a9453a7e93a0a2c7c928a0308bb614', operation='DELETE', pgid='pgtrigger_delete_delete_7c1d4', table='programs_program', when='AFTER')),
        ),
    ]
