"""What one input costs: seconds of computing, which do not depend on what else the machine does,
and the memory it needs beyond what was there before.
"""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

STATUS, RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
GOAL_S, GOAL_MB = 2.0, 200.0  # promised of every input; asked for in the long run
HANG_S, HANG_MB = 30.0, 600.0  # in the short one, which may share its machine with others


@dataclass
class Costs:
    """Of each kind of input: how many, how many were taken, the slowest and the largest."""

    strict: bool
    count: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    taken: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    slowest: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    largest: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def of(self, kind: str, refusals: type[Exception] | tuple = ()) -> Iterator[None]:
        """Measures what is done inside; only an exception of ``refusals`` is an answer."""
        before = _peak_since_reset()
        began = time.process_time()
        try:
            yield
            self.taken[kind] += 1
        except refusals:
            pass
        seconds, megabytes = time.process_time() - began, _memory("VmHWM") - before
        self.count[kind] += 1
        self.slowest[kind] = max(self.slowest[kind], seconds)
        self.largest[kind] = max(self.largest[kind], megabytes)
        most_s, most_mb = (GOAL_S, GOAL_MB) if self.strict else (HANG_S, HANG_MB)
        assert seconds < most_s, f"{kind}: {seconds:.1f} s; wanted less than {most_s:.0f}"
        assert megabytes < most_mb, f"{kind}: {megabytes:.0f} MB; wanted less than {most_mb:.0f}"

    def lines(self) -> list[str]:
        """A line for each kind and one for all."""
        rows = [
            f"{kind:18} {n:7,} inputs, {self.taken[kind]:6,} taken, slowest "
            f"{self.slowest[kind]:5.2f} s, largest {self.largest[kind]:4.0f} MB"
            for kind, n in sorted(self.count.items())
        ]
        return [*rows, f"{'all':18} {sum(self.count.values()):7,} inputs"]


def _peak_since_reset() -> float:
    """The memory held now, in MB, from where the highest is counted anew (Linux; else 0)."""
    if not RESET.exists():
        return 0.0
    RESET.write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> float:
    if not RESET.exists():
        return 0.0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024
