"""What a careful clerk would send: the issued template of a unit filled in
correctly, and what is expected of it. The cases damage it afterwards.

A typed value that is not plainly its meaning is an `M`: what was typed, what a
careful reader takes for it (None: nothing), and the codes that must name it.
"""
import datetime
import re
import tomllib
import unicodedata
from decimal import Decimal
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "templates" / "anhua-2018"
FORMS = {}
for _path in sorted((PACK / "forms").glob("*.toml")):
    _form = tomllib.loads(_path.read_text(encoding="utf-8"))
    FORMS[_form["id"]] = _form
ROSTER = tomllib.loads((PACK / "roster.toml").read_text(encoding="utf-8"))
UNITS = {unit["code"]: unit for unit in ROSTER["unit"]}
STAMP, LISTS, GUIDE = "_kaohe", "_lists", "填报说明"
D = datetime.date


class M:
    """A cell whose meaning needs reading: typed, taken, the codes that name it."""

    def __init__(self, typed, taken, *codes, shown=None):
        self.typed, self.taken, self.codes, self.shown = typed, taken, codes, shown


class Formula:
    """A formula with the result that its program would store."""

    def __init__(self, text, cached=None):
        self.text, self.cached = text, cached


def normal(text):
    """A header as it is compared: no width variants, white space, `*` or measure."""
    text = unicodedata.normalize("NFKC", str(text or ""))
    return re.sub(r"\([^()]*\)", "", re.sub(r"[\s*]", "", text))


