from django.db import migrations

from education.staff.accounts import roles


def write(apps, schema_editor):
    roles.sync_roles(apps)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('staff', '0003_preview_link'),
    ]

    operations = [
        # Going back leaves the roles to those who have them.
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
