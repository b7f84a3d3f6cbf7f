import unicodedata

import django.db.models.deletion
from django.db import migrations, models

from education.publishing import triggers


def sort_key(name):
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.casefold().strip()[:200]


def rows(edition, model):
    for place, name in enumerate(dict.fromkeys((edition.heading, *edition.synonyms))):
        key = sort_key(name)
        yield model(
            edition_id=edition.pk,
            kind=edition.document.kind,
            language=edition.document.language,
            letter=key[0] if key[:1].isalpha() else "other",
            sort_key=key,
            name=name,
            is_synonym=place > 0,
        )


def fill(apps, schema_editor):
    """The names of editions that were frozen before."""
    name = apps.get_model("publishing", "EditionName")
    editions = apps.get_model("publishing", "Edition").objects.select_related("document")
    found = editions.only("heading", "synonyms", "document__kind", "document__language").order_by("pk")
    waiting = []
    for edition in found.iterator(chunk_size=1000):
        waiting.extend(rows(edition, name))
        if len(waiting) > 1000:
            name.objects.bulk_create(waiting, batch_size=100)
            waiting = []
    name.objects.bulk_create(waiting, batch_size=100)


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0005_edition_facet'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.CreateModel(
            name='EditionName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=12)),
                ('letter', models.CharField(max_length=8)),
                ('sort_key', models.CharField(max_length=200)),
                ('name', models.CharField(max_length=200)),
                ('is_synonym', models.BooleanField()),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='names', to='publishing.edition')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'language', 'letter', 'sort_key', 'edition'], name='editionname_place')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'name'), name='edition_name_is_unique')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
