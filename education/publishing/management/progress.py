"""Progress of a long command, on stderr so that its output can be piped."""

from __future__ import annotations

from django.core.management.base import OutputWrapper

MIN_TOTAL = 50


class ProgressReporter:
    """Writes progress: in place on a terminal, else ten lines if there is much to do."""

    def __init__(self, output: OutputWrapper):
        self.output = output
        self.in_place = bool(output.isatty())

    def __call__(self, doing: str, done: int, total: int) -> None:
        """Report that `done` of `total` items are done."""
        if self.in_place:
            self.output.write(f"\r{doing} {done}/{total} ", ending="\n" if done == total else "")
            self.output.flush()
        elif total > MIN_TOTAL and (done % (total // 10 or 1) == 0 or done == total):
            self.output.write(f"{doing} {done}/{total}")
