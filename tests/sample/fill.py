"""Fill the issued templates with the scenario, as the units would.

The templates are found by the unit code in their very hidden sheet `_kaohe`, and
their cells by the headers of the pack: no row or column number is assumed.
`--libreoffice N` saves N of the workbooks again through LibreOffice.
"""
import argparse
import datetime
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl

import scenario

SAMPLE = scenario.ROOT / "samples" / "anhua-2018"
STAMP_SHEET = "_kaohe"
FIXED = datetime.datetime(2018, 12, 20, 9, 0, 0)
FORMS = scenario.PACK_DATA["forms"]


def normal(text):
    """A header as typed in the pack and as shown in a cell, made comparable:
    no width variants, white space, `*`, or measure in brackets."""
    text = unicodedata.normalize("NFKC", str(text or ""))
    text = re.sub(r"[\s*]", "", text)
    return re.sub(r"\([^()]*\)", "", text)


def unit_code(workbook):
    """The value beside the key `unit` in the stamp sheet; None if it is not ours."""
    if STAMP_SHEET not in workbook.sheetnames:
        return None
    for key, value, *_ in workbook[STAMP_SHEET].iter_rows(min_col=1, max_col=2, values_only=True):
        if str(key).strip() == "unit":
            return str(value).strip()
    return None


def find_templates(folder):
    found = {}
    for path in sorted(folder.glob("*.xlsx")):
        if path.name.startswith("~$"):
            continue
        workbook = openpyxl.load_workbook(path, read_only=True)
        code = unit_code(workbook)
        workbook.close()
        if code:
            assert code not in found, f"two templates for {code}: {path.name}"
            found[code] = path
    return found


def header_columns(sheet, form):
    """(header row, field id -> column) of the first row that holds every header of the form."""
    wanted = {normal(f["header"]): f["id"] for f in form["field"]}
    assert len(wanted) == len(form["field"]), form["id"]
    for row in sheet.iter_rows():
        columns = {}
        for cell in row:
            field = wanted.get(normal(cell.value))
            if field and field not in columns:
                columns[field] = cell.column
        if len(columns) == len(wanted):
            return row[0].row, columns
    raise SystemExit(f"{sheet.title}: no row with the headers of {form['id']}")


def write(cell, value, kind):
    if value is None:
        return
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    cell.value = value
    if kind == "percent" and cell.number_format == "General":
        cell.number_format = "0.0%"


def fill_table(sheet, form, rows):
    header_row, columns = header_columns(sheet, form)
    fields = {f["id"]: f for f in form["field"]}
    key = next((f["id"] for f in form["field"] if f.get("prefilled")), None)
    for index, row in enumerate(rows):
        target = header_row + 1 + index
        if key:
            target = next((r for r in range(header_row + 1, sheet.max_row + 1)
                           if normal(sheet.cell(r, columns[key]).value) == normal(row[key])), None)
            if target is None:
                # Somebody whom the office did not list: in the first empty row, which a
                # form need not hold yet.
                target = next((r for r in range(header_row + 1, sheet.max_row + 1)
                               if not sheet.cell(r, columns[key]).value), sheet.max_row + 1)
                sheet.cell(target, columns[key]).value = row[key]
        if row.get("emptied"):          # somebody cleared the whole row
            for column in columns.values():
                sheet.cell(target, column).value = None
            continue
        for field, value in row.items():
            if field != key:
                write(sheet.cell(target, columns[field]), value, fields[field]["kind"])


def fill_card(sheet, form, values):
    for field in form["field"]:
        if field["id"] not in values:
            continue
        label = next((c for row in sheet.iter_rows() for c in row
                      if normal(c.value) == normal(field["header"])), None)
        if label is None:
            raise SystemExit(f"{sheet.title}: no label {field['header']}")
        column = label.column + 1
        for merged in sheet.merged_cells.ranges:      # a label over several columns
            if label.coordinate in merged:
                column = merged.max_col + 1
        write(sheet.cell(label.row, column), values[field["id"]], field["kind"])


