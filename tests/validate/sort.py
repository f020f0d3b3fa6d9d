"""Sorts every sheet of a consolidated workbook in LibreOffice, as a reader would by the
arrows of the filter, has all formulas worked out again, and compares: the rows of each
sheet stand in another order, and each says what it said.

    /usr/bin/python3 tests/validate/sort.py WORKBOOK.xlsx     # needs python3-uno
"""
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.table import TableSortField


def option(name, value):
    return PropertyValue(Name=name, Value=value)


def connected(profile):
    """A LibreOffice of its own, and its desktop."""
    pipe = f"kaohe{os.getpid()}"
    office = subprocess.Popen(
        ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{profile}",
         f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.25)
    else:
        sys.exit("LibreOffice does not answer")
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context)
    return office, desktop


def said(value):
    """A value as it is compared: LibreOffice counts in binary."""
    return f"{value:.9g}" if isinstance(value, float) else value


def rows(book):
    """The rows of each sheet, whatever their order, and in their order."""
    found = {}
    for sheet in book.Sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        data = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
        found[sheet.Name] = [tuple(said(value) for value in row) for row in data]
    return found


def sort(area, column, descending):
    field = TableSortField()
    field.Field = column
    field.IsAscending = not descending
    area.sort((option("SortFields", uno.Any("[]com.sun.star.table.TableSortField", (field,))),
               option("ContainsHeader", True),
               option("BindFormatsToContent", True)))


def main(path):
    with tempfile.TemporaryDirectory() as profile:
        office, desktop = connected(profile)
        try:
            # A copy: the workbook may be open, and stays as it is.
            copy = os.path.join(profile, "sorted.xlsx")
            shutil.copyfile(path, copy)
            url = uno.systemPathToFileUrl(copy)
            book = desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", True),))
            # Nobody types here: without the protection, as a reader takes it off.
            for sheet in book.Sheets:
                sheet.unprotect("")
            book.calculateAll()
            before = rows(book)
            moved, wrong = 0, []
            for name, reference in filters(path):
                area = book.Sheets.getByName(name).getCellRangeByName(reference)
                last = area.Columns.Count - 1
                for column in sorted({min(1, last), last // 2}):
                    sort(area, column, True)
                book.calculateAll()
                after = rows(book)
                moved += after[name] != before[name]
                for other, old in before.items():
                    gone = Counter(old) - Counter(after[other])
                    come = Counter(after[other]) - Counter(old)
                    if gone or come:
                        wrong.append((name, other, list(gone)[:2], list(come)[:2]))
            for one in wrong:
                print("sorted %s: %s had %s and has %s" % one)
            print(f"{moved} sheets sorted, {len(wrong)} changed")
            book.close(True)
            return 1 if wrong or not moved else 0
        finally:
            try:
                desktop.terminate()
            except Exception:
                pass
            office.wait(60)


def filters(path):
    """Where the filters are: the name of each sheet and what is sorted on it."""
    with zipfile.ZipFile(path) as parts:
        book = parts.read("xl/workbook.xml").decode()
        links = parts.read("xl/_rels/workbook.xml.rels").decode()
        target = dict(re.findall(r'Id="([^"]+)"[^>]*?Target="([^"]+)"', links))
        for name, link in re.findall(r'<sheet name="([^"]+)"[^>]*?r:id="([^"]+)"', book):
            page = parts.read("xl/" + target[link].removeprefix("/xl/")).decode()
            found = re.search(r'<autoFilter ref="([^"]+)"', page)
            if found:
                yield html.unescape(name), found[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
