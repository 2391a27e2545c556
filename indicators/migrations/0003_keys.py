from django.db import migrations

# Foreign keys of two columns: what belongs to another program, indicator or dimension is refused.
KEYS = (
    ("indicators_objective", "objective_parent_is_of_its_program", "parent_id, program_id", "indicators_objective (id, program_id)"),
    ("indicators_indicator", "indicator_objective_is_of_its_program", "objective_id, program_id", "indicators_objective (id, program_id)"),
    ("indicators_indicator", "indicator_predecessor_is_of_its_program", "predecessor_id, program_id", "indicators_indicator (id, program_id)"),
    ("indicators_series", "series_indicator_is_of_its_program", "indicator_id, program_id", "indicators_indicator (id, program_id)"),
    ("indicators_series", "series_site_is_of_its_program", "site_id, program_id", "programs_site (id, program_id)"),
    ("indicators_series", "series_category_is_of_its_dimension", "category_id, dimension_id", "indicators_category (id, dimension_id)"),
    ("indicators_series", "series_dimension_is_of_its_indicator", "indicator_id, dimension_id", "indicators_breakdown (indicator_id, dimension_id)"),
    ("indicators_report", "report_site_is_of_its_program", "site_id, program_id", "programs_site (id, program_id)"),
)  # fmt: skip

# a dated period has exactly the days of its kind
REGULAR = """
ALTER TABLE indicators_period ADD CONSTRAINT period_is_regular CHECK (
    kind IN ('life', 'other')
    OR (extract(day FROM first_on) = 1 AND (
        (kind = 'month' AND last_on = first_on + interval '1 month' - interval '1 day')
        OR (kind = 'quarter' AND extract(month FROM first_on) IN (1, 4, 7, 10)
            AND last_on = first_on + interval '3 months' - interval '1 day')
        OR (kind = 'half' AND extract(month FROM first_on) IN (1, 4, 7, 10)
            AND last_on = first_on + interval '6 months' - interval '1 day')
        OR (kind = 'year' AND extract(month FROM first_on) IN (1, 10)
            AND last_on = first_on + interval '12 months' - interval '1 day')
    ))
);
"""

OPERATIONS = [
    migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {target};",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )
    for table, name, columns, target in KEYS
]


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_relations"), ("programs", "0002_keys")]
    operations = [
        *OPERATIONS,
        migrations.RunSQL(REGULAR, "ALTER TABLE indicators_period DROP CONSTRAINT period_is_regular;"),
    ]
