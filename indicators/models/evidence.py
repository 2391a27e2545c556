from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from indicators.files import ENDINGS
from indicators.models.entry import Entry
from indicators.models.fields import IsoDayField, day_is_iso
from indicators.models.report import Report
from indicators.models.result import Result

if TYPE_CHECKING:
    from programs.models import User


STORED = r"^[0-9a-f]{2}/[0-9a-f]{32}$"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def seen_by(self, user: User) -> EvidenceQuerySet:
        """What a draft that this person sees rests on, or a figure in the ledger that they see."""
        if user.is_administrator:
            return self
        mine = user.assignments.all()
        everywhere = mine.filter(site=None).values("program")
        entries = Entry.objects.filter(evidence=OuterRef("pk"))
        own = Q(program__in=everywhere) | Q(series__site__in=mine.filter(site__isnull=False).values("site"))
        drafts = Result.objects.filter(evidence=OuterRef("pk"), report__in=Report.objects.for_user(user))
        return self.filter(Exists(drafts) | Exists(entries.filter(own)))


class Evidence(models.Model):
    """A link, a citation or a file that a figure rests on; never changed, known by its digest.

    Of a file, `sha256` is that of its content, `text` its name as shown, `stored` where it lies below
    settings.EVIDENCE_DIR.
    """

    class Kind(models.TextChoices):
        LINK = "link", _("link")
        CITATION = "citation", _("citation")
        FILE = "file", _("file")

    program = models.ForeignKey(
        "programs.Program", models.PROTECT, related_name="evidence", verbose_name=_("program")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("address, citation or name of the file"))
    published = IsoDayField(_("published"))
    sha256 = models.CharField(_("digest"), max_length=64)
    stored = models.CharField(_("stored as"), max_length=35, blank=True, default="", db_default="")
    size = models.PositiveBigIntegerField(_("bytes"), null=True, blank=True)
    content_type = models.CharField(
        _("kind of content"), max_length=100, blank=True, default="", db_default=""
    )
    created_by = models.ForeignKey(
        "programs.User", models.PROTECT, related_name="+", verbose_name=_("typed by")
    )
    created_at = models.DateTimeField(_("typed at"), auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("link", "citation", "file")), name="evidence_kind_is_known"
            ),
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
            models.CheckConstraint(
                condition=Q(kind="file", stored__regex=STORED, size__gt=0, published="")
                & Q(content_type__in=sorted(ENDINGS))
                | ~Q(kind="file") & Q(stored="", size=None, content_type=""),
                name="evidence_file_is_stored",
            ),
            models.UniqueConstraint(
                fields=["stored"], condition=Q(kind="file"), name="evidence_is_stored_once"
            ),
            models.UniqueConstraint(fields=["program", "sha256"], name="evidence_stands_once"),
        ]

    def __str__(self) -> str:
        return self.text
