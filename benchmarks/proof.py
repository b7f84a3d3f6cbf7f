"""How long the proof of a self-check takes, for flows with more paths than anybody could list.

Run it on a quiet machine: .venv/bin/python benchmarks/proof.py
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from random import Random

from goals import Goal, say

ROOT = Path(__file__).resolve().parents[1]
SIZES = (100, 300)
FLOWS = 20
SIGNS_ON_A_PAGE = (3, 6)
LIMIT_MS = 1000
FEWEST_PATHS = 10**30


def main() -> int:
    """Measure and print; 1 when the slowest large flow is over the limit, or one has
    too few paths.
    """
    sys.path.insert(0, str(ROOT))
    # What is measured can be imported only when Python knows where it lies.
    from education.selfcheck.safety.rules import check_flow  # noqa: PLC0415
    from tests.selfcheck.flow_generators import count_paths, generate_flow  # noqa: PLC0415

    goals = []
    for signs in SIGNS_ON_A_PAGE:
        medians = []
        for size in SIZES:
            flows = [generate_flow(Random(seed), size, signs) for seed in range(FLOWS)]  # noqa: S311
            paths = min(count_paths(flow) for flow in flows)
            taken = []
            for flow in flows:
                begin, busy = time.perf_counter(), time.process_time()
                if check_flow(flow):
                    raise SystemExit("A flow that is safe by the way it is made was refused.")
                taken.append(
                    ((time.perf_counter() - begin) * 1000, (time.process_time() - busy) * 1000)
                )
            medians.append(statistics.median(clock for clock, _busy in taken))
            slowest = max(clock for clock, _busy in taken)
            print(
                f"{size} questions, up to {signs} signs on a page, {FLOWS} flows of 10^{len(str(paths)) - 1} "
                f"paths or more: median {medians[-1]:.0f} ms, slowest {slowest:.0f} ms "
                f"(processor: slowest {max(busy for _clock, busy in taken):.0f} ms)"
            )
            if paths <= FEWEST_PATHS:
                raise SystemExit("A flow has too few paths to say anything.")
        what = f"proof of {SIZES[-1]} questions, up to {signs} signs on a page, more than 10^30 paths, slowest"
        goals.append(Goal(what, slowest, "<=", LIMIT_MS, "ms"))
        print(
            f"{SIZES[-1]} questions take {medians[-1] / medians[0]:.1f} times as long as {SIZES[0]}"
        )
    return say(goals)


if __name__ == "__main__":
    sys.exit(main())
