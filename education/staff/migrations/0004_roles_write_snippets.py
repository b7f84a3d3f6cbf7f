from django.db import migrations

from education.staff import roles


def write(apps, schema_editor):
    roles.write(apps)


class Migration(migrations.Migration):
    dependencies = [
        ('articles', '0004_snippets'),
        ('staff', '0003_sign_in_tries'),
    ]

    # Going back leaves the roles to those who have them.
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
