"""What a site needs so that it can answer, and that it has."""

from __future__ import annotations

import shutil
import time

from django.conf import settings
from django.db import Error

from education.operations.health import database_file
from education.operations.health.database_logging import is_database_away
from education.publishing.models import Document
from education.web.models import ThrottleCounter

MIN_FREE_BYTES = 20 * 1024 * 1024

NO_DATABASE = "The database does not answer."
NO_TABLES = "The database has not the tables of this version. Run: manage.py migrate"
FILE_GONE = "The database file was deleted or replaced. Restore a backup, then restart the site."
NOT_WRITABLE = "The database cannot be written to. Is the disk full, or not writable?"
DISK_FULL = "The disk is full: less than 20 MB are free."


def reading_problem() -> str:
    """Why readers cannot be answered; empty when they can."""
    if not database_file.is_in_place():
        return FILE_GONE
    try:
        Document.objects.exists()
    except Error as error:
        is_old = "no such table" in str(error) or not is_database_away(error)
        return NO_TABLES if is_old else NO_DATABASE
    return ""


def writing_problem() -> str:
    """Why nothing can be saved; empty when it can."""
    try:
        counter, _is_new = ThrottleCounter.objects.get_or_create(scope="health", window=0, bucket=0)
        counter.count = int(time.time()) % 1000
        counter.save(update_fields=["count"])
    except Error:
        return NOT_WRITABLE
    # The journal of a database may have room left when the disk has none.
    if shutil.disk_usage(settings.DATA_DIR).free < MIN_FREE_BYTES:
        return DISK_FULL
    return ""
