"""The whole job with python-calamine for reading and XlsxWriter for writing."""
from importlib.metadata import version

import xlsxwriter
from python_calamine import CalamineWorkbook

import common

files, target = common.arguments()
totals, count = common.Totals(), 0
out = xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"})
sheets, next_row = {}, {}
for path in files:
    book = CalamineWorkbook.from_path(path)
    rows = {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }
    unit = common.unit_of(rows[common.COVER])
    for form in common.FORMS:
        headers, filled = common.entries(rows.get(form, []))
        if not filled:
            continue
        if form not in sheets:
            sheets[form], next_row[form] = out.add_worksheet(form), 1
            sheets[form].write_row(0, 0, common.SOURCE + headers[1:])
        for number, row in filled:
            sheets[form].write_row(next_row[form], 0, [unit, path.name, number, *row[1:]])
            next_row[form] += 1
        count += len(filled)
        if form == common.FUNDS:
            totals.add(unit, headers, filled)
sheet = out.add_worksheet(common.TOTALS)
for number, line in enumerate(totals.lines()):
    sheet.write_row(number, 0, line)
out.close()
library = f"python-calamine {version('python-calamine')} + XlsxWriter {xlsxwriter.__version__}"
common.say(library, count, totals.rows, totals.units, totals.channels)
