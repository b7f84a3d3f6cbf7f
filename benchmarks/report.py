"""Runs every benchmark and writes what was found, beside what is wished, into
benchmarks/RESULTS.md.

Run by `make bench`; with names, only those: bin/bench weights serving
"""

from __future__ import annotations

import os
import platform
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import goals

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
LEFT_OUT = 2


@dataclass(frozen=True)
class Part:
    """A benchmark, and after how many seconds it is stopped: three times what it takes on a quiet
    machine.
    """

    name: str
    about: str
    seconds: int
    arguments: tuple[str, ...] = ()


PARTS = (
    Part("weights", "What a page costs a reader", 540),
    Part("lighthouse", "What Lighthouse says", 720),
    Part("serving", "What a page costs to serve", 1620, ("--rounds", "3", "--seconds", "2")),
    Part("scale", "What many articles cost", 720),
    Part("preview", "The live preview of staff", 180),
    Part("proof", "The proof of a self-check", 180),
    Part("search", "The search in the database", 360),
    Part("handouts", "Handouts as PDF", 540),
    Part("busy", "What readers notice when others print", 120),
)


@dataclass(frozen=True)
class Outcome:
    """What a part said, and how it ended."""

    part: Part
    output: str
    took: float
    end: str

    def goals(self) -> list[re.Match[str]]:
        """The goals among what it said."""
        return list(goals.LINE.finditer(self.output))


def main() -> int:
    """Run, write; 1 when a goal was missed or a part did not end well."""
    # A shell that starts this in the background has it ignore Ctrl+C, and every part with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    chosen = [part for part in PARTS if not sys.argv[1:] or part.name in sys.argv[1:]]
    outcomes = []
    for part in chosen:
        print(f"{part.about} ({part.name}) …", flush=True)
        outcomes.append(_run(part))
        _write(outcomes, [other for other in PARTS if other not in chosen[: len(outcomes)]])
        print(f"  {outcomes[-1].end}, {outcomes[-1].took:.0f} s", flush=True)
    missed = [
        found["what"]
        for outcome in outcomes
        for found in outcome.goals()
        if found["verdict"] != "reached"
    ]
    for what in missed:
        print(f"not reached: {what}")
    print(f"Written: {RESULTS.relative_to(ROOT)}")
    return int(bool(missed) or any(outcome.end != "measured" for outcome in outcomes))


def _run(part: Part) -> Outcome:
    command = [sys.executable, "-u", f"benchmarks/{part.name}.py", *part.arguments]
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        output, _nothing = process.communicate(timeout=part.seconds)
        end = {0: "measured", 1: "measured", LEFT_OUT: "left out"}.get(process.returncode, "failed")
    except subprocess.TimeoutExpired:
        # As Ctrl+C does: so that it ends its servers and removes its folder.
        process.send_signal(signal.SIGINT)
        try:
            output, _nothing = process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _nothing = process.communicate()
        output, end = (
            output.split("Traceback (most recent call last)")[0],
            f"stopped after {part.seconds} s",
        )
    outcome = Outcome(part, output, time.monotonic() - began, end)
    if end == "measured" and not outcome.goals():
        return Outcome(part, output, outcome.took, "failed")
    return outcome


def _write(outcomes: list[Outcome], others: list[Part]) -> None:
    found = [goal for outcome in outcomes for goal in outcome.goals()]
    reached = sum(goal["verdict"] == "reached" for goal in found)
    lines = [
        "# Results of the benchmarks",
        "",
        "Written by `make bench`; [README.md](README.md) tells what the benchmarks measure.",
        "",
        f"- Date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- Commit: {_commit()}",
        f"- Machine: {_machine()}",
        f"- Load at the end: {', '.join(f'{load:.1f}' for load in os.getloadavg())} (1, 5, 15 min)",
        f"- Goals reached: {reached} of {len(found)} measured",
    ]
    lines += [f"- Not run: {other.name}" for other in others]
    for outcome in outcomes:
        lines += ["", f"## {outcome.part.about}", ""]
        lines += [f"`benchmarks/{outcome.part.name}.py`: {outcome.end}, {outcome.took:.0f} s.", ""]
        if outcome.goals():
            lines += ["| Figure | Measured | Goal | |", "| --- | --- | --- | --- |"]
            lines += [_row(goal) for goal in outcome.goals()] + [""]
        rest = goals.LINE.sub("", outcome.output).strip()
        if rest:
            lines += ["```text", re.sub(r"\n{2,}", "\n\n", rest)[-4000:], "```"]
    RESULTS.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _row(goal: re.Match[str]) -> str:
    value, limit = (f"{goal[name]} {goal['unit']}".strip() for name in ("value", "limit"))
    verdict = goal["verdict"] if goal["verdict"] == "reached" else f"**{goal['verdict']}**"
    return (
        f"| {goal['what']} | {value} | {'≤' if goal['sign'] == '<=' else '≥'} {limit} | {verdict} |"
    )


def _commit() -> str:
    def git(*arguments: str) -> str:
        asked = ["git", *arguments]
        done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
        return done.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--", ".", ":!benchmarks/RESULTS.md")
        return git("rev-parse", "--short=12", "HEAD") + (", with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _machine() -> str:
    try:
        model = re.search(
            r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE
        )
    except OSError:
        model = None
    name = model[1] if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main())
