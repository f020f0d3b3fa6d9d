"""Fill every field of every form of one unit of each kind, save the workbooks
through LibreOffice, and list what was filled in beside them.

    python3 tests/roundtrip/fill.py --kaohe target/debug/kaohe

Templates, headers and prefilled rows are found as in tests/sample/fill.py.
"""
import argparse
import datetime
import os
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sample"))
import fill as sample  # noqa: E402  (the sample's script, not this one)
import scenario  # noqa: E402

UNITS = ["T103", "G01", "B01", "C01", "A01"]
ISSUED = "2018-11-01"
YEAR = datetime.date(2018, 1, 1)

# What people type and programs trip over. {h} is the header, {n} is unlike in
# every row, so that no two values of a column are alike.
TEXTS = [
    "{h}{n}:甲、乙,(丙);《丁》——“戊”……完!",
    "={h}{n}+1",
    "第{n}行\n{h}第二行\n\n第四行",
    "\"引号\"与'单引号'{n}",
    "00{n}",
    "+{n}元",
    "@{h}{n}",
    "-{n}",
    "𠮷野{n}㙍村①号",
    "a & b < c > d {n} &amp; </t>",
    "两个  空格{n}",
    "{n}/7",
    "=SUM(A1:A{n})",
    "TRUE{n}",
    "制表\t符{n}",
    "全角\uff11\uff12(\uff21){n}",
]
MONEY = ["0.01", "123456.78", "99999999.99", "1", "50000", "0.1", "1234567.8", "8000.05", "2.67", "33333.33"]
PERCENT = ["0.985", "1", "0", "0.3333", "0.07", "0.5", "0.999", "0.29", "0.0001", "0.58"]
NUMBER = ["120.5", "0", "1000000", "0.125", "33.3", "7", "0.1", "99.99", "2.675", "12345.678"]
# Givers whom no roster has.
OUTSIDE = ["路人甲(外地)", "“某某”公司", "=热心人"]
# The choices that say of a name that the roster has it.
ON_ROSTER = {c["id"]: c["on_roster"] for c in scenario.PACK_DATA["plan"]["choice"] if "on_roster" in c}
PHONES = ["0737-7222222", "13807371234", "(0737)7222222转801", "+86-737-7222222", "7222222、7222223"]


def cycle(items, index):
    return items[index % len(items)]


