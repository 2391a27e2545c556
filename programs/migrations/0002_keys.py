from django.db import migrations

# a site and its program stand together in an assignment, so a site of another program is refused
FORWARD = """
ALTER TABLE programs_assignment
    ADD CONSTRAINT assignment_site_is_of_its_program
    FOREIGN KEY (site_id, program_id) REFERENCES programs_site (id, program_id);
"""
BACKWARD = "ALTER TABLE programs_assignment DROP CONSTRAINT assignment_site_is_of_its_program;"


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
