"""A reader on the way through a self-check: what is asked, what was answered, where that leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from education.publishing.composition import Composition
from education.selfcheck.answer_cookie import AnswerSet, urgency_code, urgency_of_code
from education.selfcheck.answer_replay import edition_pair, replay_answers
from education.selfcheck.flow import NO, Question, Walk, is_unsure_about_emergency, walk
from education.selfcheck.flow_builder import AskedFlow
from education.urgency import Urgency

# What to say on a result when the answer that led to it was not recorded.
UNRECORDED_NOTICES = {"changed": "unrecorded", "other": "unrecorded-other"}


@dataclass(repr=False)
class SelfCheckSession:
    """A live self-check, and the answers that one request brings to it. Its repr tells neither."""

    slug: str
    composition: Composition
    asked: AskedFlow
    answer_set: AnswerSet

    @classmethod
    def from_request(cls, request: HttpRequest, slug: str, composition: Composition) -> Self:
        asked = AskedFlow.from_composition(composition)
        given = AnswerSet.from_request(request, slug, edition_pair(composition), asked.flow)
        return cls(slug, composition, asked, replay_answers(given, asked, composition))

    @property
    def walk(self) -> Walk:
        """Where the answers lead, replayed from the start."""
        return walk(self.asked.flow, self.answer_set.answers)

    @property
    def editions(self) -> str:
        """The editions under which answers are recorded now, such as `3-1`."""
        return edition_pair(self.composition)

    @property
    def is_unsure_about_emergency(self) -> bool:
        return is_unsure_about_emergency(self.asked.flow, self.walk)

    @property
    def url(self) -> str:
        """The address that the cookie belongs to."""
        return reverse("self-check", args=[self.slug])

    def step_url(self, key: str) -> str:
        return reverse("self-check-step", args=[self.slug, key])

    def reachable_question(self, key: str) -> Question | None:
        """The question called `key` if the answers lead to it; no other is shown or answered."""
        walked = self.walk
        reachable = (*(step.question for step in walked.steps), walked.question)
        return next((question for question in reachable if question and question.key == key), None)

    def question_position(self, key: str) -> int:
        """How many questions come before the question called `key`, which is reachable."""
        answered = [step.question.key for step in self.walk.steps]
        return answered.index(key) if key in answered else len(answered)

    def back_url(self, key: str) -> str:
        """The address of the question before the question called `key`, or of the start."""
        position = self.question_position(key)
        return self.step_url(self.walk.steps[position - 1].question.key) if position else self.url

    def ticked_choices(self, key: str, notice: str) -> frozenset[str]:
        """The choices to show as ticked: the answer, or what was sent and not recorded, as the
        notice says.
        """
        answer = self.answer_set.answers.get(key, frozenset())
        if notice in {"again", "other", "expired"}:
            return self.answer_set.draft.get(key, answer)
        return answer

    def is_refused(self, key: str, notice: str) -> bool:
        """Whether the last answer to this question was not allowed; `notice` is from the address,
        so it may be made up.
        """
        has_draft, answer = key in self.answer_set.draft, self.answer_set.answers.get(key)
        return notice == "again" and (has_draft or not answer)

    def form_fingerprint(self, key: str) -> str:
        """What the form of the question `key` carries of the answers that it is made from."""
        return self.answer_set.form_fingerprint(self.slug, self.asked.flow, key)

    def can_record(self, question: Question, chosen: frozenset[str], fingerprint: str) -> bool:
        """Whether `chosen`, from a form with this `fingerprint`, may be recorded.

        Another tab may have recorded answers since the form was made. An emergency is recorded all
        the same, for no other answer makes it milder. So is an answer that still affirms all that
        was answered here meanwhile, if the answers to all other questions are the same.
        """
        current = self.form_fingerprint(question.key)
        if fingerprint == current or question.urgency_of(chosen) >= self.asked.flow.emergency:
            return True
        recorded = self.answer_set.answers.get(question.key, frozenset())
        affirmed = {key for key in recorded if question.choices_by_key[key].answer != NO}
        same_other_answers = fingerprint.partition("-")[0] == current.partition("-")[0]
        return same_other_answers and affirmed <= chosen

    def redirect_to_next(self) -> HttpResponseRedirect:
        """To the question that is open, or to the result."""
        open_question = self.walk.question
        if open_question is None:
            return HttpResponseRedirect(reverse("self-check-result", args=[self.slug]))
        return HttpResponseRedirect(self.step_url(open_question.key))

    def redirect_to_open_question(self) -> HttpResponseRedirect:
        """To where the answers lead, with a notice there if that is a question."""
        response = self.redirect_to_next()
        if self.walk.question is None:
            return response
        default_notice = "incomplete" if self.answer_set.answers else "expired"
        return _with_notice(response.url, self.answer_set.notice or default_notice)

    def redirect_unrecorded(self, key: str, notice: str) -> HttpResponseRedirect:
        """Back to the question `key`, whose answer was not recorded, with a notice that says why.

        If it is no longer reachable, to where the answers lead; with the notice even on a result,
        which the answer that was not recorded might have changed.
        """
        if self.reachable_question(key):
            return _with_notice(self.step_url(key), notice)
        return _with_notice(self.redirect_to_next().url, notice)

    def redirect_after_answer(self) -> HttpResponseRedirect:
        """To where the answer just recorded leads; to a result with the version of the answers.

        Only this address of a result has the version, for only here it is certain that the reader
        gave these answers: see `result_notice`.
        """
        response = self.redirect_to_next()
        if self.walk.question:
            return response
        return HttpResponseRedirect(f"{response.url}?of={self.answer_set.version}")

    def result_notice(self, notice: str, version: str) -> str:
        """What to say on the result; `notice` and `version` are those of its address.

        Nothing is open on a result, so no other notices of an address are true there. Where the
        version differs, the answers may be those of another tab, which does not matter for an
        emergency: nothing is more urgent.
        """
        if notice in UNRECORDED_NOTICES:
            return UNRECORDED_NOTICES[notice]
        if self.answer_set.notice:
            return self.answer_set.notice
        outcome = self.walk.outcome
        is_emergency = outcome is not None and outcome.urgency >= self.asked.flow.emergency
        return "" if is_emergency or version == self.answer_set.version else "others"

    def more_urgent_before(self) -> Urgency | None:
        """The urgency of an earlier result here, if it was more urgent than the one now."""
        highest = self.answer_set.highest_urgency_code
        return urgency_of_code(highest) if highest > self._urgency_code() else None

    def _urgency_code(self) -> int:
        outcome = self.walk.outcome
        return urgency_code(outcome.urgency, self.is_unsure_about_emergency) if outcome else 0

    def set_cookie(self, response: HttpResponseRedirect) -> HttpResponseRedirect:
        """Put the answers into the browser with `response`, and return it."""
        self.answer_set.highest_urgency_code = max(
            self.answer_set.highest_urgency_code, self._urgency_code()
        )
        self.answer_set.set_cookie(response, self.slug, self.editions, self.asked.flow, self.url)
        return response


def _with_notice(url: str, notice: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{url}?notice={notice}")
