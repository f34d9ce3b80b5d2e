"""A process that ends with the one that started it."""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    """From now on this process is interrupted as soon as the one that started it is gone.

    The sign is the end of its standard input, a pipe of which the parent holds the other end.
    """

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os.kill(os.getpid(), signal.SIGINT)  # as by the keyboard: what is half done is removed

    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=wait, daemon=True).start()
