"""What people type into the cells: amounts, days, 是/否, choices, names, numbers."""
import datetime
from decimal import Decimal

from base import FORMS, M, D, gift, members
from registry import case

FUNDS, THREE = FORMS["funds"]["sheet"], FORMS["three_ones"]["sheet"]
DAYS = [D(2018, 2, 1 + i) for i in range(20)]
COMMA, YEN, OPEN, CLOSE = "\uff0c", "\uffe5", "\uff08", "\uff09"


def wide(text):
    """Digits and points in their full width."""
    return "".join(chr(ord(c) + 0xFEE0) if c in "0123456789.," else c for c in text)


def amounts(book, *typed):
    """A gift for each amount, all else being right."""
    who = members(book.unit)
    book.rows["funds"] = [
        gift(who[i % len(who)], amount, DAYS[i], purpose=f"用途{i + 1}", voucher=f"收据{i + 1:04}",
             donor_kind={"B": "经促会员", "C": "商会会员"}.get(book.unit[0], "政协委员"))
        for i, amount in enumerate(typed)]
    book.fill()
    book.show.add("funds")


@case("amounts-wan", "openpyxl", "xlsx", "B01", "金额带着“万”字：5万、5万元、5.5万、０．８万元、0.3 万。")
def wan(book):
    amounts(book, M("5万", 50000, "IN-216"), M("5万元", 50000, "IN-216"),
            M("5.5万", 55000, "IN-216"), M(wide("0.8") + "万元", 8000, "IN-216"),
            M("0.3 万", 3000, "IN-216"), 1200)


@case("amounts-dressed", "xlwt", "xls", "B03", "金额带着千分号、人民币号、“元”字,或是全角数字。")
def dressed(book):
    amounts(book, M("50,000.00", 50000), M("¥50000", 50000), M(YEN + "1,200.5", Decimal("1200.5")),
            M("50000元", 50000), M(wide("12345.67"), Decimal("12345.67")),
            M(wide("1,000"), 1000))


@case("amounts-numerals", "lo", "ods", "B02", "金额写的是中文大写：伍万元整、壹万贰仟叁佰肆拾伍元陆角柒分。")
def numerals(book):
    amounts(book, M("伍万元整", 50000, "IN-248"),
            M("壹万贰仟叁佰肆拾伍元陆角柒分", Decimal("12345.67"), "IN-248"),
            M("叁仟元", 3000, "IN-248"), M("人民币贰拾万零伍佰元整", 200500, "IN-248"),
            M("八千元", 8000, "IN-248"))


@case("amounts-blanks", "openpyxl", "xlsx", "B02", "金额是文本,中间夹着空格、全角空格和看不见的字符。")
def blanks(book):
    amounts(book, M(" 50000 ", 50000), M("\u3000" + "30000", 30000), M("20\u200b000", 20000),
            M("5 000", 5000, "IN-217"), M("8000\ufeff", 8000))


@case("amounts-wrong", "xlsxwriter", "xlsx", "B01", "金额写成负数、三位小数、范围、约数和一段话。")
def wrong(book):
    amounts(book, M(-500, None, "IN-208"), M(1234.567, None, "IN-205"), M("5-6万", None, "IN-204"),
            M("约5万", None, "IN-204"), M("5万多元", None, "IN-204"),
            M("大米40袋", None, "IN-204"), 1000)


@case("amounts-all-wan", "exceljs", "xlsx", "B03", "资金物资表整栏按万元填,封面合计却是元。")
def all_wan(book):
    book.declare = {"资金": 82000}
    amounts(book, 5, Decimal("2.4"), Decimal("0.8"))
    book.code("RC-408")


@case("dates-spelled", "openpyxl", "xlsx", "B03", "日期有各种写法：2018.3.9、2018/03/09、2018年3月9日、20180309等。")
def dates(book):
    day = D(2018, 3, 9)
    typed = ["2018.3.9", "2018-3-9", "2018/03/09", "2018年3月9日", "20180309", 20180309, day,
             "2018. 3. 9", wide("2018") + "-3-9"]
    who = members(book.unit)[0]
    book.rows["funds"] = [gift(who, 1000 + i, M(text, day), donor_kind="经促会员",
                               voucher=f"收据{i + 1:04}") for i, text in enumerate(typed)]
    book.fill()
    book.cell("funds", typed.index(20180309), "date").number_format = "General"


