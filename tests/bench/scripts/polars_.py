"""The whole job with polars, as frames: read through calamine (fastexcel),
written through XlsxWriter. Every cell is read as text, since a column that
holds a title, headers and entries has no other type."""
import polars as pl
import xlsxwriter

import common

files, target = common.arguments()
frames = {form: [] for form in common.FORMS}
unit_name, file_name, row_number = common.SOURCE
for path in files:
    book = pl.read_excel(
        path, sheet_id=0, engine="calamine", has_header=False, infer_schema_length=0,
        drop_empty_rows=False, drop_empty_cols=False,
    )
    cover = book[common.COVER]
    label = pl.col(cover.columns[0]).str.starts_with(common.UNIT + "*")
    unit = cover.filter(label).item(0, 1)
    for form in common.FORMS:
        sheet = book.get(form)
        if sheet is None:
            continue
        first, *others = sheet.columns
        sheet = sheet.with_row_index(row_number, offset=1)
        head = sheet.filter(pl.col(first) == common.NUMBER).row(0, named=True)
        rows = (
            sheet.filter(pl.col(row_number) > head[row_number])
            .filter(pl.any_horizontal(pl.col(others).is_not_null()))
            .select(
                pl.lit(unit).alias(unit_name), pl.lit(path.name).alias(file_name),
                pl.col(row_number), *(pl.col(name).alias(head[name]) for name in others),
            )
        )
        frames[form].append(rows)
tables = {form: pl.concat(parts) for form, parts in frames.items() if parts}
funds = tables[common.FUNDS]
amount = next(name for name in funds.columns if name.startswith(common.AMOUNT))
channel = next(name for name in funds.columns if name.startswith(common.CHANNEL))
exact = pl.col(amount).cast(pl.Decimal(18, 2), strict=False)
numbers = funds.with_columns(exact).drop_nulls(amount)
units = numbers.group_by(unit_name, maintain_order=True).agg(pl.col(amount).sum())
channels = numbers.group_by(channel, maintain_order=True).agg(pl.col(amount).sum())
with xlsxwriter.Workbook(target) as out:
    for form, table in tables.items():
        # Numbers as numbers again, where a whole column holds nothing else.
        numeric = []
        for name in table.columns[3:]:
            column = table[name].cast(pl.Float64, strict=False)
            if column.null_count() == table[name].null_count():
                numeric.append(column)
        table.with_columns(numeric).write_excel(out, worksheet=form)
    units.write_excel(out, worksheet=common.TOTALS)
    channels.write_excel(out, worksheet=common.TOTALS, position="D1")
count = sum(table.height for table in tables.values())
common.say(
    f"polars {pl.__version__}", count, funds.height,
    dict(units.iter_rows()), dict(channels.iter_rows()),
)
