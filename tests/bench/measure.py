"""What a process takes, read from the kernel: seconds, processor seconds, resident and private memory."""

import os
import subprocess
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def run_once(command, env, stdin=subprocess.DEVNULL):
    """(wall seconds, processor seconds, peak resident MB) of one run; raises when it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, env=env, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{command[:3]} ended with {process.returncode}: {words.decode(errors='replace')[-500:]}")
    return time.perf_counter() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def memory(pid):
    """(resident MB, of it MB that no file backs and no other process shares) of a live process."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith(" kB")}
    return kilobytes["Rss"] / 1024, kilobytes["Private_Dirty"] / 1024


def processor_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def wait_until(condition, seconds, what):
    """Polls up to a deadline; the benches' only way of waiting."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise RuntimeError(f"waited {seconds} s in vain: {what}")
