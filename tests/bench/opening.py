"""How long LibreOffice takes to open a consolidated workbook.

    opening.py REPORT.xlsx [ROUNDS]

Beside it a plain workbook by XlsxWriter, which holds the same entries as values only.
Each is opened ROUNDS times in turn, with and without calculating all formulas anew,
and nothing of it is stored but a small first sheet as CSV. The best of each counts,
less what an empty workbook takes. Bars: the report takes no more than 1.5 times as
long as the plain workbook, and calculating it no more than 1.5 times as long as
opening it. With openpyxl and XlsxWriter; the seconds are those of the processor.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import xlsxwriter

MOST = 1.5
# Calculates every formula when a file is opened.
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def plain(report, to):
    """The entries of a report as values, behind a small first sheet."""
    book = xlsxwriter.Workbook(to)
    book.add_worksheet("first").write(0, 0, "first")
    if report:
        sheets = openpyxl.load_workbook(report, read_only=True, data_only=True)
        for sheet in (one for one in sheets if one.title.startswith("明细-")):
            rows = book.add_worksheet(sheet.title)
            for row, values in enumerate(sheet.iter_rows(values_only=True)):
                for column, value in enumerate(values):
                    if isinstance(value, (int, float)):
                        rows.write_number(row, column, value)
                    elif value is not None:
                        rows.write_string(row, column, str(value))
    book.close()
    return to


def opened(book, profile, folder):
    """Seconds by the clock and of the processor, and the most memory in MiB."""
    start = time.monotonic()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}"]
    command += ["--convert-to", "csv", "--outdir", folder, book]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0, f"LibreOffice failed with {book}"
    seconds = time.monotonic() - start
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def main(report, rounds=3):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stored, always = folder / "stored", folder / "always"
        (always / "user").mkdir(parents=True)
        (always / "user" / "registrymodifications.xcu").write_text(ALWAYS)
        empty = plain(None, folder / "empty.xlsx")
        values = plain(report, folder / "plain.xlsx")
        runs = {
            "nothing": (empty, stored),
            "plain": (values, stored),
            "report": (report, stored),
            "calculated": (report, always),
        }
        # A profile is made when it is first used.
        for profile in (stored, always):
            opened(empty, profile, folder)
        found = {what: [] for what in runs}
        for _ in range(rounds):
            for what, (book, profile) in runs.items():
                found[what].append(opened(book, profile, folder))
    best = {what: [min(each) for each in zip(*times)] for what, times in found.items()}
    for what, (seconds, used, memory) in best.items():
        print(f"{what:12}{seconds:8.2f} s{used:8.2f} s of the processor{memory:8} MiB")
    nothing = best["nothing"][1]
    for what, beside in (("report", "plain"), ("calculated", "report")):
        ratio = (best[what][1] - nothing) / (best[beside][1] - nothing)
        print(f"{what} to {beside}: {ratio:.2f}, at most {MOST}{'' if ratio <= MOST else ', MISSED'}")


main(sys.argv[1], *map(int, sys.argv[2:]))
