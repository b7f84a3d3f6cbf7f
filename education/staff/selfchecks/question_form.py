"""The questions of a self-check as rows of its form, each with its signs, choices and ways on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from education.checklists.models import Checklist
from education.publishing.workflow.keys import unique_key
from education.selfcheck import content
from education.selfcheck.flow import NO, NOT_SURE
from education.staff.editor.fields import URGENCY_LABELS
from education.staff.editor.forms import OrderedFormSet, OrderedRowForm
from education.staff.editor.three_way_merge import parse_small_int
from education.staff.selfchecks.question_keys import unused_key
from education.staff.selfchecks.rows import Row, RowsField, dump_rows, load_rows
from education.urgency import KEYS, Urgency

CHOICE_COLUMNS = ("text", "answer", "counts_as")
ROUTE_COLUMNS = ("choice", "level", "target")
IN_DOUBT = "in-doubt"
NEW = ":new"
# What a new question offers at first. It is content, in the language of the site's texts.
NEW_CHOICES = (
    {"ref": "#0", "text": "None of these", "answer": NO, "counts_as": ""},
    {"ref": "#1", "text": "I'm not sure", "answer": NOT_SURE, "counts_as": ""},
)
# The levels that the first ways on of a new question are for.
NEW_LEVELS = ("emergency", "urgent", "")


def sign_labels(checklist: Checklist | None) -> list[tuple[str, str]]:
    """The signs of a checklist by key, most urgent first, each with its level."""
    signs = list(checklist.signs.all()) if checklist else []
    return [
        (sign.key, f"{level.labels.label}: {sign.text}")
        for level in sorted(Urgency, reverse=True)
        for sign in signs
        if sign.urgency == level.key
    ]


class SignsField(forms.MultipleChoiceField):
    """Signs to tick; the proof reports those that the checklist does not have."""

    def valid_value(self, value: Any) -> bool:
        return True


class RefField(forms.CharField):
    """What other rows call this row: its key, or "#3" until it has one. Nobody sees it."""

    class Input(forms.TextInput):
        input_type = "hidden"
        # The merge of two writers keeps what it does not take for hidden.
        is_hidden = False

    def __init__(self) -> None:
        super().__init__(required=False, label="", widget=self.Input)


class RefRowForm(OrderedRowForm):
    """A row that others lead to."""

    ref = RefField()

    def __init__(self, *args: Any, new_ref: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["ref"] = self.instance.key if self.instance.pk else new_ref

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - {"ref"})

    @property
    def ref_value(self) -> str:
        return str(self["ref"].value() or "")


class QuestionForm(RefRowForm):
    """A question with the signs that it asks, its other choices, and where they lead."""

    signs = SignsField(
        label=gettext_lazy("Warning signs asked here"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Each ticked sign is a choice, in the words of the checklist."),
    )
    choices = RowsField(CHOICE_COLUMNS, label=gettext_lazy("Other choices"))
    routes = RowsField(
        ROUTE_COLUMNS,
        "level",
        label=gettext_lazy("Where the answers lead"),
        help_text=gettext_lazy("The first line that fits is taken."),
    )

    def __init__(self, *args: Any, signs: Sequence[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        saved = list(self.instance.choices.all()) if self.instance.pk else []
        stored = [choice.sign for choice in saved if choice.sign]
        known = dict(signs)
        gone = [(key, _("A sign that this checklist does not have")) for key in stored]
        sign_field: Any = self.fields["signs"]
        sign_field.choices = [*signs, *(one for one in dict(gone).items() if one[0] not in known)]
        self.initial["signs"] = list(dict.fromkeys(stored))
        if not self.instance.pk:
            self.initial.update(
                {"several": True, "choices": dump_rows(NEW_CHOICES), "routes": "[]"}
            )
            return
        self.initial["choices"] = dump_rows(
            [
                {"ref": choice.key} | {name: getattr(choice, name) for name in CHOICE_COLUMNS}
                for choice in saved
                if not choice.sign
            ]
        )
        self.initial["routes"] = dump_rows([_route_row(one) for one in self.instance.routes.all()])

    def clean(self) -> dict[str, Any]:
        """Refuse a way on for a choice that is taken out: it would be taken by everybody."""
        cleaned = super().clean() or {}
        offered = {row["ref"] for row in load_rows(cleaned.get("choices"))}
        offered |= {f"sign:{key}" for key in cleaned.get("signs", ())}
        for number, row in enumerate(load_rows(cleaned.get("routes")), start=1):
            if (
                row["choice"]
                and row["choice"] not in offered
                and not self.data.get(self.add_prefix("DELETE"))
            ):
                text = _(
                    "Line {number} waits for a choice that is taken out. Take out the line, too."
                )
                self.add_error("routes", text.format(number=number))
        return cleaned

    # What the page shows

    @property
    def choice_rows(self) -> Iterator[dict[str, Any]]:
        return self._shown_rows("choices", load_rows(self["choices"].value()), 2)

    @property
    def route_rows(self) -> Iterator[dict[str, Any]]:
        rows = load_rows(self["routes"].value())
        if not rows and not self.instance.pk:
            presets = ({"choice": "", "level": level, "target": ""} for level in NEW_LEVELS)
            return self._shown_rows(
                "routes", [{**row, "preset": row["level"]} for row in presets], 0
            )
        return self._shown_rows("routes", rows, 1)

    def _shown_rows(self, name: str, rows: list[Row], extra: int) -> Iterator[dict[str, Any]]:
        used = {row.get("ref", "") for row in rows}
        free = (f"#{number}" for number in range(1000) if f"#{number}" not in used)
        for index, row in enumerate([*rows, *({} for _row in range(extra))]):
            named = row if row.get("ref") or name == "routes" else {**row, "ref": next(free)}
            yield {
                **named,
                "prefix": f"{self.prefix}-{name}-{index}",
                "number": index + 1,
                "choices": self.when_options if name == "routes" else (),
            }

    @property
    def template_choice(self) -> dict[str, str]:
        return {
            "prefix": f"{self.prefix}-choices-__row__",
            "number": "__number__",
            "ref": "__ref__",
        }

    @property
    def template_route(self) -> dict[str, Any]:
        return {
            "prefix": f"{self.prefix}-routes-__row__",
            "number": "__number__",
            "choices": self.when_options,
        }

    @property
    def when_options(self) -> list[tuple[str, str]]:
        """What a way on can wait for: the choices as they stand in the form."""
        ticked = set(self["signs"].value() or ())
        sign_field: Any = self.fields["signs"]
        signs = [(f"sign:{key}", label) for key, label in sign_field.choices if key in ticked]
        rows = load_rows(self["choices"].value())
        own = [(row["ref"], row["text"] or _("Choice without words")) for row in rows]
        return [*signs, *own]


def _route_row(route: Any) -> Row:
    choice = route.choice
    condition = (f"sign:{choice.sign}" if choice.sign else choice.key) if choice else ""
    level = route.at_least
    if route.in_doubt and level != "emergency":
        level = IN_DOUBT
    target = ""
    if route.to_question:
        target = f"question:{route.to_question.key}"
    elif route.to_outcome:
        target = f"outcome:{route.to_outcome.key}"
    return {"ref": "", "choice": condition, "level": level, "target": target}


ANSWER_OPTIONS = tuple(content.ANSWER_LABELS.items())
COUNTS_AS_OPTIONS = tuple((key, URGENCY_LABELS[key]) for key in KEYS)
LEVEL_OPTIONS = (
    ("emergency", URGENCY_LABELS["emergency"]),
    (IN_DOUBT, gettext_lazy("Perhaps an emergency: “I'm not sure”")),
    *COUNTS_AS_OPTIONS[1:],
)


class RefFormSet(OrderedFormSet):
    """Rows that others lead to."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        ref = "#__prefix__" if index is None else f"#{index}"
        return {**super().get_form_kwargs(index), "new_ref": ref}

    def is_deleted(self, form: Any) -> bool:
        return bool(self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]

    def kept_forms(self) -> list[Any]:
        """The forms of the rows that there are after saving."""
        return [form for form in self.forms if form.instance.pk and not self.is_deleted(form)]

    def taken_keys(self) -> set[str]:
        return {form.instance.key for form in self.initial_forms}

    def make_keys(self) -> None:
        """Give each new row its key, which never changes."""
        taken = self.taken_keys()
        for form in self.extra_forms:
            if form.has_changed() and not self.is_deleted(form):
                form.instance.key = self.new_key(form, taken)
                taken.add(form.instance.key)

    def new_key(self, form: Any, taken: set[str]) -> str:
        raise NotImplementedError

    def save(self, commit: bool = True) -> Any:
        self.make_keys()
        return super().save(commit)


