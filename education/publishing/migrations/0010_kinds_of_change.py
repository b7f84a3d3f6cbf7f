import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from education.publishing import triggers

KINDS = ["same-text", "checked-text", "advice"]


def install(apps, schema_editor):
    triggers.install(schema_editor)


def remove(apps, schema_editor):
    triggers.remove(schema_editor)


def name_the_kinds(apps, schema_editor):
    """What a person called a change of wording was compared by nobody. A first edition is all advice."""
    edition = apps.get_model("publishing", "Edition")
    edition.objects.filter(number=1).update(change="advice")
    edition.objects.filter(change="wording").update(change="checked-text")


def record_replacements(apps, schema_editor):
    """What each edition changed for readers of the one before, as far as it was recorded then."""
    advice = {}
    editions = apps.get_model("publishing", "Edition").objects.order_by("pk")
    for document, number in editions.filter(change="advice").values_list("document", "number"):
        advice.setdefault(document, []).append(number)
    entries = apps.get_model("publishing", "Publication").objects.filter(edition__isnull=False)
    last, kinds = {}, {}
    for document, pk, number in entries.order_by("at", "pk").values_list("document", "edition", "edition__number"):
        replaced, before = last.get(document, (pk, number))
        last[document] = pk, number
        between = range(min(before, number) + 1, max(before, number) + 1)
        if replaced != pk:
            is_advice = any(one in between for one in advice.get(document, ()))
            kinds[pk, replaced] = "advice" if is_advice else "checked-text"
    replacement = apps.get_model("publishing", "Replacement")
    replacement.objects.bulk_create(
        (
            replacement(edition_id=edition, replaced_id=replaced, change=change)
            for (edition, replaced), change in kinds.items()
        ),
        batch_size=100,
    )


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('publishing', '0009_publication_act'),
    ]

    operations = [
        migrations.RunPython(remove, install),
        migrations.RemoveConstraint(model_name='edition', name='edition_change_is_known'),
        migrations.AlterField(
            model_name='edition',
            name='change',
            field=models.CharField(choices=[('same-text', 'Same text'), ('checked-text', 'Wording'), ('advice', 'Advice')], max_length=20),
        ),
        migrations.RunPython(name_the_kinds, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('change__in', KINDS)), name='edition_change_is_known'),
        ),
        migrations.CreateModel(
            name='Replacement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.CharField(choices=[('same-text', 'Same text'), ('checked-text', 'Wording'), ('advice', 'Advice')], max_length=20)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replacements', to='publishing.edition')),
                ('replaced', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.edition')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('edition', 'replaced'), name='replacement_is_unique'),
                    models.CheckConstraint(condition=models.Q(('change__in', KINDS)), name='replacement_change_is_known'),
                ],
            },
        ),
        migrations.CreateModel(
            name='WordingCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shown_as', models.CharField(max_length=120)),
                ('on', models.DateField()),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('compared_with', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.edition')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wording_checks', to='publishing.edition')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('edition', 'compared_with'), name='wording_check_is_unique'),
                    models.CheckConstraint(condition=models.Q(('edition', models.F('compared_with')), _negated=True), name='wording_check_compares_two_editions'),
                ],
            },
        ),
        migrations.RunPython(record_replacements, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
