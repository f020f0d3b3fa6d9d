"""The whole job with openpyxl alone, reading and writing row by row, which is
the fastest that it offers."""
import openpyxl

import common

files, target = common.arguments()
totals, count = common.Totals(), 0
out = openpyxl.Workbook(write_only=True)
sheets = {}
for path in files:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    book.close()
    unit = common.unit_of(rows[common.COVER])
    for form in common.FORMS:
        headers, filled = common.entries(rows.get(form, []))
        if not filled:
            continue
        if form not in sheets:
            sheets[form] = out.create_sheet(form)
            sheets[form].append(common.SOURCE + list(headers[1:]))
        for number, row in filled:
            sheets[form].append([unit, path.name, number, *row[1:]])
        count += len(filled)
        if form == common.FUNDS:
            totals.add(unit, headers, filled)
sheet = out.create_sheet(common.TOTALS)
for line in totals.lines():
    sheet.append(line)
out.save(target)
common.say(f"openpyxl {openpyxl.__version__}", count, totals.rows, totals.units, totals.channels)
