import django.db.models.deletion
from django.db import migrations, models

from education.search.indexing import index


def create(apps, schema_editor):
    index().create()


def drop(apps, schema_editor):
    index().drop()


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('publishing', '0003_desk'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=12)),
                ('version', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('anchor', models.CharField(blank=True, max_length=100)),
                ('also', models.JSONField(default=list)),
                ('summary', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='publishing.document')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='publishing.edition')),
            ],
        ),
        migrations.CreateModel(
            name='KnownWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=12)),
                ('word', models.CharField(max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('language', 'word'), name='known_word_is_unique')],
            },
        ),
        migrations.CreateModel(
            name='Miss',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True)),
                ('digest', models.CharField(max_length=64)),
                ('count', models.PositiveIntegerField(default=1)),
                ('word', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('digest', 'day'), name='miss_is_counted_by_day')],
            },
        ),
        # What each database needs in its own form. Editions that exist are written into it at the next start.
        migrations.RunPython(create, drop),
    ]
