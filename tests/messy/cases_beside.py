"""Returns 150 to 152: what cells carry beside their values, and what is attached.

Run by itself: `python cases_beside.py`. It changes the first return of the set
with openpyxl, puts a box with text over a sheet, and has LibreOffice save the
result as .ods and .xls.
"""

import copy
import os
import re
import subprocess
import tempfile
import zipfile

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = os.path.join(HERE, "001-correct-openpyxl-xlsx.xlsx")
FAULT = (
    "金额设成 0\"万元\" 的格式，一行整行划了删除线，用途划掉一部分，"
    "加了一条批注，盖了一个文本框；另一个金额的格式按万缩小，本来就对。"
)
DRAWING = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    "<xdr:twoCellAnchor><xdr:from><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff>"
    "<xdr:row>20</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>5</xdr:col>"
    "<xdr:colOff>0</xdr:colOff><xdr:row>24</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="TextBox 1"/>'
    '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="3000000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    "</xdr:spPr><xdr:txBody><a:bodyPr/><a:lstStyle/><a:p><a:r><a:t>补充：委员106另捐5000元</a:t>"
    "</a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)


def damaged(path):
    book = openpyxl.load_workbook(BASE, rich_text=True)
    sheet = book["资金物资"]
    sheet["F6"].number_format = '0"万元"'
    for cell in sheet[7]:
        if cell.value is not None:
            font = copy.copy(cell.font)
            font.strike = True
            cell.font = font
    sheet["F8"].number_format = '0!.0,"万"'
    purpose = [
        TextBlock(InlineFont(strike=True), "修路"),
        TextBlock(InlineFont(), "慰问困难户"),
    ]
    sheet["K8"].value = CellRichText(*purpose)
    sheet["B8"].comment = Comment("这一行不是本单位的", "审核人")
    book.save(path)


def with_box(path, to):
    """The sheet 资金物资 gets a drawing of one box."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        rels = next(n for n in old.namelist() if "worksheets/_rels/" in n)
        part = rels.replace("_rels/", "").removesuffix(".rels")
        for name in old.namelist():
            text = old.read(name)
            if name == rels:
                link = (
                    b'<Relationship Id="rIdBox" Type="http://schemas.openxmlformats.org/officeDocument'
                    b'/2006/relationships/drawing" Target="/xl/drawings/drawing1.xml"/></Relationships>'
                )
                text = text.replace(b"</Relationships>", link)
            if name == part:
                link = (
                    b'<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006'
                    b'/relationships" r:id="rIdBox"/><legacyDrawing'
                )
                text = re.sub(rb"<legacyDrawing", link, text, count=1)
            if name == "[Content_Types].xml":
                kind = (
                    b'<Override PartName="/xl/drawings/drawing1.xml" ContentType="application/vnd.'
                    b'openxmlformats-officedocument.drawing+xml"/></Types>'
                )
                text = text.replace(b"</Types>", kind)
            new.writestr(name, text)
        new.writestr("xl/drawings/drawing1.xml", DRAWING)


def expectation(path, program, purpose):
    base = open(BASE.replace(".xlsx", ".toml"), encoding="utf-8").read()
    text = base.replace("没有错：照下发的文件填好，另存后报回。", FAULT.replace('"', "”"))
    text = text.replace('program = "openpyxl"', f'program = "{program}"')
    suffix = os.path.splitext(path)[1]
    text = text.replace("填报表.xlsx", "填报表" + suffix)
    text = text.replace("codes = {}", "codes = { RC-408 = 1, IN-271 = 1, IN-273 = 1, IN-274 = 2 }")
    text = text.replace('purpose = "慰问困难户"', f'purpose = "{purpose}"')
    findings = [
        ("RC-408", "F6", None),
        ("IN-271", "B7", None),
        ("IN-273", "K8", purpose),
        ("IN-274", "B8", "这一行不是本单位的"),
    ]
    lines = []
    for code, cell, typed in findings:
        typed = f', typed = "{typed}"' if typed else ""
        lines.append(f'    {{ code = "{code}", sheet = "资金物资", cell = "{cell}"{typed} }},\n')
    text = text.replace("value = [", "finding = [\n" + "".join(lines) + "]\nvalue = [", 1)
    with open(os.path.splitext(path)[0] + ".toml", "w", encoding="utf-8") as to:
        to.write(text)


def main():
    purpose = "[划去修路]慰问困难户"
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "made.xlsx")
        damaged(made)
        first = os.path.join(HERE, "150-beside-openpyxl-xlsx.xlsx")
        with_box(made, first)
        expectation(first, "openpyxl", purpose)
        for number, suffix in ((151, "ods"), (152, "xls")):
            profile = "-env:UserInstallation=file://" + os.path.join(folder, "profile")
            command = ["soffice", profile, "--headless", "--convert-to", suffix]
            subprocess.run(command + ["--outdir", folder, first], check=True)
            name = os.path.basename(first).replace(".xlsx", "." + suffix)
            path = os.path.join(HERE, f"{number}-beside-lo-{suffix}.{suffix}")
            os.replace(os.path.join(folder, name), path)
            expectation(path, "LibreOffice", purpose)


if __name__ == "__main__":
    main()
