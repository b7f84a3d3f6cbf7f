"""Staff accounts and roles: managers make and end accounts, administrators may change any."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from education.audit.models import Action
from education.staff.accounts.closing import close_account
from education.staff.accounts.roles import GIVEN_BY_MANAGERS, can_manage
from education.staff.audited_admin import AuditedAdminMixin

admin.site.unregister(User)
admin.site.unregister(Group)
# Secrets are shown to nobody; `sign_in/setup.py` has the pages.
admin.site.unregister(TOTPDevice)
admin.site.unregister(StaticDevice)


class RoleRequiredMixin(forms.ModelForm):
    """Refuses an account without a role, which could not sign in to do anything."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        has_role = bool(cleaned.get("groups")) or bool(cleaned.get("is_superuser"))
        has_own = bool(self.instance.pk) and self.instance.user_permissions.exists()
        if "groups" in self.fields and not has_role and not has_own and "groups" not in self.errors:
            self.add_error("groups", _("Tick at least one role. Without one, nobody can sign in."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        """Every account here is one of staff: whoever has a role can sign in."""
        self.instance.is_staff = True
        return super().save(commit)


class AccountAddForm(RoleRequiredMixin, UserCreationForm):
    """A new account."""


class AccountForm(RoleRequiredMixin, UserChangeForm):
    """An account."""


@admin.register(User)
class StaffUserAdmin(AuditedAdminMixin, UserAdmin):
    """User accounts."""

    save_action = Action.ACCOUNT
    form = AccountForm
    add_form = AccountAddForm
    change_form_template = "admin/account/change_form.html"
    list_display = ("username", "whole_name", "email", "roles", "may_sign_in", "last_login")
    list_filter = ("is_active", "groups", "is_superuser")
    filter_horizontal = ()
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Administrators are no business of managers."""
        found = super().get_queryset(request).prefetch_related("groups")
        return found if is_administrator(request) else found.filter(is_superuser=False)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return self.list_filter if is_administrator(request) else self.list_filter[:2]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        may_change = obj is None or self.has_change_permission(request, obj)
        first: tuple[str, ...] = ("username", "password") if may_change else ("username",)
        rights: tuple[str, ...] = ("is_active", "groups")
        if obj is None:
            first, rights = ("username", "password1", "password2"), ("groups",)
        if is_administrator(request):
            rights = (*rights, "is_superuser")
        description = _("Who leaves is not deleted: press “Close this account”, at the top.")
        return (
            (None, {"fields": first}),
            (_("Who it is"), {"fields": ("first_name", "last_name", "email")}),
            (_("What they may do"), {"fields": rights, "description": description if obj else ""}),
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The roles to tick: for managers those that they may give."""
        field: Any = super().formfield_for_manytomany(
            db_field, request, widget=forms.CheckboxSelectMultiple(), **kwargs
        )
        if db_field.name == "groups" and field is not None:
            field.label, field.help_text = _("Roles"), _("What each may do stands in the guide.")
            field.label_from_instance = lambda group: _(group.name)
            field.queryset = Group.objects.order_by("pk")
            if not is_administrator(request):
                field.queryset = field.queryset.filter(name__in=GIVEN_BY_MANAGERS)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the audit log names the account. It can be closed instead."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or can_manage(request.user, obj))

    def get_urls(self) -> list[URLPattern]:
        close = self.admin_site.admin_view(close_account)
        return [path("<int:pk>/close/", close, name="auth_user_close"), *super().get_urls()]

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def whole_name(self, account: User) -> str:
        return account.get_full_name() or "–"

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, account: User) -> str:
        """The roles in words; an administrator may do everything."""
        names = [_("Administrator")] if account.is_superuser else []
        return ", ".join([*names, *(_(group.name) for group in account.groups.all())]) or "–"

    @admin.display(description=gettext_lazy("may sign in"), boolean=True)
    def may_sign_in(self, account: User) -> bool:
        return account.is_active and account.is_staff


def is_administrator(request: HttpRequest) -> bool:
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))


@admin.register(Group)
class StaffGroupAdmin(AuditedAdminMixin, GroupAdmin):
    """Roles: groups and their permissions, for administrators only."""

    save_action = Action.ACCOUNT
    actions = None
    filter_horizontal = ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the audit log may name people by it."""
        return False