@case("dates-without-year", "lo", "xls", "B03", "日期只写了3月9日、6月8号,没有写年份。")
def no_year(book):
    rows = book.rows["funds"]
    rows[0]["date"] = M("3月9日", D(2018, 3, 9), "IN-249")
    rows[1]["date"] = M("6月8号", D(2018, 6, 8), "IN-249")
    book.fill()


@case("dates-serial", "sheetjs", "xlsx", "B01", "日期丢了格式,显示成43168这样的数。")
def serial(book):
    # 43168 days after 1899-12-30 is 2018-03-09.
    rows = book.rows["funds"]
    rows[0]["date"] = M(43168, D(1899, 12, 30) + datetime.timedelta(43168), "IN-217")
    rows[1]["date"] = M(43259, D(1899, 12, 30) + datetime.timedelta(43259), "IN-217")
    book.fill()
    for i in (0, 1):
        book.cell("funds", i, "date").number_format = "General"


@case("dates-time", "xlsxwriter", "xlsx", "B03", "日期后面带着几点几分。")
def with_time(book):
    rows = book.rows["funds"]
    rows[0]["date"] = M(datetime.datetime(2018, 3, 9, 14, 30), D(2018, 3, 9))
    rows[1]["date"] = M(datetime.datetime(2018, 6, 8, 23, 59), D(2018, 6, 8))
    book.fill()


@case("dates-1904", "xlsxwriter", "xlsx", "B02", "文件是按1904年日期系统存的。")
def days_1904(book):
    book.days_of_1904 = True
    book.fill()
    book.show = {"funds", "pairs", "homecoming"}


@case("dates-impossible", "lo", "ods", "B03", "日期是2018-2-30、2018年13月1日、年底和上半年。")
def impossible(book):
    rows = book.rows["funds"]
    rows[0]["date"] = M("2018-2-30", None, "IN-209")
    rows[1]["date"] = M("2018年13月1日", None, "IN-209")
    rows[2]["date"] = M("年底", None, "IN-209")
    book.rows["homecoming"] = [dict(book.rows["homecoming"][0], date=M("上半年", None, "IN-209"))]
    book.fill()


@case("dates-other-year", "xlwt", "xls", "B01", "有两笔的日期是2017年和2019年的。")
def other_year(book):
    rows = book.rows["funds"]
    rows[0]["date"] = M(D(2017, 12, 31), D(2017, 12, 31), "IN-223")
    rows[1]["date"] = M("2019-01-01", D(2019, 1, 1), "IN-223")
    book.fill()


@case("yes-no-signs", "openpyxl", "xlsx", "G01", "是否栏打了√、✓、×,写了有、无、Y、1。")
def signs(book):
    rows = book.rows["three_ones"]
    signs = [("√", "是"), ("✓", "是"), ("有", "是"), ("Y", "是"), (1, "是"), ("×", "否"),
             ("无", "否")]
    for row, (sign, meaning) in zip(rows, signs):
        row["study"] = M(sign, meaning, "IN-217")
    rows[0]["income"] = M("是 ", "是")
    book.fill()


@case("yes-no-wrong", "exceljs", "xlsx", "G02", "是否栏写了“参加了”“部分”,有一格空着。")
def answers(book):
    rows = book.rows["three_ones"]
    rows[0]["study"] = M("参加了", None, "IN-211")
    rows[1]["job"] = M("部分", None, "IN-211")
    rows[2]["income"] = M(None, None)
    book.fill()
    book.code("IN-255", 1, (THREE, book.cell("three_ones", 2, "income").coordinate))


@case("choices", "xlsxwriter", "xlsx", "G04", "下拉栏是手打的：有空格、有别的说法、有写错的字。")
def choices(book):
    rows = book.rows["funds"]
    rows[0]["channel"] = M("社 会募资", "社会募资")
    rows[0]["way"] = M("产业扶贫", "产业扶持", "IN-217")
    rows[1]["fund_form"] = M("现金", "资金", "IN-217")
    rows[1]["channel"] = M("项目争资 ", "项目争资")
    rows[2]["way"] = M("基础设施建没", None, "IN-210")
    book.rows["surveys"][0]["survey_scope"] = M("分片", None, "IN-215")
    book.declare = {"资金": Decimal("80000.50")}
    book.fill()


