"""One workbook, saved by different programs. openpyxl edits the template in
place; LibreOffice, exceljs and SheetJS open and save it; xlsxwriter and xlwt
cannot open files and build the sheets anew from what the cells hold."""
import datetime
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import openpyxl
import xlsxwriter
import xlwt

HERE = Path(__file__).resolve().parent
FIXED = datetime.datetime(2018, 12, 20, 9, 0, 0)
CATALOG = {"openpyxl": "openpyxl", "lo": "LibreOffice", "xlsxwriter": "xlsxwriter",
           "xlwt": "xlwt", "exceljs": "exceljs", "sheetjs": "SheetJS"}


def by_openpyxl(book, path):
    book.wb.properties.created = book.wb.properties.modified = FIXED
    book.wb.save(path)


def by_libreoffice(book, path, kind=None):
    filters = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "xls": "xls:MS Excel 97",
               "ods": "ods:calc8", "et": "xls:MS Excel 97"}
    kind = kind or path.suffix[1:]
    with tempfile.TemporaryDirectory() as temp:
        temp = Path(temp)
        source = temp / "in" / "a.xlsx"
        source.parent.mkdir()
        by_openpyxl(book, source)
        profile = Path(tempfile.gettempdir()) / "lo_messy"
        subprocess.run(["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless",
                        "--convert-to", filters[kind], "--outdir", str(temp / "out"), str(source)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
        made = next((temp / "out").iterdir())
        shutil.move(made, path)


def by_xlsxwriter(book, path):
    options = {"date_1904": True} if getattr(book, "days_of_1904", False) else {}
    target = xlsxwriter.Workbook(str(path), options)
    target.set_properties({"created": FIXED})
    dates = target.add_format({"num_format": "yyyy-mm-dd"})
    times = target.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    percent = target.add_format({"num_format": "0.0%"})
    for ws in book.wb:
        sheet = target.add_worksheet(ws.title)
        if ws.sheet_state == "veryHidden":
            sheet.very_hidden()
        elif ws.sheet_state == "hidden":
            sheet.hide()
        for row, dimension in ws.row_dimensions.items():
            if dimension.hidden:
                sheet.set_row(row - 1, None, None, {"hidden": True})
        for area in ws.merged_cells.ranges:
            sheet.merge_range(area.min_row - 1, area.min_col - 1, area.max_row - 1,
                              area.max_col - 1, "")
        for cell in (c for row in ws.iter_rows() for c in row if c.value is not None):
            at, value = (cell.row - 1, cell.column - 1), cell.value
            if cell.data_type == "f":
                cached = result(book, cell)
                sheet.write_formula(*at, value, None, spelled_number(cached))
            elif isinstance(value, datetime.datetime):
                sheet.write_datetime(*at, value, dates if value.time() == datetime.time() else times)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(*at, value, dates)
            elif isinstance(value, str):
                sheet.write_string(*at, value)
            elif "%" in cell.number_format:
                sheet.write_number(*at, value, percent)
            else:
                sheet.write_number(*at, value)
    target.close()


def spelled_number(value):
    return "" if value is None else float(value)


def result(book, cell):
    """The result of a formula: as the case says, or the sum that the template has."""
    ws, at = cell.parent, (cell.parent.title, cell.coordinate)
    if at in book.cached:
        return book.cached[at]
    area = cell.value.removeprefix("=SUM(").removesuffix(")")
    cells = [c for row in ws[area] for c in row]
    values = [book.cached.get((ws.title, c.coordinate), c.value) for c in cells]
    return sum(v for v in values if isinstance(v, (int, float)))


def by_xlwt(book, path):
    target = xlwt.Workbook(encoding="utf-8")
    dates = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    percent = xlwt.easyxf(num_format_str="0.0%")
    plain = xlwt.easyxf()
    for ws in book.wb:
        sheet = target.add_sheet(ws.title, cell_overwrite_ok=True)
        sheet.visibility = {"hidden": 1, "veryHidden": 2}.get(ws.sheet_state, 0)
        merged = {}
        for area in ws.merged_cells.ranges:
            merged[area.min_row, area.min_col] = area
        for cell in (c for row in ws.iter_rows() for c in row if c.value is not None):
            value, style = cell.value, plain
            if cell.data_type == "f":
                value = float(result(book, cell))
            elif isinstance(value, (datetime.date, datetime.datetime)):
                style = dates
            elif "%" in cell.number_format and not isinstance(value, str):
                style = percent
            area = merged.get((cell.row, cell.column))
            if area:
                sheet.write_merge(area.min_row - 1, area.max_row - 1, area.min_col - 1,
                                  area.max_col - 1, value, style)
            else:
                sheet.write(cell.row - 1, cell.column - 1, value, style)
    target.save(str(path))


def by_node(program):
    def write(book, path):
        with tempfile.TemporaryDirectory() as temp:
            source = Path(temp) / "a.xlsx"
            by_openpyxl(book, source)
            task = {"program": program, "from": str(source), "to": str(path),
                    "type": path.suffix[1:], "macros": getattr(book, "macros", False)}
            subprocess.run(["node", str(HERE / "write.js"), json.dumps(task)], check=True,
                           timeout=300)
    return write


PROGRAMS = {"openpyxl": by_openpyxl, "lo": by_libreoffice, "xlsxwriter": by_xlsxwriter,
            "xlwt": by_xlwt, "exceljs": by_node("exceljs"), "sheetjs": by_node("sheetjs")}


def plain_copy(wb, skip=()):
    """A new workbook into which somebody copied the sheets."""
    new = openpyxl.Workbook()
    new.remove(new.active)
    for ws in wb:
        if ws.title in skip:
            continue
        sheet = new.create_sheet(ws.title)
        for cell in (c for row in ws.iter_rows() for c in row if c.value is not None):
            copy = sheet.cell(cell.row, cell.column, cell.value)
            if isinstance(cell.value, str) and cell.data_type != "f":
                copy.data_type = "s"
            copy.number_format = cell.number_format
        for area in ws.merged_cells.ranges:
            sheet.merge_cells(area.coord)
        sheet.sheet_state = ws.sheet_state
    return new
