"""The check that fails untidy tests: it must see what is left, and be patient with what is ending."""

import subprocess
import sys
import threading

from leftovers import Leftovers


def test_a_thread_left_running_is_seen_until_it_ends():
    before, end = Leftovers.now(), threading.Event()
    thread = threading.Thread(target=end.wait, name="straggler")
    thread.start()
    assert before.new_ones(grace_s=0.0) == ["thread straggler"]
    end.set()
    assert before.new_ones(grace_s=10.0) == []
    thread.join()


def test_a_child_process_left_running_is_seen():
    before = Leftovers.now()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        left = before.new_ones(grace_s=0.0)
        child.stdin.close()
    assert len(left) == 1
    assert f"child process {child.pid}" in left[0]
    assert before.new_ones(grace_s=0.0) == []
