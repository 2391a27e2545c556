"""Files as evidence: what is kept of them stands with files only."""

from django.db import migrations, models
from django.db.models import Q

KINDS = [("link", "link"), ("citation", "citation"), ("file", "file")]
TYPES = [
    "application/pdf",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/csv",
    "text/plain",
]


class Migration(migrations.Migration):
    dependencies = [("indicators", "0011_content")]
    operations = [
        migrations.AlterField("evidence", "kind", models.CharField(choices=KINDS, max_length=8, verbose_name="kind")),
        migrations.AlterField(
            "evidence", "text", models.TextField(verbose_name="address, citation or name of the file")
        ),
        migrations.AddField(
            "evidence",
            "stored",
            models.CharField(blank=True, db_default="", default="", max_length=35, verbose_name="stored as"),
        ),
        migrations.AddField(
            "evidence", "size", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="bytes")
        ),
        migrations.AddField(
            "evidence",
            "content_type",
            models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="kind of content"),
        ),
        migrations.RemoveConstraint("evidence", "evidence_kind_is_known"),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(kind__in=("link", "citation", "file")), name="evidence_kind_is_known"
            ),
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=Q(kind="file", stored__regex=r"^[0-9a-f]{2}/[0-9a-f]{32}$", size__gt=0, published="")
                & Q(content_type__in=TYPES)
                | ~Q(kind="file") & Q(stored="", size=None, content_type=""),
                name="evidence_file_is_stored",
            ),
        ),
        migrations.AddConstraint(
            "evidence",
            models.UniqueConstraint(fields=["stored"], condition=Q(kind="file"), name="evidence_is_stored_once"),
        ),
    ]
