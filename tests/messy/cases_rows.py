"""What clerks do to rows: blank ones, totals, notes, merges, filters, formulas."""
from openpyxl.worksheet.merge import MergedCellRange

from base import FORMS, GUIDE, LISTS, STAMP, Formula, M, D, gift, members
from cases_sheets import insert_column
from registry import case
from write import plain_copy

FUNDS = FORMS["funds"]["sheet"]
THREE = FORMS["three_ones"]["sheet"]
CENT = "\uff1a"      # the full-width colon


def put(book, form, row, **values):
    for field, value in values.items():
        book.cell(form, row, field).value = value


def number(book, form, row):
    top, _ = book.columns(form)
    return book.sheet(form).cell(top + 1 + row, 1)


@case("blank-rows", "lo", "ods", "G01", "两笔之间隔了空行。")
def blank_rows(book):
    book.trim = False
    book.fill()
    ws = book.sheet("funds")
    top, columns = book.columns("funds")
    for i in (2, 1):
        for c in range(2, ws.max_column + 1):
            cell = ws.cell(top + 1 + i, c)
            ws.cell(top + 1 + i * 3, c).value, cell.value = cell.value, None
            ws.cell(top + 1 + i * 3, c).number_format = cell.number_format
    ws.delete_rows(top + 12, ws.max_row)
    book.show = {"funds"}


@case("numbers-dragged", "xlsxwriter", "xlsx", "B01", "序号一直往下拖到了1000。")
def dragged(book):
    book.fill()
    top, _ = book.columns("funds")
    for i in range(1000):
        book.sheet("funds").cell(top + 1 + i, 1).value = i + 1
    book.show = {"funds"}


@case("total-row", "exceljs", "xlsx", "B02", "最后一笔下面自己加了合计行,数是对的。")
def total_row(book):
    book.fill()
    put(book, "funds", 3, donor="合计", amount=92000.5)
    book.code("IN-241", 1, (FUNDS, book.cell("funds", 3, "donor").coordinate))
    book.show = {"funds"}


@case("total-row-wrong", "openpyxl", "xlsx", "B03", "自己加的合计行漏算了一笔。")
def total_wrong(book):
    book.fill()
    number(book, "funds", 3).value = "合计"
    put(book, "funds", 3, amount=80000.5)
    book.code("IN-242", 1, (FUNDS, book.cell("funds", 3, "amount").coordinate), "80000.5")
    book.show = {"funds"}


@case("subtotal-rows", "lo", "xls", "B01", "资金后面加了小计,物资后面加了小计,最后又加了总计。")
def subtotals(book):
    goods = book.rows["funds"].pop()
    book.rows["funds"].append({})          # the row of the first subtotal
    book.rows["funds"].append(goods)
    book.unread = {("funds", 2)}
    book.fill()
    put(book, "funds", 2, donor="小计", amount=80000.5)
    put(book, "funds", 4, donor="小 计", amount=12000)
    put(book, "funds", 5, donor="总计", amount=92000.5)
    for row in (2, 4, 5):
        book.code("IN-241", 1, (FUNDS, book.cell("funds", row, "donor").coordinate))
    book.show = {"funds"}


@case("notes-below", "openpyxl", "xlsx", "B01", "最后一笔下面写了“以下空白”,表格下面写了一句注。")
def notes(book):
    book.fill()
    put(book, "funds", 3, donor="以下空白")
    ws = book.sheet("funds")
    top, _ = book.columns("funds")
    last = ws.cell(ws.max_row + 2, 1)
    last.value = f"注{CENT}以上数据截至2018年11月30日,以银行回单为准。"
    book.code("IN-243", 1, (FUNDS, book.cell("funds", 3, "donor").coordinate), "以下空白")
    book.code("IN-243", 1, (FUNDS, last.coordinate))
    book.show = {"funds"}


@case("merged-donor", "lo", "xlsx", "G01", "同一个人捐的三笔,把捐助人一栏合并成了一格。")
def merged_donor(book):
    who = members("G01")[0]
    merged = M(None, who)
    book.rows["funds"] = [gift(who, 10000, D(2018, 3, 9)),
                          gift(merged, 20000, D(2018, 4, 9), purpose="购买化肥"),
                          gift(merged, 5000, D(2018, 5, 9), purpose="购买种苗")]
    book.fill()
    first, last = book.cell("funds", 0, "donor"), book.cell("funds", 2, "donor")
    first.parent.merge_cells(f"{first.coordinate}:{last.coordinate}")
    book.code("IN-244", 1, (FUNDS, first.coordinate), who)
    book.show = {"funds"}


