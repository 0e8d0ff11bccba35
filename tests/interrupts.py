"""Interrupts as a user sends them."""

import contextlib
import os
import signal
import threading
import time

LONGEST_WAIT = 60


def signal_process():
    os.kill(os.getpid(), signal.SIGINT)


@contextlib.contextmanager
def interrupt_when(condition, send=signal_process):
    """Send an interrupt as soon as a condition holds; yield a list that gets the time of it."""
    # A shell's background jobs ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sent, over = [], threading.Event()

    def watch():
        deadline = time.monotonic() + LONGEST_WAIT
        while not over.wait(0.005):
            if condition() or time.monotonic() > deadline:
                sent.append(time.monotonic())
                send()
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield sent
    finally:
        over.set()
        watcher.join()
        signal.signal(signal.SIGINT, before)
