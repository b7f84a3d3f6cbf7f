"""Sentences that tell people to wait, or that it is nothing, are told from those that forbid to
wait.
"""

from __future__ import annotations

import pytest

from education.plain_language.reassurance import find_reassurance

DANGEROUS = """\
You can wait until next week.
It is nothing.
It's nothing to worry about.
Don’t worry.
You don't need to call anyone.
You do not have to see a doctor.
Wait and see.
Call your clinic tomorrow.
Call now, or wait until the morning.
Do not wait at home, you can wait at work.
Do not wait outside but wait a few days.
This is not serious.
This is not an emergency.
It will go away.
Most of these spots go away by themselves.
It is harmless.
Book a routine appointment.
Go within two weeks.
Go in 2 weeks.
Take your time.
There is no hurry.
Most likely it is a false alarm.
See how you feel in the morning.
You will be fine.
There is no need to go to the hospital.
Give it a few days.
IT IS NOTH\u200bING.
It isn't dangerous.
No worries, sleep on it.
This is normal after a bath.
Hold off until you feel worse.
See whether it gets better on its own.""".splitlines()
RIGHT = """\
Do not wait.
Don’t wait to see if it gets better.
Do not wait to see if it gets better.
Do not wait until later today.
Do not wait until tomorrow.
Do not wait for a call back from your clinic.
If your clinic is closed, use the out-of-hours service and do not wait.
You do not have to be sure before you call.
If you were told it is not an emergency and you get worse, call again.
If you were told it is not serious and you get worse, get help again at once.
If the sign goes away, you still need to be checked today.
Ask someone to stay with you until help comes.
Antibiotics should start to help in 2 to 3 days.
Go back the same day.
While you wait for the ambulance, sit up.
Call now rather than wait.
Never wait at home with this.
Do not stay alone, and do not drive yourself.
It is an emergency.
If no one can speak to you at once, call your local emergency number.""".splitlines()


@pytest.mark.parametrize("sentence", DANGEROUS)
def test_sentence_that_advises_waiting_is_found(sentence):  # P11
    assert find_reassurance(sentence, "en") == [sentence]


@pytest.mark.parametrize("sentence", RIGHT)
def test_sentence_that_advises_getting_help_is_not_found(sentence):  # P11
    assert find_reassurance(sentence, "en-us") == []


def test_sentences_of_a_text_are_found_one_by_one_and_once():  # P11
    text = "Call now. You can wait until next week. It is nothing.\nIt is nothing."
    assert find_reassurance(text, "en") == ["You can wait until next week.", "It is nothing."]


def test_language_without_a_list_has_no_reassurance():
    assert find_reassurance("Es ist nichts.", "de") == []
