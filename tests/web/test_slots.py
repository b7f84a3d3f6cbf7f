"""Slow work is limited over all processes of the site."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from education.web.slots import PRINTS, SIGN_INS, NoFreeSlot, Slots

TAKE = """
import django.conf, pathlib, sys
django.conf.settings.configure(LIMITS_DIR=pathlib.Path(sys.argv[1]))
from education.web.slots import Slots
with Slots(("one",)).take():
    print("taken", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.LIMITS_DIR = tmp_path / "limits"
    return tmp_path / "limits"


def test_slot_taken_by_another_process_is_free_when_that_ends(folder):
    with subprocess.Popen(
        [sys.executable, "-c", TAKE, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline() == b"taken\n"
        with pytest.raises(NoFreeSlot), Slots(("one",)).take():
            pass
        other.kill()
    with Slots(("one",)).take():
        pass


def test_slot_is_free_again_after_an_error():
    with pytest.raises(ZeroDivisionError), Slots(("one",)).take():
        raise ZeroDivisionError
    with Slots(("one",)).take():
        pass


def test_prints_and_sign_ins_take_three_slots_at_most():
    with PRINTS.take(), PRINTS.take(), SIGN_INS.take():
        for kind in (PRINTS, SIGN_INS):
            with pytest.raises(NoFreeSlot), kind.take():
                pass
    with SIGN_INS.take(), SIGN_INS.take(), PRINTS.take():
        for kind in (PRINTS, SIGN_INS):
            with pytest.raises(NoFreeSlot), kind.take():
                pass
