"""The clinic's name and numbers: one row, shown on every page."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from education import markdown
from education.clinic.phone_numbers import validate_phone_number
from education.urgency import Urgency
from education.web.prepared_query import PreparedQuery


class Clinic(models.Model):
    """The one row of settings that staff change; without one, the defaults apply."""

    name = models.CharField(_("name"), max_length=80, default="Patient education")
    address = models.TextField(_("address"), max_length=300, blank=True)
    logo = models.CharField(_("logo"), max_length=60, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    phone = models.CharField(
        _("phone"),
        max_length=40,
        blank=True,
        validators=[validate_phone_number],
        help_text=_("The number for appointments and advice."),
    )
    emergency_number = models.CharField(
        _("emergency number"),
        max_length=40,
        blank=True,
        validators=[validate_phone_number],
        help_text=_(
            "Such as 911 or 112. While it is empty, pages say “your local emergency number”."
        ),
    )
    out_of_hours_number = models.CharField(
        _("out-of-hours number"),
        max_length=40,
        blank=True,
        validators=[validate_phone_number],
        help_text=_("Whom to call for medical help when the clinic is closed."),
    )
    crisis_line_name = models.CharField(
        _("crisis line"),
        max_length=80,
        blank=True,
        help_text=_(
            "Who listens to people who think of suicide, by the name that people know it by."
        ),
    )
    crisis_line_number = models.CharField(
        _("number of the crisis line"),
        max_length=40,
        blank=True,
        validators=[validate_phone_number],
        help_text=_(
            "Choose one that answers day and night. It is shown to those who search for words such as "
            "“suicide”, with the emergency number. While it is empty, they are shown the emergency number "
            "alone."
        ),
    )
    desk_email = models.EmailField(
        _("e-mail of the desk"),
        blank=True,
        help_text=_("Reminders of reviews that are due go here. Readers do not see it."),
    )
    self_checks_enabled = models.BooleanField(
        _("self-check switched on"),
        default=True,
        help_text=_(
            "Off: the self-check is gone from every page, address and handout. A self-check may count as a "
            "medical device where you work, so decide before patients use it."
        ),
    )

    privacy_statement = models.TextField(
        _("privacy statement"),
        max_length=10_000,
        blank=True,
        help_text=_(
            "In Markdown. While it is empty, the page shows a draft that tells what this program stores. "
            "Ask whoever answers for privacy at your clinic."
        ),
    )
    accessibility_statement = models.TextField(
        _("accessibility statement"),
        max_length=10_000,
        blank=True,
        help_text=_(
            "In Markdown. While it is empty, the page shows a draft that tells how this program was tested. "
            "Say whom readers can ask for help."
        ),
    )
    paper = models.CharField(
        _("paper of handouts"),
        max_length=10,
        choices=[("a4", "A4"), ("letter", "Letter")],
        default="a4",
        help_text=_("What is in your printers. It can be chosen anew for every print."),
    )
    print_size = models.CharField(
        _("size of print of handouts"),
        max_length=10,
        choices=[
            ("normal", _("Normal (11 point, one sheet)")),
            ("clear", _("Clear print (12 point, two sheets)")),
            ("large", _("Large print (18 point)")),
        ],
        default="normal",
        help_text=_("It can be chosen anew for every print."),
    )
    packs_for_staff = models.BooleanField(
        _("handout packs for staff alone"),
        default=False,
        help_text=_(
            "On: only people who are signed in put handouts together and add notes. "
            "Single handouts stay open to everybody."
        ),
    )

    class Meta:
        verbose_name = _("clinic")
        verbose_name_plural = _("clinic")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="clinic_has_one_row")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError for the name of a crisis line without a number."""
        if self.crisis_line_name and not self.crisis_line_number:
            raise ValidationError(
                {
                    "crisis_line_number": _(
                        "Write the number of the crisis line too, or leave its name empty."
                    )
                }
            )

    @classmethod
    def load(cls) -> Self:
        """The one row, or the defaults."""
        rows = _ROW.rows()
        if not rows:
            return cls(pk=1)
        return cls.from_db(None, [field.attname for field in cls._meta.concrete_fields], rows[0])

    @property
    def kept_key(self) -> Hashable:
        """All of its values, which are what pages show."""
        return tuple([getattr(self, field.attname) for field in self._meta.concrete_fields])

    @property
    def address_line(self) -> str:
        """The address on one line, for paper."""
        return ", ".join(filter(None, map(str.strip, self.address.splitlines())))

    @property
    def emergency(self) -> str:
        """The emergency number, or the words in its place while it is not set."""
        return self.emergency_number or markdown.default_emergency_number()

    def urgency_action(self, urgency: Urgency) -> str:
        """What a person does at this level, with the clinic's numbers as far as they are set."""
        return _join_steps(self.urgency_steps(urgency))

    def urgency_steps(self, urgency: Urgency) -> list[tuple[str, str]]:
        """The sentences of `urgency_action`, each with the number for its `{number}`, or ""."""
        steps = [(str(urgency.labels.action), self.emergency)]
        if urgency in {Urgency.URGENT, Urgency.ROUTINE} and self.phone:
            steps.append((gettext("Call us on {number}."), self.phone))
        if urgency == Urgency.URGENT and self.out_of_hours_number:
            steps.append(self._out_of_hours_step)
        return steps

    @property
    def uncertain_emergency_action(self) -> str:
        """What a person does who is not sure about an emergency sign."""
        return _join_steps(self.uncertain_emergency_steps)

    @property
    def uncertain_emergency_steps(self) -> list[tuple[str, str]]:
        """The sentences of `uncertain_emergency_action`, each with its number, or ""."""
        steps = [
            (gettext("Get help now. Do not wait until later today."), ""),
            (gettext("Call {number} if the sign may be there."), self.emergency),
        ]
        if self.phone:
            steps.append(
                (gettext("If you think it is not there, call us on {number}."), self.phone)
            )
        if self.out_of_hours_number:
            steps.append(self._out_of_hours_step)
        return steps

    @property
    def _out_of_hours_step(self) -> tuple[str, str]:
        return gettext("When we are closed, call {number}."), self.out_of_hours_number


_ROW = PreparedQuery(lambda: Clinic.objects.filter(pk=1).values_list())


def _join_steps(steps: list[tuple[str, str]]) -> str:
    return " ".join(sentence.format(number=number) for sentence, number in steps)
