"""What is said when a constraint of measurement refuses that no form could foresee."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from programs.admin.refusals import SAID

ELSEWHERE = _("This belongs to another program.")

SAID.update(
    {
        "objective_parent_is_of_its_program": (("parent", "program"), ELSEWHERE),
        "objective_tree_has_no_circle": (("parent",), _("An objective can't serve itself.")),
        "indicator_succession_has_no_circle": (("predecessor",), _("An indicator can't succeed itself.")),
        "indicator_succeeds_what_is_closed": (
            ("predecessor", "closed_on", "starts_on"),
            _("An indicator succeeds one that closed before it starts: give both days."),
        ),
        "indicator_closes_after_its_figures": (
            ("closed_on",),
            _("There are figures of periods after that day. Choose a later day, or take them back first."),
        ),
        "category_is_not_repurposed": (
            (),
            _(
                "The ledger has figures of this category: its spelling can be corrected, but it can't come "
                "to mean another thing. Retire it and add a new one."
            ),
        ),
        "unit_is_not_repurposed": (
            ("unit_es",),
            _("The ledger has figures in this unit: of its Spanish name only the spelling can be corrected."),
        ),
        "indicator_objective_is_of_its_program": (("objective", "program"), ELSEWHERE),
        "indicator_predecessor_is_of_its_program": (("predecessor", "program"), ELSEWHERE),
        "series_indicator_is_of_its_program": (
            ("program",),
            _("Its series belong to its program. Make it anew in the other program instead."),
        ),
        "series_site_is_of_its_program": (("site", "program"), _("This site belongs to another program.")),
        "series_category_is_of_its_dimension": (
            ("category", "dimension"),
            _("Series rest on this category and its dimension."),
        ),
        "series_dimension_is_of_its_indicator": (
            ("dimension",),
            _("The indicator is not broken down by this dimension, or has series of it already."),
        ),
        "series_key_stays": ((), _("The key of a series never changes. Remove it and lay another.")),
        "report_site_is_of_its_program": (("program",), _("Reports rest on this site and its program.")),
        "period_is_regular": (
            ("first_on", "last_on"),
            _("These days are not those of a period of this kind."),
        ),
        "period_label_says_its_days": (
            ("label",),
            _("Only a period of the kind “other” has a label of its own."),
        ),
        "period_is_locked": (("locked",), _("This period is locked.")),
    }
)
