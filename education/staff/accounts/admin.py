"""Staff accounts and roles, which only superusers may change."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserCreationForm
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from education.audit.models import Action
from education.staff.audited_admin import AuditedAdminMixin


class SuperuserOnlyAdmin(admin.ModelAdmin):
    """Accounts and roles are for superusers only: whoever edits them can get any permission."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the audit log names the account. It can be made inactive instead."""
        return False


admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class StaffUserAdmin(SuperuserOnlyAdmin, AuditedAdminMixin, UserAdmin):
    """User accounts."""

    save_action = Action.ACCOUNT
    add_form = UserCreationForm
    list_display = (
        "username",
        "first_name",
        "last_name",
        "email",
        "is_active",
        "is_superuser",
        "last_login",
    )
    list_filter = ("is_active", "groups", "is_superuser")
    filter_horizontal = ()
    actions = None
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Who it is"), {"fields": ("first_name", "last_name", "email")}),
        (
            _("What they may do"),
            {
                "fields": ("is_active", "is_staff", "groups", "is_superuser"),
                "description": _(
                    "Tick “staff status” and give a role: author, clinical reviewer, publisher, or several. "
                    "Who leaves is made inactive, not deleted."
                ),
            },
        ),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Who it is"), {"fields": ("first_name", "last_name", "email")}),
        (_("What they may do"), {"fields": ("is_staff", "groups")}),
    )


@admin.register(Group)
class StaffGroupAdmin(SuperuserOnlyAdmin, AuditedAdminMixin, GroupAdmin):
    """Roles: groups and their permissions."""

    save_action = Action.ACCOUNT
    actions = None
    filter_horizontal = ()