@case("names-spaced", "sheetjs", "xlsx", "G02", "姓名中间有空格,有的用了全角数字。")
def spaced(book):
    who = members("G02")
    rows = book.rows["three_ones"]
    rows[0]["member"] = M(who[0][0] + " " + who[0][1:], who[0])
    rows[1]["member"] = M(who[1][:2] + wide(who[1][2:]), who[1])
    book.rows["funds"][0]["donor"] = M("\u3000" + who[0], who[0])
    book.fill()


@case("names-wrong", "openpyxl", "xlsx", "G04", "姓名带了称呼,写错了字,或是名册上没有的人。")
def names(book):
    who = members("G04")
    rows = book.rows["three_ones"]
    rows[0]["member"] = M(who[0] + "同志", who[0], "IN-217")
    rows[1]["member"] = M("委元" + who[1][2:], None, "IN-212")
    rows.append({"member": M("王某某", None, "IN-212"), "study": "是", "income": "否", "job": "否"})
    book.rows["funds"][0]["donor"] = M(who[0] + "同志", who[0], "IN-217")
    book.fill()
    book.code("RC-417")                 # nobody says anything of the second any more


@case("names-several", "lo", "xlsx", "G05", "一格里写了几个人：用顿号、逗号、分号或空格隔开。")
def several(book):
    a, b, c = members("G05")[:3]
    book.rows["pairs"][0]["helper"] = M(f"{a}、{b}", None, "IN-251")
    book.rows["pairs"][1]["helper"] = M(f"{a} {b}", None, "IN-251")
    book.rows["pairs"].append(dict(book.rows["pairs"][1], household="户主三",
                                   helper=M(f"{b}{COMMA}{c}", None, "IN-251")))
    book.rows["pairs"].append(dict(book.rows["pairs"][1], household="户主四", helper=c))
    book.fill()


@case("villages", "lo", "xls", "G03", "村名少了“村”字、前面加了乡镇,或是名册上没有的村。")
def villages(book):
    rows = book.rows["funds"]
    rows[0]["village"] = M("示例01", "示例01村", "IN-217")
    rows[1]["village"] = M("清塘铺镇示例01村", "示例01村", "IN-217")
    rows[2]["village"] = M("查无此村", None, "IN-215")
    book.rows["pairs"][0]["village"] = M("某某村", "某某村", "IN-256")
    book.rows["pairs"][1]["village"] = M("示例 03 村", "示例03村")
    book.fill()


@case("phone-float", "openpyxl", "xlsx", "B01", "电话变成了1.39E+10。")
def phone(book):
    book.cover["phone"] = M("1.39E+10", None, "IN-214")
    book.fill()


@case("phone-number", "lo", "xlsx", "B02", "手机号是数字格式的,凭证号也是数字。")
def phone_number(book):
    book.cover["phone"] = M(13900000001, "13900000001")
    book.rows["funds"][0]["voucher"] = M(1200345, "1200345")
    book.fill()


@case("long-number", "xlsxwriter", "xlsx", "B03", "凭证号里填了18位的身份证号,成了数字,末尾几位变成0。")
def long_number(book):
    book.rows["funds"][0]["voucher"] = M(430923199001010000, ..., "IN-252", shown="4309**********0000")
    book.fill()


@case("percents", "exceljs", "xlsx", "T103", "比率有的写98.5%,有的只写98.5,有的写1。")
def percents(book):
    row = book.rows["goals"][0]
    row["road_rate"] = M("98.5%", Decimal("0.985"))
    row["water_rate"] = M(98.5, Decimal("0.985"), "IN-217")
    row["pension_rate"] = M(1, 1)
    row["medical_rate"] = M("一百", None, "IN-207")
    row["training_rate"] = M(120, None, "IN-208")
    book.fill()


@case("counts", "sheetjs", "xls", "G06", "人数写成“6人”“约150人”“六个”。")
def counts(book):
    row = book.rows["outreach"][0]
    row["member_count"] = M("6人", 6, "IN-217")
    row["beneficiaries"] = M("约150人", None, "IN-215")
    book.rows["outreach"].append(dict(row, title="送戏下乡", outreach_kind="送文化",
                                      member_count=M("六个", 6, "IN-248"),
                                      beneficiaries=200))
    book.rows["outreach"][1]["outreach_kind"] = M("送文化", "送文化下乡", "IN-217")
    book.fill()
