from django.db import migrations, models

from education.publishing import triggers


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


def number_acts(apps, schema_editor):
    """What one person entered for one moment was decided together, in the order in which it was entered."""
    publication = apps.get_model("publishing", "Publication")
    entries = publication.objects.order_by("pk").values_list("pk", "at", "by", "document")
    number, seen, before = 0, set(), None
    for pk, at, by, document in entries:
        if (at, by) != before or document in seen:
            number, seen, before = number + 1, set(), (at, by)
        seen.add(document)
        publication.objects.filter(pk=pk).update(act=number)


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0008_name_with_its_document'),
    ]

    operations = [
        migrations.RunPython(remove, install),
        migrations.AddField(
            model_name='publication',
            name='act',
            field=models.PositiveBigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(number_acts, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('act', 'document'), name='publication_once_in_an_act'),
        ),
        migrations.RunPython(install, remove),
    ]
