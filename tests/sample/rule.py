"""Rule on the sample as its office would: in the workbook 裁定.xlsx.

The open matters are read from the sheet 核对事项 of the consolidated workbook, by
header; the rulings of the scenario are chosen for them; and the office's own
additions, nominations and exemptions are written below their headers. A ruling
may change what the next one rests on, so this goes on until nothing is left to rule.
"""
import os
import subprocess
import sys

import openpyxl

import scenario
from fill import SAMPLE, normal

KAOHE = scenario.ROOT / "target" / "debug" / "kaohe"
RULER, APPROVER, NOMINATOR = "裁定人甲", "批准人甲", "提名人甲"
REASON = "与填报单位核实"


def assess():
    env = dict(os.environ, KAOHE_NOW="2018-12-31")
    subprocess.run([KAOHE, "assess", SAMPLE], check=True, stdout=subprocess.DEVNULL, env=env)


def matters():
    """The matters of the consolidated workbook: header to text."""
    workbook = openpyxl.load_workbook(SAMPLE / "汇总" / "2018年考核汇总.xlsx")
    rows = [list(r) for r in workbook["核对事项"].iter_rows(values_only=True)]
    start = next(i for i, r in enumerate(rows) if r[0] == "事项编号")
    return [dict(zip(rows[start], r)) for r in rows[start + 1:] if r[0]]


def sheet_of(workbook, headers):
    """The sheet whose row of headers holds all of some; with that row and the columns."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows(max_row=12):
            found = {normal(cell.value): cell.column for cell in row if cell.value}
            if all(normal(h) in found for h in headers):
                return sheet, row[0].row, {h: found[normal(h)] for h in headers}
    sys.exit(f"no sheet with {headers}")


def write(workbook, headers, rows):
    """Put rows into the first empty lines below the headers and their line of help."""
    sheet, line, columns = sheet_of(workbook, headers)
    line += 1
    while any(sheet.cell(line, c).value for c in columns.values()):
        line += 1
    for row in rows:
        for header, value in zip(headers, row, strict=True):
            if value:
                sheet.cell(line, columns[header]).value = value
        line += 1


def rule():
    """Write down the rulings whose matter is open. True if there was one."""
    made = []
    for matter in matters():
        # What changes no result stands apart, and may be put on record.
        if not (matter["状态"].endswith("待裁定") or matter["状态"] == "不影响结果"):
            continue
        for kind, words, verdict in scenario.RULINGS:
            if matter["类别"] == kind and all(w in matter["各方所报"] for w in words):
                made.append([kind, matter["事项编号"], matter["事项"], verdict, REASON, RULER, matter["事实指纹"]])
    # What depends on an amount is ruled when the amount is.
    first = [m for m in made if m[0] == scenario.RULINGS[0][0]] or made
    made = [m[1:] for m in first]
    if made:
        path = SAMPLE / "裁定.xlsx"
        workbook = openpyxl.load_workbook(path)
        write(workbook, ["事项编号", "事项", "裁定", "裁定理由", "裁定人", "事实指纹"], made)
        workbook.save(path)
    return len(made)


def main():
    path = SAMPLE / "裁定.xlsx"
    workbook = openpyxl.load_workbook(path)
    write(workbook, ["单位", "加减分", "条款", "理由", "批准人"],
          [[u, float(p), c, r, APPROVER] for u, p, c, r in scenario.ADJUSTMENTS])
    write(workbook, ["姓名", "单位", "突出表现", "提名人"],
          [[m, u, r, NOMINATOR] for m, u, r in scenario.NOMINATIONS])
    write(workbook, ["单位或委员", "所属单位", "否决情形", "理由", "批准人"],
          [[s, u, v, r, APPROVER] for s, u, v, r in scenario.EXEMPTIONS])
    workbook.save(path)
    made = 0
    assess()
    for _ in range(3):
        new = rule()
        assess()
        if not new:
            break
        made += new
    assert made == len(scenario.RULINGS), f"{made} rulings made of {len(scenario.RULINGS)}"
    print(f"ruled: {made}")


if __name__ == "__main__":
    main()
