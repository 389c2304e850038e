"""`perfxl` and `python -m perfxl`: the command line, from the first moment on without a traceback at Ctrl-C."""

import signal
import sys

# Until the command line can answer Ctrl-C itself, the system ends the program, to 130 as well in a shell.
_ANSWER = signal.signal(signal.SIGINT, signal.SIG_DFL)


def run() -> int:
    """Runs the command line; gives its exit status."""
    from perfxl.cli import main

    signal.signal(signal.SIGINT, _ANSWER)
    for name in ("SIGTERM", "SIGHUP"):  # the system goes down, or the terminal is closed
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # `nohup` has it passed over
            signal.signal(number, _stop)
    return main()


def _stop(number: int, _: object) -> None:
    """Ends the program as Ctrl-C does, so that nothing is left lying about; gives the status that a shell gives to such an end."""
    sys.exit(128 + number)


if __name__ == "__main__":
    raise SystemExit(run())
