from django.db import migrations

from education.staff import roles


def write(apps, schema_editor):
    roles.write(apps)


class Migration(migrations.Migration):
    dependencies = [
        ('feedback', '0001_initial'),
        ('staff', '0001_roles'),
    ]

    # Going back leaves the roles to those who have them.
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
