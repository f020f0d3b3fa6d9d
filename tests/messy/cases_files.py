"""What kind of file it is: other suffixes, macros, and files that are no workbook.
Raw cases write bytes themselves; those made from a return say so."""
import io
import zipfile

from base import FORMS, D, gift, members
from registry import case


@case("et-of-wps", "lo", "et", "C01", "WPS 表格的 .et 文件,内容就是 .xls。")
def et(book):
    book.fill()
    book.file_name = book.file_name.replace(".xlsx", ".et")
    book.show = {"funds", "enterprises"}


@case("macros", "sheetjs", "xlsm", "C02", "存成了带宏的 .xlsm。")
def macros(book):
    book.macros = True
    book.fill()
    book.file_name = book.file_name.replace(".xlsx", ".xlsm")
    book.code("IN-234")
    book.show = {"funds"}


@case("wrong-suffix", "lo", "ods", "C04", ".ods 的文件被人改名成了 .xlsx。")
def suffix(book):
    book.fill()
    book.show = {"funds"}


def unreadable(book, name):
    book.file_name = name
    book.outcome, book.expect_unit = "unreadable", ""
    book.code("IN-201")


@case("password", "password", "xlsx", "B01", "文件设了打开密码。")
def password(book):
    book.fill()
    unreadable(book, book.file_name)


@case("truncated", "truncated", "xlsx", "B02", "文件没有传完,后面一半没有了。")
def truncated(book):
    book.fill()
    unreadable(book, book.file_name)


RAW = {
    "html-named-xls": ("xls", "网页表格改名成 .xls（办公系统导出的）。", "text editor",
                       "<html><meta charset=utf-8><body><table><tr><td>捐助单位或个人</td>"
                       "<td>金额</td></tr><tr><td>委员001</td><td>50000</td></tr></table>"
                       "</body></html>".encode()),
    "csv-named-xls": ("xls", "逗号分隔的文本改名成 .xls。", "text editor",
                      "捐助单位或个人,金额,日期\r\n委员001,50000,2018-03-09\r\n".encode("gbk")),
    "pdf": ("pdf", "报回的是 PDF。", "by hand",
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
            b"trailer<</Root 1 0 R>>\n%%EOF\n"),
    "picture": ("png", "报回的是盖章后的照片。", "Pillow", None),
    "word": ("docx", "报回的是 Word 文件。", "by hand", None),
    "empty": ("xlsx", "文件是空的,一个字节也没有。", "by hand", b""),
}


def picture():
    from PIL import Image
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return out.getvalue()


def word():
    out = io.BytesIO()
    parts = {
        "[Content_Types].xml": '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.'
        'openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName='
        '"/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.'
        'openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://'
        'schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>全年工作'
        '情况汇报</w:t></w:r></w:p></w:body></w:document>',
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in parts.items():
            pack.writestr(zipfile.ZipInfo(name), text)
    return out.getvalue()


MADE = {"picture": picture, "word": word}


def raw(name):
    """(suffix, fault, program, bytes) of a file that is no workbook."""
    suffix, fault, program, data = RAW[name]
    return suffix, fault, program, data if data is not None else MADE[name]()


def one_gift(book):
    """A small return that goes into a zip."""
    book.rows["funds"] = [gift(members(book.unit)[0], 20000, D(2018, 3, 9))]
    book.fill()
    book.show = {"funds"}


ZIP = ("zip-gbk", "两个组打成一个压缩包报回,包里的中文文件名是 GBK 编码。", [
    ("B01", "两个分会/广州经促分会.xlsx"), ("B03", "两个分会/长沙经促分会.xlsx")])


def zip_of(parts):
    """A zip with names in GBK and no flag that says so, as Windows makes it.
    Written under stand-ins of the same length, which are then replaced."""
    out, names = io.BytesIO(), {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for i, (name, data) in enumerate(parts):
            plain = name.encode("gbk")
            stand_in = f"@{i}@".ljust(len(plain), "@")
            names[stand_in.encode()] = plain
            info = zipfile.ZipInfo(stand_in, (2018, 12, 20, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(info, data)
    data = out.getvalue()
    for stand_in, plain in names.items():
        assert data.count(stand_in) == 2
        data = data.replace(stand_in, plain)
    return data
