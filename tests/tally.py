"""Counts the test cases in a JUnit report of ctest or pytest; prints "PASSED FAILED".

A ctest report has one entry a program; where that is a cmocka program, its own lines are counted, so that a case is a
case. A program that died without naming a failed case counts as one failure.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

OK = re.compile(r"^\[       OK \] ", re.MULTILINE)
FAILED = re.compile(r"^\[  FAILED  \] (\w+)$", re.MULTILINE)


def tally(path):
    passed = failed = 0
    for case in ElementTree.parse(path).iter("testcase"):
        bad = any(case.find(kind) is not None for kind in ("failure", "error")) or case.get("status") == "fail"
        if case.find("skipped") is not None:
            # ctest says "skipped" of a program that was not built: that is a failure
            failed += case.get("status") == "notrun"
            continue
        output = case.findtext("system-out") or ""
        passed += len(OK.findall(output)) or (0 if bad else 1)
        failed += max(1, len(set(FAILED.findall(output)))) if bad else 0
    return passed, failed


if __name__ == "__main__":
    try:
        print(*tally(sys.argv[1]))
    except (OSError, ElementTree.ParseError):
        print(0, 1)  # no report: the runner itself died