@case("merged-amount", "exceljs", "xlsx", "G02", "两个人合捐一笔,把金额合并成了一格。")
def merged_amount(book):
    a, b = members("G02")[:2]
    book.rows["funds"] = [gift(a, 50000, D(2018, 3, 9)),
                          gift(b, M(None, None), D(2018, 3, 9), purpose="购买化肥")]
    book.fill()
    first, last = book.cell("funds", 0, "amount"), book.cell("funds", 1, "amount")
    first.parent.merge_cells(f"{first.coordinate}:{last.coordinate}")
    book.code("IN-246", 1, (FUNDS, first.coordinate), "50000")
    book.show = {"funds"}


@case("merged-hidden", "xlsxwriter", "xlsx", "G03", "合并捐助人时,下面那一格原来的名字被盖住了。")
def merged_hidden(book):
    a, b = members("G03")[:2]
    book.rows["funds"] = [gift(a, 10000, D(2018, 3, 9)),
                          gift(M(b, a), 20000, D(2018, 4, 9), purpose="购买化肥")]
    book.fill()
    first, last = book.cell("funds", 0, "donor"), book.cell("funds", 1, "donor")
    ws = first.parent
    area = MergedCellRange(ws, f"{first.coordinate}:{last.coordinate}")
    ws.merged_cells.add(area)            # and not merge_cells, which clears the second
    book.code("IN-244", 1, (FUNDS, first.coordinate), a)
    # The covered cell cannot be clicked on: the finding stands at the merge.
    book.code("IN-245", 1, (FUNDS, first.coordinate), b)
    book.show = {"funds"}


@case("filtered-rows", "lo", "xlsx", "G04", "用了筛选,有一笔被隐藏着就报了回来。")
def filtered(book):
    book.fill()
    ws = book.sheet("funds")
    top, _ = book.columns("funds")
    ws.auto_filter.ref = f"A{top}:M{top + 3}"
    ws.row_dimensions[top + 2].hidden = True
    book.code("IN-240")
    book.show = {"funds"}


@case("hidden-rows", "openpyxl", "xlsx", "G05", "把其中一行的行高调没了,那一行是隐藏的。")
def hidden_rows(book):
    book.fill()
    top, _ = book.columns("pairs")
    book.sheet("pairs").row_dimensions[top + 1].hidden = True
    book.code("IN-240")
    book.show = {"pairs"}


@case("prefilled-untouched", "sheetjs", "xlsx", "G01", "委员三个一表只填了前两个人,后面的人空着。")
def untouched_rows(book):
    blank = book.rows["three_ones"][2:]
    del book.rows["three_ones"][2:]
    book.rows["three_ones"] += [{"member": row["member"]} for row in blank]
    book.unread = {("three_ones", i) for i in range(2, 2 + len(blank))}
    keep = book.rows["three_ones"]
    book.fill()
    for i in range(2, len(keep)):
        at = book.cell("three_ones", i, "member").coordinate
        book.code("IN-233", 1, (THREE, at))
    book.show = {"three_ones"}


@case("formulas-cached", "lo", "xlsx", "B01", "金额写成了算式,例如 =25000*2。")
def formulas(book):
    for row, text in zip(book.rows["funds"], ("25000*2", "10000*3+0.5")):
        row["amount"] = M(Formula(text), row["amount"])
    book.fill()
    book.code("IN-247", 1, (FUNDS, book.cell("funds", 0, "amount").coordinate))
    book.show = {"funds"}


@case("formulas-cached-xlsxwriter", "xlsxwriter", "xlsx", "B02", "金额和家庭人口都用了公式,结果存在文件里。")
def formulas_two(book):
    row = book.rows["funds"][0]
    row["amount"] = M(Formula("20000+30000", 50000), 50000)
    book.rows["pairs"][0]["household_size"] = M(Formula("2+2", 4), 4)
    book.fill()
    book.code("IN-247", 1, (FUNDS, book.cell("funds", 0, "amount").coordinate))
    at = book.cell("pairs", 0, "household_size").coordinate
    book.code("IN-247", 1, (FORMS["pairs"]["sheet"], at))
    book.show = {"funds", "pairs"}


@case("formulas-without-result", "openpyxl", "xlsx", "B03", "金额是算式,但文件里没有存算出的结果。")
def no_result(book):
    rows = book.rows["funds"]
    rows[0]["amount"] = M(Formula("25000*2"), None, "IN-213")
    rows[1]["amount"] = M(Formula("F6*2"), None, "IN-213")
    book.fill()


@case("error-cells", "lo", "xls", "B02", "金额和受助村的公式坏了,格子里是 #REF!。")
def errors(book):
    rows = book.rows["funds"]
    rows[0]["amount"] = M("#REF!", None, "IN-213")
    rows[1]["village"] = M("#N/A", None, "IN-215")
    book.fill()


@case("same-row-twice", "exceljs", "xlsx", "B03", "同一笔捐款填了两行,一字不差。")
def twice(book):
    book.rows["funds"].append(dict(book.rows["funds"][0]))
    book.fill()
    book.code("RC-402")
    book.show = {"funds"}


@case("declared-differs", "xlwt", "xls", "B02", "封面的资金合计漏加了一笔。")
def declared(book):
    book.declare = {"资金": 50000}
    book.fill()
    at, = [c.coordinate for row in book.sheet("cover").iter_rows() for c in row if c.value == 50000]
    book.code("RC-403", 1, (FORMS["cover"]["sheet"], at))
    book.show = {"funds"}


@case("required-empty", "exceljs", "xlsx", "G06", "有一笔没有写用途,有一笔物资没有写折价依据。")
def required_empty(book):
    rows = book.rows["funds"]
    rows[0]["purpose"] = None
    rows[2]["basis"] = None
    book.fill()
    book.code("IN-206", 1, (FUNDS, book.cell("funds", 0, "purpose").coordinate))
    book.code("IN-226", 1, (FUNDS, book.cell("funds", 2, "basis").coordinate))
    book.show = {"funds"}


@case("none-written", "lo", "xlsx", "B01", "没有引老乡的事,在空表第一格里写了个“无”。")
def none_written(book):
    del book.rows["homecoming"]
    book.fill()
    at = book.cell("homecoming", 0, "name")
    at.value = "无"
    book.code("IN-243", 1, (FORMS["homecoming"]["sheet"], at.coordinate), "无")
    book.show = {"funds"}


@case("spaces-only", "openpyxl", "xlsx", "B02", "有些空格子里敲了空格,看上去和空的一样。")
def spaces(book):
    book.fill()
    for i, blank in enumerate((" ", "\u3000", "  ", "\u200b")):
        put(book, "funds", 3 + i % 2, **{("purpose", "way", "donor", "amount")[i]: blank})
    put(book, "pairs", 2, measures=" \u3000 ")
    book.show = {"funds", "pairs"}


@case("all-at-once", "lo", "xls", "T109", "什么都有一点：表改了名、调了次序,写了5万、6月8日、√,加了合计,写了注。")
def all_at_once(book):
    book.rows["funds"][0]["amount"] = M("5万", 50000, "IN-216")
    book.rows["funds"][1]["date"] = M("6月8日", D(2018, 6, 8), "IN-249")
    book.rows["three_ones"][0]["study"] = M("√", "是", "IN-217")
    book.fill()
    put(book, "funds", 3, donor="合计", amount=92000.5)
    book.code("IN-241")
    note = number(book, "bases", 5)
    note.value = f"注{CENT}两处基地都已挂牌。"
    book.code("IN-243", 1, (FORMS["bases"]["sheet"], note.coordinate), note.value)
    book.show |= {"bases", "received"}
    book.sheet("received").title = "各村收到的"
    book.wb._sheets.reverse()


@case("all-at-once-again", "exceljs", "xlsx", "G03", "复制到新文件里,中间插了一栏,加了小计,封面的合计没有改。")
def again(book):
    book.declare = {"资金": 80000}
    book.fill()
    put(book, "pairs", 2, helper="小计", household_size=6)
    at = book.cell("pairs", 2, "helper").coordinate
    book.code("IN-241", 1, (FORMS["pairs"]["sheet"], at))
    ws, top, column = insert_column(book, "outreach", "village")
    ws.cell(top, column).value = "车辆"
    ws.cell(top + 1, column).value = "两台"
    outreach = FORMS["outreach"]["sheet"]
    book.code("IN-220", 1, (outreach, ws.cell(top, column).coordinate), "车辆")
    book.code("RC-403")
    book.wb = plain_copy(book.wb, skip=(STAMP, LISTS, GUIDE))
    book.code("IN-229")
    book.show = {"funds", "pairs", "outreach"}
