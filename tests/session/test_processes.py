"""Processes that do a part of the work leave Ctrl-C and the end to the one that started them."""

from __future__ import annotations

import operator
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from raincheck.session.processes import in_several

SLEEPING = """
import os, time
from raincheck.session.processes import in_several

def asleep(_):
    print(os.getpid(), flush=True)
    time.sleep(600)

if __name__ == "__main__":
    list(in_several(asleep, [1, 2]))
"""


def test_results_come_in_the_order_of_the_things():
    assert list(in_several(operator.neg, range(20))) == [-number for number in range(20)]


def test_ctrl_c_is_heard_by_one_process_alone():
    before = signal.getsignal(signal.SIGINT)
    assert list(in_several(signal.getsignal, [signal.SIGINT] * 2)) == [signal.SIG_IGN] * 2
    assert signal.getsignal(signal.SIGINT) is before


def test_what_a_killed_process_has_not_done_is_done_here(monkeypatch):
    def cut_short(*_):
        yield -1
        raise BrokenProcessPool

    monkeypatch.setattr(ProcessPoolExecutor, "map", cut_short)
    assert list(in_several(operator.neg, [1, 2, 3])) == [-1, -2, -3]


def test_processes_end_with_the_one_that_started_them_however_it_ends(tmp_path):
    script = tmp_path / "sleeping.py"
    script.write_text(SLEEPING)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        assert run.stdout is not None
        assert run.stdout.readline()
        run.kill()
        run.communicate(timeout=60)  # ends when none of them has its output open any more
