"""Correct returns and untouched templates by every program, and what clerks do
to sheets, columns and headers."""
import copy

from base import FORMS, gift, members, D
from registry import case

FUNDS, OUTREACH = FORMS["funds"]["sheet"], FORMS["outreach"]["sheet"]

CORRECT = [("openpyxl", "xlsx", "G01"), ("lo", "xlsx", "T109"), ("lo", "xls", "G02"),
           ("lo", "ods", "B01"), ("xlsxwriter", "xlsx", "G03"), ("exceljs", "xlsx", "G04"),
           ("sheetjs", "xlsx", "G05"), ("sheetjs", "xlsb", "G06"), ("xlwt", "xls", "C01"),
           ("sheetjs", "xls", "A01")]
for _program, _kind, _unit in CORRECT:
    @case(f"correct-{_program}-{_kind}", _program, _kind, _unit,
          "没有错：照下发的文件填好,另存后报回。", trim=_program not in ("openpyxl", "lo"))
    def correct(book):
        book.show = set(book.rows)
        book.fill()

UNTOUCHED = [("openpyxl", "xlsx", "B02"), ("lo", "xlsx", "C02"), ("lo", "xls", "B03"),
             ("lo", "ods", "C03"), ("xlsxwriter", "xlsx", "G02"), ("exceljs", "xlsx", "C04"),
             ("sheetjs", "xlsx", "B01"), ("sheetjs", "xlsb", "G04"), ("xlwt", "xls", "G05")]
for _program, _kind, _unit in UNTOUCHED:
    @case(f"untouched-{_program}-{_kind}", _program, _kind, _unit,
          "一格没填,打开后另存就报了回来。", fill=False)
    def untouched(book):
        book.fill()
        book.code("IN-225")


@case("sheets-renamed", "lo", "xlsx", "G01", "工作表改了名：资金物资改成“捐款表”,下乡活动改成“Sheet2”。")
def renamed(book):
    book.fill()
    book.wb[FUNDS].title = "捐款表"
    book.wb[OUTREACH].title = "Sheet2"
    book.show = {"funds", "outreach"}


@case("sheets-reordered", "exceljs", "xlsx", "B01", "工作表前后次序全部颠倒。")
def reordered(book):
    book.fill()
    book.wb._sheets.reverse()
    book.show = {"funds", "pairs"}


@case("sheet-copied", "openpyxl", "xlsx", "B02", "资金物资表复制了一份放在后面,内容一样。")
def copied(book):
    book.fill()
    book.wb.copy_worksheet(book.wb[FUNDS]).title = FUNDS + " (2)"
    book.code("IN-239")
    book.show = {"funds"}


@case("sheet-copied-changed", "lo", "xlsx", "B03", "资金物资表复制了一份,副本里又改填了别的几笔。")
def copied_changed(book):
    book.fill()
    twin = book.wb.copy_worksheet(book.wb[FUNDS])
    twin.title = FUNDS + " (2)"
    at = book.cell("funds", 0, "amount").coordinate
    twin[at].value = 8888
    twin[book.cell("funds", 1, "purpose").coordinate].value = "另一笔"
    book.code("IN-238")
    book.show = {"funds"}


@case("sheet-hidden", "sheetjs", "xlsx", "G01", "下乡活动表填好以后被隐藏了。")
def hidden(book):
    book.fill()
    book.wb[OUTREACH].sheet_state = "hidden"
    book.code("IN-240")
    book.show = {"outreach"}


@case("sheet-deleted", "openpyxl", "xlsx", "G02", "没有开展调研视察,就把那张表删了。")
def deleted(book):
    del book.rows["surveys"]
    book.fill()
    del book.wb[FORMS["surveys"]["sheet"]]
    book.code("IN-219")
    book.show = {"outreach"}


@case("sheet-added", "exceljs", "xlsx", "C01", "自己加了一张“草稿”表,记了几笔数。")
def added(book):
    book.fill()
    sheet = book.wb.create_sheet("草稿")
    for row in [["会员捐款草稿"], ["会员", "数"], ["商会会员010", 50000]]:
        sheet.append(row)
    book.code("IN-220")
    book.show = {"funds"}


def unmerge(ws):
    areas = [area.coord for area in ws.merged_cells.ranges]
    for area in areas:
        ws.unmerge_cells(area)
    ws.data_validations.dataValidation = []


def permute(book, form, order):
    """Puts the columns of a table into another order (totals, header, rows)."""
    ws = book.sheet(form)
    unmerge(ws)
    top, columns = book.columns(form)
    old = {f: [(ws.cell(r, c).value, copy.copy(ws.cell(r, c)._style))
               for r in range(top, ws.max_row + 1)] for f, c in columns.items()}
    for c in range(1, ws.max_column + 1):
        ws.cell(top - 1, c).value = None        # the totals above do not move along
    for place, field in enumerate(order):
        for i, (value, style) in enumerate(old[field]):
            cell = ws.cell(top + i, min(columns.values()) + place)
            cell.value, cell._style = value, style


@case("columns-moved", "xlsxwriter", "xlsx", "B01", "资金物资表的栏目调换了先后：日期、用途、金额挪到了最前面。")
def moved(book):
    book.fill()
    fields = [f["id"] for f in FORMS["funds"]["field"]]
    first = ["date", "purpose", "amount"]
    permute(book, "funds", first + [f for f in fields if f not in first])
    book.show = {"funds"}


