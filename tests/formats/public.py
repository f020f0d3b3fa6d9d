"""Reads a folder of public workbooks, and says of each that is refused whether
other programs can read it, and of those that are read where other programs see
another value.

    pip install openpyxl xlrd odfpy python-calamine msoffcrypto-tool
    python tests/formats/public.py FOLDER

Any folder will do. The test suites of spreadsheet libraries hold thousands of
files, and are had from the package registries: the source packages of Apache POI,
libxlsxwriter, Excel::Writer::XLSX, orcus, Gnumeric (`apt-get source
--download-only`), of pyexcel, oletools, xlsx2csv (`pip download --no-binary`),
and what exceljs and its like ship (`npm pack`).
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import msoffcrypto
import openpyxl
import xlrd
from openpyxl.utils import get_column_letter
from python_calamine import CalamineWorkbook


def tables(folder, to):
    """What the program reads, by the file's name: its cells, or a reason."""
    environment = dict(os.environ, KAOHE_FILES=str(folder), KAOHE_TABLES=to)
    command = "cargo test --quiet --test all -- --ignored --exact formats::files_from_elsewhere"
    subprocess.run(command.split(), env=environment, check=True, stdout=subprocess.DEVNULL)
    read, refused = {}, {}
    for path in Path(to).iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".refused":
            refused[path.stem] = text
            continue
        cells = {}
        for line in text.split("\n"):
            parts = line.split("\t", 3)
            if len(parts) == 4:
                cells[parts[0], parts[1]] = parts[2], parts[3].replace("\u2028", "\n")
        read[path.stem] = cells
    return read, refused


def number(value):
    """What is too small for a decimal is nought."""
    value = float(value)
    return ("number", f"{0 if abs(value) < 1e-20 else value:.10g}")


def plain(value):
    """A value of another program as the tables have it, as far as that goes."""
    if isinstance(value, bool):
        return ("bool", str(value).lower())
    if isinstance(value, (int, float, Decimal)):
        return number(value)
    if isinstance(value, datetime):
        return ("day", value.date().isoformat())
    if isinstance(value, date):
        return ("day", value.isoformat())
    if isinstance(value, (time, timedelta)):
        return None
    return ("text", str(value))


def own(kind, value):
    if kind in ("date", "moment"):
        return ("day", value)
    return number(value) if kind == "number" else (kind, value)


def by_openpyxl(path):
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and cell.data_type != "e":
                    yield (sheet.title, cell.coordinate), plain(cell.value)


def by_xlrd(path):
    book = xlrd.open_workbook(path)
    for sheet in book.sheets():
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row)):
                value = {1: ("text", cell.value), 2: cell.value, 4: bool(cell.value)}.get(cell.ctype)
                if value is None or value == ("text", ""):
                    continue
                value = value if isinstance(value, tuple) else plain(value)
                yield (sheet.name, f"{get_column_letter(column + 1)}{row + 1}"), value


def by_calamine(path):
    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False)):
            for column, value in enumerate(cells):
                if value != "":
                    yield (name, f"{get_column_letter(column + 1)}{row + 1}"), plain(value)


ROUTES = {
    ".xlsx": by_openpyxl, ".xlsm": by_openpyxl, ".xltx": by_openpyxl, ".xltm": by_openpyxl,
    ".xls": by_xlrd, ".xlt": by_xlrd, ".ods": by_calamine, ".xlsb": by_calamine,
}


def verdict(path):
    """What other programs say of a file."""
    try:
        with open(path, "rb") as file:
            office = msoffcrypto.OfficeFile(file)
            if office.is_encrypted():
                # Of old formats the key is always held against the file.
                of_package = {"verify_password": True} if office.format == "ooxml" else {}
                try:
                    office.load_key(password="VelvetSweatshop", **of_package)
                    return "opens with the password of Excel"
                except Exception:
                    return "encrypted"
    except Exception:
        pass
    try:
        cells = dict(ROUTES.get(path.suffix.lower(), by_openpyxl)(path))
        return f"read by others, {len(cells)} cells"
    except BaseException as error:
        return f"refused by others: {type(error).__name__} {str(error)[:60]}"


def main(folder):
    with tempfile.TemporaryDirectory() as to:
        read, refused = tables(folder, to)
    print(f"{len(read) + len(refused)} files, {len(refused)} refused")
    kinds = Counter(re.sub("“[^”]*”", "“…”", why.split("；")[0]) for why in refused.values())
    for kind, count in kinds.most_common():
        print(f"  {count:4} {kind}")
    print("\nWhat others say of those that are refused:")
    for name, why in sorted(refused.items()):
        print(f"  {name}: {why.split('；')[0]} | {verdict(folder / name)}")
    print("\nValues that others see otherwise:")
    same = other = unread = 0
    for name, cells in sorted(read.items()):
        try:
            theirs = dict(ROUTES[Path(name).suffix.lower()](folder / name))
        except BaseException:
            unread += 1
            continue
        wrong = []
        for place, value in theirs.items():
            ours = cells.get(place)
            if value is None or ours is None and value[1].strip() == "":
                continue
            ours = ours and own(*ours)
            # Without the styles a day is its number, and the other way round.
            days = {ours and ours[0], value[0]} == {"day", "number"}
            texts = ours and ours[0] == value[0] == "text"
            # Numbers that no decimal holds are texts.
            huge = ours and ours[0] == "text" and value[0] == "number"
            if ours == value or days or texts and ours[1].split() == value[1].split():
                same += 1
            elif ours and ours[0] == "error" or huge and number(ours[1]) == value:
                same += 1
            else:
                wrong.append((place, ours, value))
        other += len(wrong)
        for place, ours, value in wrong[:3]:
            print(f"  {name} {'!'.join(place)}: {ours} for {value}, and {len(wrong) - 1} more")
    print(f"{same} values are the same, {other} are not; {unread} files no other program read")


main(Path(sys.argv[1]).absolute())
