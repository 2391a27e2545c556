from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import IsoDayField, day_is_iso


class Evidence(models.Model):
    """A link or a citation that a figure rests on; never changed, known by its digest."""

    class Kind(models.TextChoices):
        LINK = "link", _("link")
        CITATION = "citation", _("citation")

    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="evidence", verbose_name=_("program")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("address or citation"))
    published = IsoDayField(_("published"))
    sha256 = models.CharField(_("digest"), max_length=64)
    created_by = models.ForeignKey(
        "programs.User", models.PROTECT, related_name="+", verbose_name=_("typed by")
    )
    created_at = models.DateTimeField(_("typed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=("link", "citation")), name="evidence_kind_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="evidence_says_something"),
            models.CheckConstraint(
                condition=~Q(kind="link") | Q(text__iregex=r"^https?://"),
                name="evidence_link_is_http",
                violation_error_message=_("A link starts with https:// or http://."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="evidence_digest_is_sha256"
            ),
            day_is_iso("evidence", "published"),
            models.UniqueConstraint(fields=["program", "sha256"], name="evidence_stands_once"),
        ]

    def __str__(self) -> str:
        return self.text
