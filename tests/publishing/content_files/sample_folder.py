"""A small folder of valid content files, to be broken one at a time, and the database
as a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.apps import apps

SOURCES = """\
sources:
- key: leaflet
  title: A leaflet
  published: '2020'
- key: handbook
  title: 'The handbook: part one'
  url: https://example.org/handbook
"""

GLOSSARY = """\
terms:
- word: Pore
  also:
  - pores
  meaning: A tiny hole in the skin. [@leaflet]
"""

CHECKLIST = """\
title: When to see a doctor
signs:
- key: breathing
  urgency: emergency
  text: You find it hard to breathe
  sources:
  - leaflet
- key: growing
  urgency: routine
  text: A lump grows
  sources:
  - handbook
none_apply: Watch the spot for two weeks.
safety_net: |-
  If it gets worse, get help.

  Call at any time.
"""

CAUSE = """\
---
name: Oily skin
also_called:
- shiny skin
codes:
- system: ICD-10-CM
  code: L73.8
  title: Other follicular disorders
---

## What it is

Skin makes oil. [@leaflet]
"""

ARTICLE = """\
---
title: Spots on the shoulder
also_called:
- bumps
checklist: skin
adapted_from:
- leaflet
---

## Summary

Spots are common. Wash gently.

## Introduction

Most people get spots.

#### Why they come

Nobody knows. [@handbook]

## Cause: oil

### What happens

Oil blocks a pore.

### How it looks or feels

Small and white.

### What you can do

Wash gently. [@leaflet]

### What a doctor or pharmacist may suggest

A mild wash.

## Do

- Wash with warm water.
- Pat it dry.

## Do not

- Do not squeeze.
- Do not scrub.
"""

SELF_CHECK = """\
title: Check a spot
introduction: A few questions about your skin.
checklist: skin
questions:
- key: '1a'
  text: Is this true for you now?
  why: It needs help at once.
  choices:
  - key: breathing
    sign: breathing
  - key: none
    text: None of these
    answer: 'no'
  - key: unsure
    text: I'm not sure
    answer: not-sure
    counts_as: emergency
  routes:
  - at_least: emergency
    outcome: call
  - question: '2b'
- key: '2b'
  text: Does this sound like you?
  why: It helps to plan a visit.
  choices:
  - key: growing
    sign: growing
  - key: none
    text: None of these
    answer: 'no'
  - key: unsure
    text: I'm not sure
    answer: not-sure
    counts_as: routine
  routes:
  - at_least: routine
    outcome: visit
  - outcome: watch
outcomes:
- key: call
  urgency: emergency
  title: Call for help
  do_now: Call the emergency number.
  when: Now.
  safety_net: Stay with someone.
- key: visit
  urgency: routine
  title: Book a visit
  do_now: Call your clinic.
  when: In the next two weeks.
  safety_net: Call sooner if it gets worse.
  read:
  - article/spots
- key: watch
  urgency: self-care
  title: Watch the spot
  do_now: Wash gently.
  when: For two weeks.
  safety_net: If it gets worse, get help. [@leaflet]
"""

GOOD = {
    "en/sources.yaml": SOURCES,
    "en/glossary.yaml": GLOSSARY,
    "en/checklists/skin.yaml": CHECKLIST,
    "en/causes/oil.md": CAUSE,
    "en/articles/spots.md": ARTICLE,
    "en/self-checks/skin.yaml": SELF_CHECK,
}


def write_folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write `files` below `root`; the folder."""
    for name, shown in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(shown if isinstance(shown, bytes) else shown.encode())
    return root


def good_folder(root: Path, **changed: str | bytes) -> Path:
    """The valid folder, with some files replaced (`articles__spots` for articles/spots.md)."""
    return write_folder(root, {**GOOD, **{_name(name): shown for name, shown in changed.items()}})


def _name(short: str) -> str:
    return next(
        name
        for name in GOOD
        if name.partition(".")[0] == "en/" + short.replace("__", "/").replace("_", "-")
    )


def database() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the packages that hold content."""
    labels = ("publishing", "references", "checklists", "articles", "selfcheck")
    models = [model for label in labels for model in apps.get_app_config(label).get_models(True)]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }
