"""Who typed in which box, and what was submitted: kept from now on."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0007_observed")]
    operations = [
        migrations.AddField(
            "result",
            "typists",
            models.JSONField(blank=True, default=dict, verbose_name="typed by, box by box"),
        ),
        migrations.AddField(
            "step",
            "content",
            models.JSONField(blank=True, default=None, null=True, verbose_name="content"),
        ),
    ]
