"""`perfxl` and `python -m perfxl`: the command line, from the first moment on without a traceback at Ctrl-C."""

import signal

# Until the command line can answer Ctrl-C itself, the system ends the program, to 130 as well in a shell.
_ANSWER = signal.signal(signal.SIGINT, signal.SIG_DFL)


def run() -> int:
    """Runs the command line; gives its exit status."""
    from perfxl.cli import main

    signal.signal(signal.SIGINT, _ANSWER)
    return main()


if __name__ == "__main__":
    raise SystemExit(run())
