"""The roles of staff and their permissions. A user may have several roles.

- author: write and change working copies and images, preview, submit
- clinical reviewer: see everything, record a review, request changes
- publisher: see everything, publish, schedule, withdraw, restore, change the clinic's settings

- manager: see everything, make and end accounts, change who looks after a page

All see readers' feedback; publishers may delete it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext_noop

AUTHOR = gettext_noop("Author")
REVIEWER = gettext_noop("Clinical reviewer")
PUBLISHER = gettext_noop("Publisher")
MANAGER = gettext_noop("Manager of accounts")
# What a manager may give to others: not more accounts that make accounts.
GIVEN_BY_MANAGERS = (AUTHOR, REVIEWER, PUBLISHER)

DOCUMENTS = (
    ("articles", "article"),
    ("articles", "cause"),
    ("articles", "snippet"),
    ("checklists", "checklist"),
    ("references", "sourcelist"),
    ("references", "glossary"),
    ("selfcheck", "selfcheck"),
)
ROWS = (
    ("articles", "articlecause"),
    ("articles", "articlesnippet"),
    ("checklists", "warningsign"),
    ("checklists", "combination"),
    ("references", "source"),
    ("references", "term"),
    ("selfcheck", "question"),
    ("selfcheck", "choice"),
    ("selfcheck", "outcome"),
    ("selfcheck", "route"),
)
IMAGE = ("media", "image")
CLINIC = ("clinic", "clinic")
EDITION = ("publishing", "edition")
ANSWER = ("feedback", "feedbackanswer")

Permissions = dict[tuple[str, str], tuple[str, ...]]

_ALL = ("view", "add", "change", "delete")
_VIEW: Permissions = dict.fromkeys((*DOCUMENTS, *ROWS, IMAGE, EDITION, ANSWER), ("view",))
_EDIT: Permissions = dict.fromkeys((*DOCUMENTS, *ROWS, IMAGE), _ALL)

ROLES: dict[str, Permissions] = {
    AUTHOR: {**_EDIT, EDITION: ("view", "submit"), ANSWER: ("view",)},
    REVIEWER: {**_VIEW, ("publishing", "review"): ("add",)},
    PUBLISHER: {
        **_VIEW,
        EDITION: ("view", "restore"),
        ANSWER: ("view", "delete"),
        ("publishing", "publication"): ("add",),
        CLINIC: ("view", "add", "change"),
        ("audit", "auditlogentry"): ("view",),
    },
    MANAGER: {
        **_VIEW,
        ("auth", "user"): ("view", "add", "change"),
        ("audit", "auditlogentry"): ("view",),
    },
}


def can_manage(user: Any, account: User) -> bool:
    """Whether `user` may change or end this account.

    An administrator may change any. A manager may change those that have no more than the roles
    that managers give: no administrator, no other manager, and not their own.
    """
    if user.is_superuser:
        return bool(user.is_active)
    if not user.has_perm("auth.change_user") or account.is_superuser or account.pk == user.pk:
        return False
    has_more = account.groups.exclude(name__in=GIVEN_BY_MANAGERS).exists()
    return not has_more and not account.user_permissions.exists()


def sync_roles(apps: Any) -> None:
    """Give every role exactly the permissions in `ROLES`; `apps` is an app registry.

    Permissions that do not exist yet are created, because this also runs while tables are created.
    """
    group_model = apps.get_model("auth", "Group")
    for name, permissions in ROLES.items():
        group = group_model.objects.get_or_create(name=name)[0]
        group.permissions.set(
            _permission(apps, app, model, action)
            for (app, model), actions in permissions.items()
            for action in actions
        )


def _permission(apps: Any, app: str, model: str, action: str) -> Any:
    content_type = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )[0]
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=f"{action}_{model}",
        defaults={"name": f"Can {action} {model}"},
    )[0]
