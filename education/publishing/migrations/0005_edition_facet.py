import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat

from education.publishing import triggers


def fill(apps, schema_editor):
    """The causes of articles that were frozen before; what else is a facet now, they could not name."""
    use = apps.get_model("publishing", "EditionUse")
    facet = apps.get_model("publishing", "EditionFacet")
    rows = use.objects.filter(edition__document__kind="article", document__kind="cause")
    named = rows.annotate(facet=Concat(Value("cause/"), F("document__slug"), output_field=models.CharField()))
    facet.objects.bulk_create(
        [facet(edition_id=edition, facet=name) for edition, name in named.values_list("edition", "facet")],
        batch_size=1000,
    )


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0004_publication_at_index'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, install),
        migrations.CreateModel(
            name='EditionFacet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facet', models.CharField(max_length=100)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facets', to='publishing.edition')),
            ],
            options={
                'indexes': [models.Index(fields=['facet', '-edition'], name='editionfacet_facet')],
                'constraints': [models.UniqueConstraint(fields=('edition', 'facet'), name='edition_facet_is_unique')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
