"""What one sheet says of a cause and of the warning signs, in few words."""

from __future__ import annotations

from education.articles.article_cause import ArticleCause
from education.checklists.content import ChecklistContent, Combination, WarningSign

# What only the cards of pages, or the list on a screen, show.
UNPRINTED_OF_A_SIGN = {"in_short": "", "topic": "", "fold_label": "", "picture": ""}
_NOT_ON_SHEET_OF_A_CAUSE = (
    *("what_happens", "looks", "self_care"),
    *("picture", "self_care_picture", "may_suggest_in_short"),
)


def sheet_cause(tag: ArticleCause) -> ArticleCause:
    return tag.model_copy(
        update={
            **dict.fromkeys(_NOT_ON_SHEET_OF_A_CAUSE, ""),
            "may_suggest": tag.may_suggest_in_short or tag.may_suggest,
        }
    )


def sheet_signs(content: ChecklistContent) -> ChecklistContent:
    """The signs in the words of the sheet, and what to do if none is true."""
    levels = {row.level for row in content.rows}
    noted = {level for level in levels if content.card_note(level)}

    def note(row: WarningSign | Combination) -> str:
        return "" if row.level in noted else row.on_darker_skin

    signs = tuple(
        sign.model_copy(
            update={
                "text": sign.in_short or sign.text,
                "on_darker_skin": note(sign),
                "sources": (),
                **UNPRINTED_OF_A_SIGN,
            }
        )
        for sign in content.signs
    )
    together = tuple(
        row.model_copy(
            update={
                "text": row.in_short or row.text,
                "in_short": "",
                "on_darker_skin": note(row),
                "sources": (),
            }
        )
        for row in content.combinations
    )
    return content.model_copy(
        update={
            "signs": signs,
            "combinations": together,
            **dict.fromkeys(("title", "introduction", "safety_net"), ""),
        }
    )
