"""This site while something is published elsewhere every half second, so that no page in memory is
taken for right without being made again: changing.py <checkout>
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import django

ROOT = Path(sys.argv[1])
sys.path.insert(0, str(ROOT))
django.setup()

# They read models, which are there only now that Django is set up.
from education.operations.page_cache.wsgi import VERSION_CHECK_INTERVAL, PageCache  # noqa: E402
from education.operations.startup.server import serve  # noqa: E402

defaults = PageCache.__init__.__kwdefaults__ or {}
defaults["version"] = lambda: time.monotonic() // VERSION_CHECK_INTERVAL
serve("127.0.0.1", int(os.environ["PORT"]), ROOT)
