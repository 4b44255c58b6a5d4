"""How a served process protects the letters in its memory: no core
dumps, no access by other programs.

Python cannot wipe a string; encrypted swap, or none, is the operator's part (docs/operating.md).
This module is also gunicorn's configuration: its hook runs in each worker process.
"""

import ctypes
import logging
import resource
import sys
from typing import Any

PR_SET_DUMPABLE = 4


def close_memory() -> None:
    """RLIMIT_CORE=0 and, on Linux, PR_SET_DUMPABLE=0."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def post_worker_init(worker: Any) -> None:
    """Gunicorn calls this in each worker process when it is ready."""
    close_memory()
    platform = getattr(worker.wsgi, "extensions", {}).get("platform")
    if platform is not None:  # not so in the demonstration, whose worker is in the same process
        platform.serve_pages()
    logging.getLogger("gunicorn.error").addFilter(_without_address)


def _without_address(record: logging.LogRecord) -> bool:
    """Gunicorn logs an invalid request with its sender and its contents;
    this logs only that there was one."""
    if "Invalid request from" in str(record.msg):
        record.msg, record.args = "A request that is none was refused.", ()
    elif str(record.msg).startswith("Error handling request"):
        record.msg, record.args, record.exc_info = "A request could not be handled.", (), None
    return True
