"""Writes one small table with five programs in every format they know.

    python3 make.py            needs xlsxwriter, openpyxl, xlwt, soffice
    node make.mjs              needs the npm package xlsx

What each file must read as stands in expected.tsv, written by hand.
"""
import datetime
import os
import shutil
import subprocess
import sys
import tempfile

import openpyxl
import xlsxwriter
import xlwt

HERE = os.path.dirname(os.path.abspath(__file__))
DAY = datetime.date(2018, 7, 2)
MOMENT = datetime.datetime(2018, 7, 2, 12, 30)
# Label, value, number format. The table begins at B3, never at A1.
ROWS = [
    ("文字", "冷市镇联工委", None),
    ("整数", 50000, None),
    ("小数", 2.675, None),
    ("金额", 1234567.89, "#,##0.00"),
    ("百分比", 0.855, "0.0%"),
    ("日期", DAY, "yyyy-mm-dd"),
    ("时刻", MOMENT, "yyyy-mm-dd hh:mm"),
    ("是否", True, None),
    ("错误", "=1/0", None),
    ("公式", "=C4*2", None),
    ("隐藏行", 7, None),
]
RESULTS = {"=1/0": "#DIV/0!", "=C4*2": 100000}


def path(name):
    return os.path.join(HERE, name)


def by_xlsxwriter(name, **options):
    book = xlsxwriter.Workbook(path(name), options)
    book.set_properties({"created": datetime.datetime(2018, 1, 1)})
    sheet = book.add_worksheet("数据")
    for at, (label, value, form) in enumerate(ROWS):
        row = 2 + at
        style = book.add_format({"num_format": form}) if form else None
        sheet.write_string(row, 1, label)
        if isinstance(value, (datetime.date, datetime.datetime)):
            sheet.write_datetime(row, 2, value, style)
        elif isinstance(value, bool):
            sheet.write_boolean(row, 2, value, style)
        elif isinstance(value, str) and value.startswith("="):
            sheet.write_formula(row, 2, value, style, RESULTS[value])
        else:
            sheet.write(row, 2, value, style)
    sheet.set_row(12, None, None, {"hidden": True})
    sheet.merge_range("B14:C15", "合并")
    hidden = book.add_worksheet("隐藏表")
    hidden.write_string(0, 0, "看不见")
    hidden.hide()
    book.close()


def by_openpyxl(name):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    for at, (label, value, form) in enumerate(ROWS):
        sheet.cell(3 + at, 2, label)
        cell = sheet.cell(3 + at, 3, value)
        if form:
            cell.number_format = form
    sheet.row_dimensions[13].hidden = True
    sheet["B14"] = "合并"
    sheet.merge_cells("B14:C15")
    hidden = book.create_sheet("隐藏表")
    hidden["A1"] = "看不见"
    hidden.sheet_state = "hidden"
    book.save(path(name))


def by_xlwt(name, formats=0):
    """With so many other number formats before the one of the day."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("数据")
    for n in range(formats):
        sheet.write(n, 9, n, xlwt.easyxf(num_format_str=f'0"第{n}"'))
    for at, (label, value, form) in enumerate(ROWS):
        sheet.write(2 + at, 1, label)
        style = xlwt.easyxf(num_format_str=form) if form else xlwt.Style.default_style
        if isinstance(value, str) and value.startswith("="):
            # xlwt stores an empty text as the result of every formula.
            sheet.write(2 + at, 2, xlwt.Formula(value[1:]))
        else:
            sheet.write(2 + at, 2, value, style)
    sheet.row(12).hidden = True
    sheet.write_merge(13, 14, 1, 2, "合并")
    hidden = book.add_sheet("隐藏表")
    hidden.write(0, 0, "看不见")
    hidden.visibility = 1
    book.save(path(name))


def by_libreoffice(source, name):
    with tempfile.TemporaryDirectory() as scratch:
        stem = os.path.splitext(name)[0]
        kind = os.path.splitext(name)[1][1:]
        given = os.path.join(scratch, stem + os.path.splitext(source)[1])
        shutil.copy(path(source), given)
        out = os.path.join(scratch, "out")
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{scratch}/profile", "--headless",
             "--convert-to", kind, "--outdir", out, given],
            check=True, stdout=subprocess.DEVNULL)
        shutil.copy(os.path.join(out, name), path(name))


def main():
    by_xlsxwriter("xlsxwriter.xlsx")
    by_xlsxwriter("xlsxwriter-1904.xlsx", date_1904=True)
    by_openpyxl("openpyxl.xlsx")
    by_xlwt("xlwt.xls")
    by_xlwt("xlwt-formats.xls", 240)
    if "--without-libreoffice" not in sys.argv:
        by_libreoffice("xlsxwriter.xlsx", "libreoffice.ods")
        by_libreoffice("xlsxwriter.xlsx", "libreoffice.xls")
        by_libreoffice("libreoffice.ods", "libreoffice.xlsx")
        by_libreoffice("xlsxwriter-1904.xlsx", "libreoffice-1904.xls")
        by_libreoffice("xlsxwriter-1904.xlsx", "libreoffice-1904.ods")


if __name__ == "__main__":
    main()