def save(workbook, path):
    """Save, then take the clock out of the file."""
    workbook.properties.created = FIXED
    workbook.properties.modified = FIXED
    workbook.save(path)
    with zipfile.ZipFile(path) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            if name == "docProps/core.xml":
                stamp = FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, FIXED.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, data)


def without_late(sheet, form):
    """The workbooks went out before these came onto the roster."""
    header_row, columns = header_columns(sheet, form)
    for row in range(header_row + 1, sheet.max_row + 1):
        cell = sheet.cell(row, columns["member"])
        if cell.value in [m["name"] for m in scenario.LATE_MEMBERS]:
            cell.value = None


def complete_roster(path):
    """The office's roster with those who came later, below the last person."""
    workbook = openpyxl.load_workbook(path)
    form = scenario.ROSTER_FORMS["roster_members"]
    sheet = workbook[form["sheet"]]
    header_row, columns = header_columns(sheet, form)
    codes = [sheet.cell(r, columns["code"]).value for r in range(header_row + 1, sheet.max_row + 1)]
    new = [m for m in scenario.LATE_MEMBERS if m["code"] not in codes]
    empty = [r for r, code in enumerate(codes, header_row + 1) if not code]
    for row, member in zip(empty, new):
        for field, value in member.items():
            sheet.cell(row, columns[field]).value = value
    if new:
        save(workbook, path)


def fill(template, sent, target):
    workbook = openpyxl.load_workbook(template)
    if "three_ones" in sent["forms"]:
        without_late(workbook[FORMS["three_ones"]["sheet"]], FORMS["three_ones"])
    fill_card(workbook[FORMS["cover"]["sheet"]], FORMS["cover"], sent["cover"])
    for form_id, rows in sent["forms"].items():
        fill_table(workbook[FORMS[form_id]["sheet"]], FORMS[form_id], rows)
    save(workbook, target)


def foreign_files(folder):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "通讯录"
    for row in [["单位", "联系人", "电话"], ["清塘铺镇联工委", "委员001", "0737-7000001"],
                ["县直经济委员组", "委员105", "0737-7000024"]]:
        sheet.append(row)
    save(workbook, folder / scenario.FOREIGN_WORKBOOK)
    (folder / scenario.BROKEN_FILE).write_text(scenario.BROKEN_TEXT, encoding="utf-8", newline="\n")


def through_libreoffice(files):
    with tempfile.TemporaryDirectory() as temp:
        profile, out = Path(temp) / "profile", Path(temp) / "out"
        subprocess.run(["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless",
                        "--convert-to", "xlsx", "--outdir", str(out), *map(str, files)],
                       check=True, stdout=subprocess.DEVNULL, timeout=600)
        for path in files:
            shutil.move(out / path.name, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=Path, default=SAMPLE / "下发")
    parser.add_argument("--out", type=Path, default=SAMPLE / "回收")
    parser.add_argument("--libreoffice", type=int, default=0, metavar="N")
    args = parser.parse_args()
    scenario.check()
    complete_roster(SAMPLE / "名册.xlsx")
    templates = find_templates(args.templates)
    returns = scenario.returns()
    lacking = [s["unit"] for s in returns if s["unit"] not in templates]
    if lacking:
        sys.exit(f"no template in {args.templates} for: {' '.join(lacking)}")
    args.out.mkdir(parents=True, exist_ok=True)
    for sent in returns:
        fill(templates[sent["unit"]], sent, args.out / sent["file"])
    foreign_files(args.out)
    files = [args.out / s["file"] for s in returns]
    if args.libreoffice:
        step = max(1, len(files) // args.libreoffice)
        through_libreoffice(files[::step][:args.libreoffice])
    ours = {f.name for f in files} | {scenario.FOREIGN_WORKBOOK, scenario.BROKEN_FILE}
    strays = sorted(p.name for p in args.out.iterdir() if p.name not in ours)
    print(f"{len(returns)} returns and 2 foreign files written")
    if strays:
        print("not written by this script, and not in expected.json:", *strays)


if __name__ == "__main__":
    main()
