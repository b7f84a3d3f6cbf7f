from django.db import migrations, models

from education.publishing import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0010_kinds_of_change'),
    ]

    operations = [
        # A table that is rebuilt loses its triggers; they come back at the end.
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name='review',
            name='confirmed',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(install, remove),
    ]
