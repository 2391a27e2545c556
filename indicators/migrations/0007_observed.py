"""An actual figure was observed: what is expected is a target, or a baseline."""

from django.db import migrations

OBSERVED = """
ALTER TABLE indicators_entry
    ADD CONSTRAINT entry_actual_is_observed CHECK (kind <> 'actual' OR NOT expected);
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0006_names")]
    operations = [
        migrations.RunSQL(OBSERVED, "ALTER TABLE indicators_entry DROP CONSTRAINT entry_actual_is_observed;")
    ]