def spelled(value):
    """A value as the expectation spells it."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (int, float, Decimal)):
        text = format(Decimal(str(value)), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)


def taken(value):
    return spelled(value.taken if isinstance(value, M) else value)


def members(unit):
    name = UNITS[unit]["name"]
    return [m["name"] for m in ROSTER["member"] if m["unit"] == name]


def villages(unit):
    name = UNITS[unit]["name"]
    return [v["name"] for v in ROSTER["village"] if v["reporter"] == name]


def forms_of(unit):
    kind = {"T": "township", "G": "group", "B": "branch", "C": "chamber", "A": "agency"}[unit[0]]
    forms = [f for f in FORMS.values() if kind in f.get("kinds", []) and f["id"][:7] != "roster_"]
    return [f["id"] for f in sorted(forms, key=lambda f: f["order"])
            if not (f["prefill"] == "villages" and not villages(unit))]


def gift(donor, amount, date, **more):
    """A gift of money; `goods=` and `basis=` make it one of goods."""
    row = {"donor": donor, "donor_kind": "政协委员", "channel": "社会募资",
           "fund_form": "物资" if "goods" in more else "资金", "amount": amount,
           "way": "产业扶持", "purpose": "购买茶苗", "date": date}
    return row | more


def correct(unit):
    """The rows of a correct return by form; the cover is worked out later."""
    who = members(unit)
    a, b = who[0], who[1]
    kind = {"B": "经促会员", "C": "商会会员", "A": "工作队员"}.get(unit[0], "政协委员")
    rows = {
        "pairs": [
            {"helper": a, "village": "示例01村", "household": "户主一", "household_size": 4,
             "poverty_cause": "因病", "way": "产业扶持", "measures": "送鸡苗100羽并联系销路",
             "started_on": D(2018, 3, 20), "result": "增收约6000元", "evidence": "走访记录"},
            {"helper": b, "village": "示例03村", "household": "户主二", "household_size": 2,
             "poverty_cause": "缺技术", "way": "技术指导", "measures": "上门指导茶园管护",
             "started_on": D(2018, 4, 2), "result": "亩产提高"},
        ],
        "funds": [
            gift(a, 50000, D(2018, 3, 9), donor_kind=kind, village="示例01村", voucher="收据0001"),
            gift(b, Decimal("30000.50"), D(2018, 6, 8), donor_kind=kind, channel="项目争资",
                 way="基础设施建设", purpose="修建饮水池", voucher="收据0002"),
            gift(UNITS[unit]["name"], 12000, D(2018, 9, 30), donor_kind="单位或企业", way="其他",
                 purpose="慰问困难户", goods="大米40袋", basis="发票"),
        ],
        "three_ones": [
            {"member": name, "study": "是" if i % 2 == 0 else "否",
             "study_note": "示例01村学生一名", "income": "是", "income_note": "示例01村一户",
             "job": "否" if i % 3 else "是"} for i, name in enumerate(who)],
        "outreach": [
            {"title": "送医下乡义诊", "outreach_kind": "送卫生下乡", "date": D(2018, 7, 15),
             "village": "示例01村", "member_count": 3, "beneficiaries": 150,
             "content": "义诊120人", "evidence": "照片5张"}],
        "homecoming": [
            {"name": "老乡甲", "from_place": "广东东莞", "homecoming_kind": "回乡创业",
             "project": "办竹制品厂", "invested": 300000, "date": D(2018, 5, 20),
             "contact_member": a}],
        "surveys": [
            {"topic": "产业扶贫资金使用情况", "survey_kind": "调研", "survey_scope": "分片区",
             "date": D(2018, 8, 10), "participants": 8, "finding": "提出建议3条"}],
        "bases": [
            {"base": f"茶叶扶贫基地{i}", "village": "董家村", "base_kind": "种养大户",
             "entity": f"大户{i}", "industry": "黑茶", "has_plan": "是", "has_measures": "是",
             "has_results": "是", "member_count": 2, "households": 25,
             "set_up_on": D(2018, 4, 12)} for i in (1, 2)],
        "received": [
            {"village": "董家村", "donor": "茶业商会", "donor_kind": "单位或企业",
             "fund_form": "资金", "amount": 20000, "date": D(2018, 6, 10), "purpose": "修路"}],
        "enterprises": [
            {"enterprise": "茶业有限公司甲", "enterprise_kind": "会员企业", "village": "示例04村",
             "project": "茶园流转100亩", "way": "产业扶持", "invested": 150000,
             "households": 30, "jobs": 12, "date": D(2018, 4, 1)}],
        "goals": [
            {"village": name, "road_rate": 1, "water_rate": 0.985, "power_done": "是",
             "broadcast_done": "是", "energy_households": 60, "sanitation_households": 45,
             "planting_area": 120.5, "hazard_done": "是", "pension_rate": 1, "medical_rate": 1,
             "serious_illness_rate": 1, "relief_done": "是", "students_done": "是",
             "industry_rate": 0.95, "training_rate": 0.9} for name in villages(unit)],
    }
    return {form: rows[form] for form in forms_of(unit) if form in rows and rows[form]}


class Book:
    """A return in the making: the workbook, what is typed, what is expected."""

    def __init__(self, templates, unit, fill=True, trim=True):
        self.unit = unit
        name = UNITS[unit]["name"]
        self.wb = openpyxl.load_workbook(templates / f"2018年_{name}_填报表.xlsx")
        self.rows = correct(unit) if fill else {}
        self.cover = {"filled_by": "填报人甲", "checked_by": "审核人乙",
                      "phone": "0737-7222222", "filled_on": D(2018, 12, 20)} if fill else {}
        self.declare = None
        self.trim = trim
        self.cached = {}         # (sheet, coordinate) -> result of the formula there
        self.codes, self.findings, self.show = {}, [], set()
        self.outcome, self.expect_unit = "accepted" if fill else "set_aside", unit
        self.file_name = f"2018年_{name}_填报表.xlsx"
        self.lost = set()        # (form, field) whose column nobody can read
        self.unread = set()      # (form, row from 0) that is not an entry
        self.rejects = set()     # (form, row from 0) rejected for another reason
        self.placed = {}         # (form, row, field) -> (sheet, coordinate) where it was typed

    def sheet(self, form):
        return self.wb[FORMS[form]["sheet"]]

    def columns(self, form):
        """(header row, field -> column) of a table that nobody has damaged yet."""
        wanted = {normal(f["header"]): f["id"] for f in FORMS[form]["field"]}
        for row in self.sheet(form).iter_rows():
            found = {wanted[normal(c.value)]: c.column for c in row if normal(c.value) in wanted}
            if len(found) == len(wanted):
                return row[0].row, found
        raise SystemExit(f"no header row of {form}")

    def cell(self, form, row, field):
        """The cell of a field in a row (from 0) of a table."""
        top, columns = self.columns(form)
        return self.sheet(form).cell(top + 1 + row, columns[field])

    def code(self, code, count=1, at=None, typed=None):
        """Expects a finding; `at` is (sheet, cell) where it must stand."""
        self.codes[code] = self.codes.get(code, 0) + count
        if at:
            self.findings.append({"code": code, "sheet": at[0], "cell": at[1]}
                                 | ({"typed": typed} if typed else {}))

    def type(self, cell, value, form, row, field):
        self.placed[form, row, field] = (cell.parent.title, cell.coordinate)
        typed = value.typed if isinstance(value, M) else value
        if isinstance(value, M):
            for code in value.codes:
                shown = value.shown or (None if isinstance(typed, Formula) else spelled(typed))
                self.code(code, 1, (cell.parent.title, cell.coordinate), shown)
            self.show.add(form)
        if isinstance(typed, Formula):
            self.cached[cell.parent.title, cell.coordinate] = typed.cached
            typed = "=" + typed.text
        if isinstance(typed, Decimal):
            typed = int(typed) if typed == typed.to_integral_value() else float(typed)
        cell.value = typed
        if isinstance(typed, str) and not typed.startswith(("=", "#")):
            cell.data_type = "s"

    def fill(self):
        """Types the rows and the cover, and drops spare rows."""
        for form, rows in self.rows.items():
            for i, row in enumerate(rows):
                for field, value in row.items():
                    if value is not None:
                        self.type(self.cell(form, i, field), value, form, i, field)
        sums = {"资金": Decimal(0), "物资": Decimal(0)}
        for row in self.rows.get("funds", []):
            amount = taken(row.get("amount"))
            if amount and row.get("fund_form") in sums:
                sums[row["fund_form"]] += Decimal(amount)
        if self.cover:
            given = self.declare or {}
            self.cover.setdefault("declared_money", given.get("资金", sums["资金"]))
            self.cover.setdefault("declared_goods", given.get("物资", sums["物资"]))
        labels = {normal(f["header"]): f["id"] for f in FORMS["cover"]["field"]}
        sheet = self.sheet("cover")
        for row in range(1, sheet.max_row + 1):
            field = labels.get(normal(sheet.cell(row, 1).value))
            if field in self.cover and self.cover[field] is not None:
                self.type(sheet.cell(row, 2), self.cover[field], "cover", 0, field)
        if self.trim:
            for form in forms_of(self.unit):
                if form != "cover":
                    top, _ = self.columns(form)
                    keep = top + max(len(self.rows.get(form, [])), 1) + 4
                    ws = self.sheet(form)
                    if ws.max_row > keep:
                        ws.delete_rows(keep + 1, ws.max_row - keep)
        return self

    # What is expected.

    def required(self, form, row):
        """Whether a row lacks something required, as a reader would see it."""
        typed = self.rows[form][row]
        for field in FORMS[form]["field"]:
            if not field.get("required"):
                continue
            if (form, field["id"]) in self.lost:
                return True
            value = typed.get(field["id"])
            if taken(value) == "" and not (value is None and field["kind"] == "yesno"):
                return True
        return False

    def expectation(self, program, fault):
        out = {"program": program, "fault": fault, "file_name": self.file_name,
               "outcome": self.outcome}
        if self.expect_unit:
            out["unit"] = self.expect_unit
        out["codes"] = dict(sorted(self.codes.items()))
        out["finding"] = self.findings
        if self.outcome != "accepted":
            return out
        entries, rejected, values = {}, 0, []
        for form, rows in self.rows.items():
            live = [i for i in range(len(rows)) if (form, i) not in self.unread]
            entries[form] = len(live)
            rejected += sum(self.required(form, i) or (form, i) in self.rejects for i in live)
            if form not in self.show:
                continue
            for number, i in enumerate(live, 1):
                value = {"form": form, "row": number}
                for field, typed in rows[i].items():
                    if isinstance(typed, M) and typed.taken is Ellipsis:
                        continue        # what it is worth is not for us to say
                    value[field] = "" if (form, field) in self.lost else taken(typed)
                values.append(value)
        cover = {"form": "cover", "row": 1}
        cover |= {f: taken(v) for f, v in self.cover.items() if v is not None}
        out["entries"] = {form: n for form, n in entries.items() if n}
        out["rejected"] = rejected
        out["value"] = values + [cover]
        return out
