"""The whole job with pandas, as frames: its own reading (through openpyxl) and
writing (through XlsxWriter, where that is installed)."""
from decimal import Decimal

import pandas as pd

import common

files, target = common.arguments()
frames = {form: [] for form in common.FORMS}
for path in files:
    book = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    cover = book[common.COVER]
    labels = cover[0].fillna("").str.startswith(common.UNIT + "*")
    unit = cover.loc[labels, 1].iloc[0]
    for form in common.FORMS:
        sheet = book.get(form)
        if sheet is None:
            continue
        head = sheet.index[sheet[0] == common.NUMBER][0]
        rows = sheet.loc[head + 1:].copy()
        rows.columns = sheet.loc[head]
        rows = rows.drop(columns=common.NUMBER).dropna(how="all")
        for at, (name, value) in enumerate(zip(common.SOURCE, [unit, path.name, rows.index + 1])):
            rows.insert(at, name, value)
        frames[form].append(rows)
tables = {form: pd.concat(parts, ignore_index=True) for form, parts in frames.items() if parts}
funds = tables[common.FUNDS]
amount = next(name for name in funds.columns if name.startswith(common.AMOUNT))
channel = next(name for name in funds.columns if name.startswith(common.CHANNEL))
numbers = funds[funds[amount].map(lambda value: isinstance(value, (int, float)))].copy()
numbers[amount] = numbers[amount].map(lambda value: Decimal(str(value)))
units = numbers.groupby(common.SOURCE[0])[amount].sum()
channels = numbers.groupby(channel)[amount].sum()
with pd.ExcelWriter(target) as out:
    for form, table in tables.items():
        table.to_excel(out, sheet_name=form, index=False)
    both = pd.concat([units, channels]).astype(float)
    both.to_excel(out, sheet_name=common.TOTALS)
count = sum(len(table) for table in tables.values())
common.say(f"pandas {pd.__version__}", count, len(funds), units.to_dict(), channels.to_dict())
