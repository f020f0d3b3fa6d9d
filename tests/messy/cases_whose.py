"""Whose a file is: stamp, cover and file name, and what speaks against them."""
from base import FORMS, GUIDE, LISTS, STAMP, UNITS, members, normal
from registry import case
from write import plain_copy

COVER = FORMS["cover"]["sheet"]
CENT = "\uff1a"


def stamp(book, **values):
    """Writes other values into the stamp."""
    names = {key.replace("__", "."): value for key, value in values.items()}
    for key, cell in book.wb[STAMP].iter_rows(max_col=2):
        if key.value in names:
            cell.value = names[key.value]


def cover_cell(book, header):
    for row in book.wb[COVER].iter_rows(max_col=2):
        if normal(row[0].value) == header:
            return row[1]
    raise SystemExit(header)


def unsigned(book):
    """The sheets copied into a new workbook: no stamp, no lists, no guide."""
    book.wb = plain_copy(book.wb, skip=(STAMP, LISTS, GUIDE))


def nameless(book):
    """No sheet says whose it is."""
    for ws in book.wb:
        for cell in (c for row in ws.iter_rows() for c in row):
            if str(cell.value or "").startswith("填报单位" + CENT):
                cell.value = None
    cover_cell(book, "填报单位").value = None


@case("no-stamp", "openpyxl", "xlsx", "G01", "把各表复制到新建的文件里报回,隐藏的标记没有了,封面写着单位。")
def no_stamp(book):
    book.fill()
    unsigned(book)
    book.file_name = "报表.xlsx"
    book.code("IN-229")
    book.show = {"funds", "three_ones"}


@case("no-stamp-alias", "sheetjs", "xlsx", "T120", "没有标记,封面的单位写的是旧名“马路口镇联工委”。")
def no_stamp_alias(book):
    book.fill()
    unsigned(book)
    cover_cell(book, "填报单位").value = "马路口镇联工委"
    for ws in book.wb:
        for cell in (c for row in ws.iter_rows() for c in row):
            if str(cell.value or "").startswith("填报单位" + CENT):
                cell.value = None
    book.file_name = "汇总报表.xlsx"
    book.code("IN-229")
    book.code("IN-217", 1, (COVER, cover_cell(book, "填报单位").coordinate), "马路口镇联工委")
    book.show = {"funds"}


@case("no-stamp-file-name", "xlwt", "xls", "T120", "没有标记,表上也没有单位名,只有文件名写着“马路口镇”。")
def by_file_name(book):
    book.rows["funds"][2]["donor"] = members(book.unit)[2]
    book.fill()
    unsigned(book)
    nameless(book)
    book.file_name = "马路口镇联工委2018年填报表.xls"
    book.code("IN-229")
    book.code("IN-206", 1, (COVER, cover_cell(book, "填报单位").coordinate))
    book.show = {"funds"}


@case("nobody-knows", "xlsxwriter", "xlsx", "G02", "没有标记,表上没有单位名,文件名是“新建工作表”。")
def nobody(book):
    book.rows["funds"][2]["donor"] = members(book.unit)[2]
    book.fill()
    unsigned(book)
    nameless(book)
    book.file_name = "新建工作表.xlsx"
    book.outcome, book.expect_unit = "set_aside", ""
    book.code("IN-202")


@case("foreign-workbook", "xlsxwriter", "xlsx", "G02", "放错了文件：一份通讯录。", fill=False)
def foreign(book):
    book.wb = plain_copy(book.wb, skip=set(book.wb.sheetnames))
    sheet = book.wb.create_sheet("通讯录")
    for row in [["单位", "联系人", "电话"], ["办公室", "委员001", "0737-7000001"]]:
        sheet.append(row)
    book.file_name = "通讯录.xlsx"
    book.outcome, book.expect_unit = "set_aside", ""
    book.code("IN-202")


@case("stamp-other-year", "openpyxl", "xlsx", "B01", "交的是2017年下发的文件。")
def other_year(book):
    book.fill()
    stamp(book, pack="anhua-2017", year="2017")
    cover_cell(book, "考核年度").value = 2017
    book.outcome = "set_aside"
    book.code("IN-221")


@case("stamp-other-round", "exceljs", "xlsx", "B02", "交的是第2轮的文件,本轮是第1轮。")
def other_round(book):
    book.fill()
    stamp(book, round="2")
    cover_cell(book, "报送轮次").value = 2
    book.code("IN-237")
    book.show = {"funds"}


@case("cover-other-unit", "lo", "xlsx", "B03", "借用了别的分会的文件,把封面的单位改成了自己的。")
def other_unit(book):
    book.fill()
    cover_cell(book, "填报单位").value = UNITS["B02"]["name"]
    book.file_name = "报表.xlsx"
    book.outcome = "set_aside"
    book.code("IN-232")


@case("older-form", "openpyxl", "xlsx", "B02", "文件是早一版方案下发的,资金物资表那时还没有“凭证号”一栏。")
def older(book):
    for row in book.rows["funds"]:
        row.pop("voucher", None)
    book.fill()
    ws = book.sheet("funds")
    for area in [a.coord for a in ws.merged_cells.ranges]:
        ws.unmerge_cells(area)
    _, columns = book.columns("funds")
    ws.delete_cols(columns["voucher"])
    stamp(book, version="0", hash__funds="0123456789abcdef")
    book.code("IN-228")
    book.show = {"funds"}


@case("file-name-other-unit", "sheetjs", "xlsx", "B02", "文件名写的是广州经促分会,里面是深圳经促分会的表。")
def file_name(book):
    book.fill()
    book.file_name = f"2018年_{UNITS['B01']['name']}_填报表.xlsx"
    book.code("IN-236")
    book.show = {"funds"}


@case("unit-unknown", "xlsxwriter", "xlsx", "B01", "文件标记的单位在名册上已经没有了。")
def unknown(book):
    book.fill()
    stamp(book, unit="T999", unit_name="某某镇联工委")
    cover_cell(book, "填报单位").value = "某某镇联工委"
    book.file_name = "报表.xlsx"
    book.outcome, book.expect_unit = "set_aside", ""
    book.code("IN-222")