class OutcomeForm(RefRowForm):
    """A result."""

    def __init__(self, *args: Any, new_urgency: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial["urgency"] = new_urgency


class OutcomeFormSet(RefFormSet):
    """The results; a new self-check has a place for one of each level."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        is_first = index is not None and index < len(KEYS) and not self.instance.pk
        level = KEYS[index] if is_first and index is not None else ""
        return {**super().get_form_kwargs(index), "new_urgency": level}

    def new_key(self, form: Any, taken: set[str]) -> str:
        return unique_key(form.cleaned_data.get("title", ""), taken, "result")


class QuestionFormSet(RefFormSet):
    """The questions, each on the page of its self-check."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sign_labels = sign_labels(self._shown_checklist())

    def _shown_checklist(self) -> Checklist | None:
        """The checklist that the form chooses; of a new one, the only one that there is."""
        if self.is_bound:
            return find_checklist(self.data.get("checklist", ""))
        if self.instance.pk:
            checklist: Checklist | None = self.instance.checklist
            return checklist
        return only_checklist()

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "signs": self.sign_labels}

    def get_queryset(self) -> Any:
        return (
            super()
            .get_queryset()
            .prefetch_related(
                "choices", "routes__choice", "routes__to_question", "routes__to_outcome"
            )
        )

    def new_key(self, form: Any, taken: set[str]) -> str:
        return unused_key(taken)

    def clean(self) -> None:
        """Name each way on that leads to a row which is taken out."""
        super().clean()
        deleted = self._deleted_targets()
        for form in self.forms:
            if self.is_deleted(form) or (not form.has_changed() and not form.instance.pk):
                continue
            for number, row in enumerate(load_rows(form.cleaned_data.get("routes")), start=1):
                if name := deleted.get(row["target"]):
                    text = _("Line {number} leads to {name}. Let it lead elsewhere first.")
                    form.add_error("routes", text.format(number=number, name=name))

    def _deleted_targets(self) -> dict[str, str]:
        """What is ticked to be taken out, as ways on call it, with its name."""
        found = {}
        kinds = (
            ("question", str(self.prefix), _("question {number}")),
            ("outcome", "outcomes", _("result {number}")),
        )
        for kind, prefix, label in kinds:
            total = parse_small_int(self.data.get(f"{prefix}-TOTAL_FORMS", "") or "") or 0
            for index in range(min(total, 1000)):
                row = f"{prefix}-{index}-"
                if self.data.get(f"{row}DELETE"):
                    name = label.format(number=index + 1)
                    found[f"{kind}:{self.data.get(row + 'ref', '')}"] = name
        return found


def find_checklist(pk: str | None) -> Checklist | None:
    """The checklist that a form or an address names by its id."""
    found: Any = Checklist.objects.filter(pk=parse_small_int(pk or "") or 0).first()
    return cast(Checklist | None, found)


def only_checklist() -> Checklist | None:
    """The checklist, if there is just one."""
    found: list[Any] = list(Checklist.objects.all()[:2])
    return found[0] if len(found) == 1 else None
