"""Makes the messy returns and the expectation beside each.

usage: make.py --templates DIR [--only NAME...]

DIR holds the workbooks that `kaohe issue` writes for the built-in pack and
roster. Needs openpyxl, xlsxwriter, xlwt, msoffcrypto-tool, Pillow, LibreOffice,
and node with exceljs and xlsx in the folder that NODE_MODULES names. The test
needs none of them: it reads the files that are committed.
"""
import argparse
import io
import re
import sys
import tempfile
from pathlib import Path

import cases_files
import cases_rows  # noqa: F401
import cases_sheets  # noqa: F401
import cases_values  # noqa: F401
import cases_whose  # noqa: F401
from base import Book
from registry import CASES
from write import CATALOG, PROGRAMS, by_libreoffice, by_openpyxl

HERE = Path(__file__).resolve().parent
ORDER = ["cases_sheets", "cases_rows", "cases_values", "cases_whose", "cases_files"]
MARKS = {",": "\uff0c", ":": "\uff1a", ";": "\uff1b", "(": "\uff08", ")": "\uff09"}


def prose(text):
    """A sentence with Chinese marks beside Chinese words."""
    return re.sub(r"(?<=[\u4e00-\u9fff\u201d])[,:;()]|[,:;()](?=[\u4e00-\u9fff\u201c])",
                  lambda m: MARKS[m.group()], text)


def quoted(value):
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    # What cannot be seen is written so that it can.
    text = re.sub("[\u200b\ufeff\u3000\u0000-\u001f]", lambda m: f"\\u{ord(m.group()):04X}", text)
    return f'"{text}"'


def inline(table):
    inner = ", ".join(f"{key} = {quoted(value)}" for key, value in table.items())
    return f"{{ {inner} }}" if inner else "{}"


def toml(out):
    """An expectation as TOML, the sentence for a reader first."""
    lines = [f"# {prose(out['fault'])}"]
    for key, value in out.items():
        if isinstance(value, dict):
            lines.append(f"{key} = {inline(value)}")
        elif not isinstance(value, list):
            lines.append(f"{key} = {quoted(prose(value) if key == 'fault' else value)}")
    for key, value in out.items():
        if isinstance(value, list) and value and key != "member":
            lines += [f"{key} = [", *(f"    {inline(table)}," for table in value), "]"]
    for member in out.get("member", []):
        lines += ["", "[[member]]"]
        for key, value in member.items():
            if isinstance(value, list):
                lines += [f"{key} = [", *(f"    {inline(table)}," for table in value), "]"]
            else:
                lines.append(f"{key} = {inline(value) if isinstance(value, dict) else quoted(value)}")
    return "\n".join(lines) + "\n"


def save(book, program, kind, path):
    """Saves by the program; gives the name of the program."""
    if program == "password":
        from msoffcrypto.format.ooxml import OOXMLFile
        with tempfile.TemporaryDirectory() as temp:
            plain = Path(temp) / "a.xlsx"
            by_libreoffice(book, plain)
            with plain.open("rb") as source, path.open("wb") as target:
                OOXMLFile(source).encrypt("123456", target)
        return "LibreOffice and msoffcrypto"
    if program == "truncated":
        by_openpyxl(book, path)
        path.write_bytes(path.read_bytes()[:path.stat().st_size // 2])
        return "openpyxl"
    PROGRAMS[program](book, path)
    return CATALOG[program]


def make(number, case, templates):
    stem = f"{number:03}-{case['name']}"
    book = Book(templates, case["unit"], case["fill"], case["trim"])
    case["make"](book)
    kind = case["kind"]
    path = HERE / f"{stem}.{kind}"
    program = save(book, case["program"], kind, path)
    if path.suffix != Path(book.file_name).suffix and book.file_name.endswith(".xlsx") \
            and case["name"] != "wrong-suffix":
        book.file_name = book.file_name[:-5] + path.suffix
    (HERE / f"{stem}.toml").write_text(toml(book.expectation(program, case["fault"])),
                                       encoding="utf-8")


def make_raw(number, name):
    suffix, fault, program, data = cases_files.raw(name)
    stem = f"{number:03}-{name}"
    (HERE / f"{stem}.{suffix}").write_bytes(data)
    out = {"program": program, "fault": fault, "file_name": f"报表.{suffix}",
           "outcome": "unreadable", "codes": {"IN-201": 1}, "finding": []}
    (HERE / f"{stem}.toml").write_text(toml(out), encoding="utf-8")


def make_zip(number, templates):
    name, fault, parts = cases_files.ZIP
    stem, files, members = f"{number:03}-{name}", [], []
    for unit, inner in parts:
        book = Book(templates, unit)
        cases_files.one_gift(book)
        out = io.BytesIO()
        book.wb.save(out)
        files.append((inner, out.getvalue()))
        member = book.expectation("openpyxl", "")
        member = {"file_name": f"报表.zip/{inner}"} | {
            k: v for k, v in member.items() if k not in ("program", "fault", "file_name", "finding")}
        members.append(member)
    (HERE / f"{stem}.zip").write_bytes(cases_files.zip_of(files))
    out = {"program": "openpyxl", "fault": fault, "file_name": "报表.zip", "member": members}
    (HERE / f"{stem}.toml").write_text(toml(out), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--templates", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    args = parser.parse_args()
    wanted = lambda name: not args.only or any(part in name for part in args.only)
    cases = sorted(CASES, key=lambda c: ORDER.index(c["make"].__module__))
    if not args.only:
        for old in HERE.glob("[0-9][0-9]*-*"):
            old.unlink()
    number = 0
    for case in cases:
        number += 1
        if wanted(case["name"]):
            print(number, case["name"], flush=True)
            make(number, case, args.templates)
    for name in cases_files.RAW:
        number += 1
        if wanted(name):
            make_raw(number, name)
    number += 1
    if wanted(cases_files.ZIP[0]):
        make_zip(number, args.templates)
    print(f"{number} files")


if __name__ == "__main__":
    sys.exit(main())
