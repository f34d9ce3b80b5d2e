"""The one budget of memory for all that viewers bring, be it read or still a file."""

from dashboard.server import health_log, upload_store
from engine.runtime.limits import MAX_UPLOAD_MEMORY_BYTES
from engine.runtime.memory_budget import Budget

BUDGET = Budget(MAX_UPLOAD_MEMORY_BYTES, beside=upload_store.nbytes)
health_log.add("brought", lambda: f"{BUDGET.held / 1e6:.0f} of {BUDGET.most / 1e6:.0f} MB")