def insert_column(book, form, before):
    ws = book.sheet(form)
    unmerge(ws)
    top, columns = book.columns(form)
    ws.insert_cols(columns[before])
    for c in range(1, ws.max_column + 1):
        ws.cell(top - 1, c).value = None
    return ws, top, columns[before]


@case("column-inserted", "openpyxl", "xlsx", "B02", "资金物资表中间插了一栏“经办人”,逐行填了姓名。")
def inserted(book):
    book.fill()
    ws, top, column = insert_column(book, "funds", "way")
    ws.cell(top, column).value = "经办人"
    for i in range(3):
        ws.cell(top + 1 + i, column).value = f"经办{i + 1}"
    book.code("IN-220", 1, (FUNDS, ws.cell(top, column).coordinate))
    book.show = {"funds"}


@case("column-inserted-empty", "sheetjs", "xlsx", "B03", "资金物资表中间插了一个空栏,没有写字。")
def inserted_empty(book):
    book.fill()
    insert_column(book, "funds", "purpose")
    book.show = {"funds"}


def rename(book, form, **names):
    top, columns = book.columns(form)
    for field, name in names.items():
        book.sheet(form).cell(top, columns[field]).value = name
    return top, columns


@case("headers-aliases", "lo", "xls", "B01", "表头换了说法：捐助人、金额、帮扶责任人。")
def aliases(book):
    book.fill()
    rename(book, "funds", donor="捐助人", amount="金额")
    rename(book, "pairs", helper="帮扶责任人")
    book.show = {"funds", "pairs"}


@case("header-unknown", "sheetjs", "xlsx", "B02", "“金额或折价”的表头被改成“钱数”。")
def unknown_header(book):
    book.fill()
    top, columns = rename(book, "funds", amount="钱数")
    at = book.sheet("funds").cell(top, columns["amount"]).coordinate
    # One matter, one finding: the lost header, at the column that may be it.
    book.code("IN-203", 1, (FUNDS, at), "钱数")
    book.lost.add(("funds", "amount"))
    book.show = {"funds"}


@case("column-deleted-required", "openpyxl", "xlsx", "C02", "资金物资表必填的“用途”一栏整栏删掉了。")
def deleted_required(book):
    book.fill()
    unmerge(book.sheet("funds"))
    top, columns = book.columns("funds")
    book.sheet("funds").delete_cols(columns["purpose"])
    book.code("IN-203")
    book.lost.add(("funds", "purpose"))
    book.show = {"funds"}


@case("column-deleted-optional", "exceljs", "xlsx", "C03", "资金物资表选填的“凭证号”一栏整栏删掉了。")
def deleted_optional(book):
    book.fill()
    unmerge(book.sheet("funds"))
    top, columns = book.columns("funds")
    book.sheet("funds").delete_cols(columns["voucher"])
    book.code("IN-203")
    book.lost.add(("funds", "voucher"))
    book.show = {"funds"}


@case("header-measure", "xlsxwriter", "xlsx", "G06", "金额的表头改成“金额或折价(万元)”,数也按万元填。")
def measure(book):
    a, b = members("G06")[:2]
    book.rows["funds"] = [gift(a, 5, D(2018, 3, 9)), gift(b, 3, D(2018, 6, 8))]
    book.declare = {"资金": 80000}
    book.fill()
    name = "金额或折价\uff08万元\uff09*"
    top, columns = rename(book, "funds", amount=name)
    book.code("IN-231", 1, (FUNDS, book.sheet("funds").cell(top, columns["amount"]).coordinate), name)
    book.lost.add(("funds", "amount"))
    book.show = {"funds"}




@case("title-rows-inserted", "openpyxl", "xlsx", "G03", "资金物资表最上面插了两行,写了本组的标题,表头往下移了。")
def title_rows(book):
    book.fill()
    ws = book.sheet("funds")
    unmerge(ws)
    top, columns = book.columns("funds")
    ws.insert_rows(1, 2)
    ws.cell(top + 1, columns["amount"]).value = None
    ws.cell(top + 1, columns["fund_form"]).value = None
    ws["A1"] = "县直医卫委员组全年捐款捐物登记"
    book.code("IN-220", 1, (FUNDS, "A1"))
    book.show = {"funds"}


@case("header-pushed-down", "lo", "ods", "G05", "表头上面插了三个空行。")
def pushed_down(book):
    book.fill()
    for form in ("funds", "pairs"):
        ws = book.sheet(form)
        unmerge(ws)
        top, columns = book.columns(form)
        ws.insert_rows(top, 3)
        if form == "funds":
            ws.cell(top - 1, columns["amount"]).value = f"=SUM(F{top + 4}:F{top + 10})"
    book.show = {"funds", "pairs"}


@case("stray-cell", "openpyxl", "xlsx", "T109", "在表的右边空白处写了一句备注。")
def stray(book):
    book.fill()
    ws = book.sheet("funds")
    top, _ = book.columns("funds")
    far = ws.cell(top + 2, ws.max_column + 3)
    far.value = "这一笔还没有到账"
    book.code("IN-220", 1, (FUNDS, far.coordinate), far.value)
    book.show = {"funds"}
