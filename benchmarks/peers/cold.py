"""This site with no room for pages in memory: each is taken from the disk. cold.py [changed]"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
django.setup()

# They read models, which are there only now that Django is set up.
from education.operations.page_cache.wsgi import VERSION_CHECK_INTERVAL, PageCache  # noqa: E402
from education.operations.startup.server import serve  # noqa: E402

defaults = PageCache.__init__.__kwdefaults__ or {}
defaults["max_bytes"] = 0
if len(sys.argv) > 1:
    # As after a change elsewhere: what is on the disk is of another version, and is asked about.
    defaults["version"] = lambda: time.monotonic() // VERSION_CHECK_INTERVAL
serve("127.0.0.1", int(os.environ["PORT"]), ROOT)
