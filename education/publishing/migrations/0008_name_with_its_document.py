import django.db.models.deletion
from django.db import migrations, models

from education.publishing import triggers

INDEX = "editionname_place"


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


def keep(apps, schema_editor):
    """The names are taken out, and put in again with their documents: those of a row are never changed."""
    name = apps.get_model("publishing", "EditionName")
    kept.extend(name.objects.order_by("pk").values())
    name.objects.all().delete()


def put_back(apps, schema_editor):
    name = apps.get_model("publishing", "EditionName")
    documents = dict(apps.get_model("publishing", "Edition").objects.values_list("pk", "document"))
    rows = (name(**row, document_id=documents[row["edition_id"]]) for row in kept)
    name.objects.bulk_create(rows, batch_size=100)
    kept.clear()


kept = []


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0007_live_by_the_index_alone'),
    ]

    operations = [
        migrations.RunPython(remove, install),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name='editionname', name=INDEX),
        migrations.AddField(
            model_name='editionname',
            name='document',
            field=models.ForeignKey(
                db_index=False, default=None, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.document'
            ),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='editionname',
            index=models.Index(
                fields=['kind', 'language', 'letter', 'sort_key', 'edition', 'document'], name=INDEX
            ),
        ),
        migrations.RunPython(put_back, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