def value_of(field, row, seed, names):
    """The value of a field in a row, from 0: Decimal, date or text. `seed` is
    unlike in every unit and field, so that no two columns are alike."""
    kind, index = field["kind"], row + seed
    if kind == "text":
        return cycle(TEXTS, index).format(h=field["header"], n=101 + row)
    if kind == "money":
        amounts = [Decimal(a) for a in MONEY]
        return cycle(amounts if "more_than" in field else [Decimal(0), *amounts], index)
    if kind == "percent":
        return Decimal(cycle(PERCENT, index))
    if kind == "number":
        return Decimal(cycle(NUMBER, index))
    if kind == "integer":
        low, high = field["min"], field["max"]
        return Decimal([low, high, low + 1, (low + high) // 2][index % 4] if index % 7 else min(high, low + index))
    if kind == "date":
        days = [0, 364, 58, 180 + row, 30 + seed % 20, 67]
        day = YEAR + datetime.timedelta(days=cycle(days, index))
        if field.get("any_year") and index % 3 == 0:
            return datetime.date(1999 + index % 17, 1 + index % 12, 1 + index % 28)
        return day
    if kind == "choice":
        return cycle(scenario.CHOICES[field["choice"]], index)
    if kind == "yesno":
        return "是" if index % 2 else "否"
    if kind == "phone":
        return cycle(PHONES, index)
    if kind == "member":
        return cycle(names["members"] + (names["outside"] + names["units"] if field.get("open") else []), index)
    if kind == "village":
        return cycle(names["villages"], index)
    raise SystemExit(f"no value for the kind {kind} of {field['id']}")


def put(cell, value, as_text=False):
    """A cell as a person leaves it: what begins with = or # is text."""
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    cell.value = value
    if isinstance(value, str) or as_text:
        cell.data_type = "s"


def listed(value):
    """A value in the table."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def card_cell(sheet, field):
    for row in sheet.iter_rows():
        for cell in row:
            if sample.normal(cell.value) == sample.normal(field["header"]):
                return sheet.cell(cell.row, cell.column + 1)
    raise SystemExit(f"{sheet.title}: no label {field['header']}")


def fill_card(sheet, form, code, names, seed):
    known = {"unit": names["own"], "year": Decimal(2018), "round": Decimal(1)}
    for number, field in enumerate(form["field"]):
        if field.get("prefilled"):
            value = known[field["id"]]
        else:
            value = value_of(field, 0, seed + number, names)
            cell = card_cell(sheet, field)
            # A mobile number becomes a number when it is typed.
            if field["kind"] == "phone" and value.isdigit():
                cell.number_format = "General"
                cell.value = int(value)
            else:
                put(cell, value)
        yield form["id"], 1, field["id"], value


def fitting(form, index, seed, names):
    """The names that fit the category of a row: the roster's where it says that
    the roster has them, else others."""
    for number, field in enumerate(form["field"]):
        if field.get("choice") in ON_ROSTER:
            value = value_of(field, index, seed + number, names)
            if value in ON_ROSTER[field["choice"]]:
                return {**names, "units": [], "outside": []}
            return {**names, "members": []}
    return names


def fill_table(sheet, form, names, seed):
    first, columns = sample.header_columns(sheet, form)
    first += 1
    key = next((f["id"] for f in form["field"] if f.get("prefilled")), None)
    if key:
        keys = names["own_villages" if form["prefill"] == "villages" else "own_members"]
        there = {sheet.cell(r, columns[key]).value: r for r in range(first, sheet.max_row + 1)}
        targets = [(there[k], k, False) for k in keys]
        if form["spare_rows"]:
            # A person who is not in the list is written below it.
            stranger = next(m for m in names["members"] if m not in keys)
            targets.append((max(there[k] for k in keys) + 1 if keys else first, stranger, True))
    else:
        longest = max([len(scenario.CHOICES[f["choice"]]) for f in form["field"] if f["kind"] == "choice"] or [0])
        targets = [(first + i, None, True) for i in range(max(longest, 10) + 1)]
    for index, (row, name, typed) in enumerate(targets):
        fit = fitting(form, index, seed, names)
        for number, field in enumerate(form["field"]):
            value = name if field["id"] == key else value_of(field, index, seed + number, fit)
            if field["id"] != key or typed:
                put(sheet.cell(row, columns[field["id"]]), value)
            yield form["id"], row, field["id"], value


def fill_unit(template, code, number, target):
    roster = scenario.ROSTER
    unit = next(u for u in roster["unit"] if u["code"] == code)
    kind = next(k["id"] for k in scenario.PACK_DATA["plan"]["unit_kind"] if k["name"] == unit["kind"])
    names = {
        "own": unit["name"],
        "own_members": [m["name"] for m in roster["member"]
                        if m["unit"] == unit["name"] and m["category"] == "政协委员"],
        "own_villages": [v["name"] for v in roster["village"] if v["reporter"] == unit["name"]],
        "outside": OUTSIDE,
        "members": [m["name"] for m in roster["member"]][number::29],
        "units": [u["name"] for u in roster["unit"]][number::11],
        "villages": [v["name"] for v in roster["village"]],
    }
    workbook = openpyxl.load_workbook(template)
    lines = []
    forms = [f for f in sample.FORMS.values() if kind in f.get("kinds", [])]
    for place, form in enumerate(sorted(forms, key=lambda form: form["order"])):
        if form["sheet"] not in workbook.sheetnames:
            assert form["prefill"] == "villages" and not names["own_villages"], form["id"]
            continue
        sheet, seed = workbook[form["sheet"]], number * 3 + place * 5
        if form["shape"] == "card":
            lines.extend(fill_card(sheet, form, code, names, seed))
        else:
            lines.extend(fill_table(sheet, form, names, seed))
    sample.save(workbook, target)
    table = "".join(f"{form}\t{row}\t{field}\t{listed(value)}\n" for form, row, field, value in lines)
    target.with_suffix(".tsv").write_text("form\trow\tfield\tvalue\n" + table, encoding="utf-8", newline="\n")
    return len(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kaohe", type=Path, default=scenario.ROOT / "target" / "debug" / "kaohe")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        workspace = Path(temp) / "workspace"
        for command in ["init", "issue"]:
            subprocess.run([args.kaohe, command, workspace, "--now", ISSUED], check=True,
                           stdout=subprocess.DEVNULL, env={**os.environ, "KAOHE_NOW": ISSUED})
        templates = sample.find_templates(workspace / "下发")
        files = [HERE / f"{code}.xlsx" for code in UNITS]
        for number, (code, path) in enumerate(zip(UNITS, files)):
            print(code, fill_unit(templates[code], code, number, path), "values")
        sample.through_libreoffice(files)


if __name__ == "__main__":
    main()
