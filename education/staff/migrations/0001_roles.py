from django.db import migrations

from education.staff import roles


def write(apps, schema_editor):
    roles.write(apps)


class Migration(migrations.Migration):
    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('articles', '0001_initial'),
        ('audit', '0001_initial'),
        ('checklists', '0001_initial'),
        ('clinic', '0002_desk_email'),
        ('media', '0001_initial'),
        ('publishing', '0003_desk'),
        ('references', '0001_initial'),
        ('selfcheck', '0001_initial'),
    ]

    # Going back leaves the roles to those who have them.
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
