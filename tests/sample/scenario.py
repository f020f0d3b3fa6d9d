"""The sample year: what every unit of the built-in roster reported for 2018.

Everything is fixed by the tables below; nothing is random. Money, bases, goals
and home-coming matters are written out row by row. Ledger, outreach and survey
rows, which only have to be counted, are made from a small plan per unit.

`returns()` gives one dictionary per returned workbook. Run this file to check
the tables against the policy pack (choices, names, required fields).
"""
import datetime
import tomllib
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "templates" / "anhua-2018"

MISSING_UNITS = ["T211", "G05"]        # these two never returned anything
SUPERSEDED_UNIT = "T118"               # this one returned twice

# ---------------------------------------------------------------- pack, roster


def load_pack():
    """The policy pack as plain dictionaries: plan, forms, metrics, rules, roster."""
    def toml(path):
        return tomllib.loads(path.read_text(encoding="utf-8"))
    pack = {"plan": toml(PACK / "plan.toml"), "metrics": toml(PACK / "metrics.toml")["metric"],
            "reconcile": toml(PACK / "reconcile.toml"), "roster": toml(PACK / "roster.toml")}
    for rules in sorted((PACK / "rules").glob("*.toml")):
        pack[rules.stem] = toml(rules)
    forms = [toml(path) for path in sorted((PACK / "forms").glob("*.toml"))]
    pack["roster_forms"] = {f["id"]: f for f in forms if "roster" in f}
    pack["forms"] = {f["id"]: f for f in sorted(forms, key=lambda f: f["order"])
                     if "roster" not in f}
    return pack


PACK_DATA = load_pack()
ROSTER = PACK_DATA["roster"]
ROSTER_FORMS = PACK_DATA["roster_forms"]
UNITS = {u["code"]: u for u in ROSTER["unit"]}
CODE_OF_UNIT = {u["name"]: u["code"] for u in ROSTER["unit"]}
# Who came onto the office's roster (名册.xlsx) after the workbooks had gone out: the pack's
# own roster and the workbook of his unit do not have him.
LATE_MEMBERS = [{"code": "M161", "name": "委员141", "unit": "田庄乡联工委", "category": "政协委员",
                 "sector": "农业", "role": "专业委员", "remark": "示例"}]
EVERYBODY = ROSTER["member"] + LATE_MEMBERS
PEOPLE = {m["name"]: m for m in EVERYBODY}
VILLAGES = {v["name"]: v for v in ROSTER["village"]}


def people_of(code):
    return [m["name"] for m in ROSTER["member"] if m["unit"] == UNITS[code]["name"]]


def villages_of(code):
    """The villages that lie in a township, and for other units the villages it may help."""
    unit = UNITS[code]
    if unit["kind"] == "乡镇联工委":
        place = unit["name"].removesuffix("联工委")
        return [v["name"] for v in ROSTER["village"] if v["township"] == place]
    helped = [v["name"] for v in ROSTER["village"] if v.get("helper_unit") == unit["name"]]
    return helped or ["董家村", "陶竹村", "云盘村", "双龙村", "鑫都村", "兴果村"]


def place_of(code):
    """A short name for titles: 冷市镇, 经济委员组, 茶业商会."""
    return UNITS[code]["name"].removesuffix("联工委").removeprefix("县直")


# ---------------------------------------------------------------------- tables


def table(text, columns):
    """Rows of `a | b | c`; `-` is an empty cell; missing trailing cells are empty."""
    rows = []
    for line in text.strip().splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        cells = [c.strip() for c in line.split("|")]
        assert len(cells) <= len(columns), line
        cells += ["-"] * (len(columns) - len(cells))
        rows.append({c: (None if v == "-" else v) for c, v in zip(columns, cells)})
    return rows


def date(text):
    return None if text is None else datetime.date.fromisoformat(text)


def money(text):
    return None if text is None else Decimal(text)


# What each unit did, in counts.
#   ones     三个一 per member in roster order: letters S 学业, I 增收, J 就业;
#            `-` = all three 否; `.` = the row was left untouched; `x` = the row was emptied
#   pairs    complete ledger rows per person in roster order
#   outreach, surveys: number of rows
ACTIVITY = """
# unit | ones                    | pairs         | outreach | surveys
T101 | SIJ S I -                 | 2 1 0 1       | 2 | 1
T103 | SIJ S IJ                  | 1 0 1         | 2 | 1
T105 | SI - J SIJ .              | 1 1 0 0 1     | 1 | 0
T106 | S I J SI IJ SIJ           | 1 1 1 1 0 1   | 1 | 2
T108 | SIJ I - S                 | 1 1 1 1       | 0 | 1
T109 | SIJ SIJ SI                | 1 2 1         | 2 | 1
T111 | S - - I J                 | 1 0 1 0 0     | 1 | 0
T112 | SIJ SI SJ I J S           | 2 1 1 1 1 1   | 3 | 2
T113 | - S I .                   | 0 0 1 0       | 0 | 0
T114 | SIJ IJ S                  | 1 1 3         | 2 | 1
T115 | S - I . .                 | 0 0 0 0 0     | 0 | 0
T116 | S I J SI - SIJ            | 1 1 0 1 1 0   | 2 | 1
T117 | I I S SJ                  | 1 1 1 0       | 1 | 1
T118 | SI - J                    | 1 0 1         | 2 | 0
T119 | SIJ S I J SI - IJ         | 1 1 1 0 1 1 1 | 4 | 3
T120 | S S I - J SIJ             | 1 0 0 1 1 0   | 1 | 1
T121 | SI IJ J S                 | 1 1 1 1       | 1 | 1
T122 | I - -                     | 0 1 0         | 0 | 0
T200 | - - S . -                 | 0 0 1 0 0     | 0 | 1
T206 | SIJ SI I J S S            | 1 1 1 1 1 1   | 2 | 1
T209 | S J I -                   | 1 0 1 0       | 1 | 0
T212 | SI S J x I                | 1 1 0 1 1     | 2 | 1
G01  | SIJ SI S I J IJ S         | 1 1 1 1 1 1 1 | 3 | 2
G02  | S S SI - J                | 1 0 1 1 0     | 2 | 1
G03  | SJ S I J SIJ SI           | 1 1 1 0 1 1   | 4 | 3
G04  | I IJ - SI S J .           | 2 0 1 0 1 1 0 | 1 | 2
G06  | S I J SI . -              | 1 0 0 1 0 0   | 0 | 0
B01  | -                         | 1 1 0         | 0 | 0
B02  | -                         | 1 0 1         | 0 | 0
B03  | -                         | 2 1 1         | 0 | 0
C01  | -                         | 1 1           | 0 | 0
C02  | -                         | 1 0           | 0 | 0
C03  | -                         | 1 1           | 0 | 0
C04  | -                         | 0 0           | 0 | 0
A01  | -                         | 2 1 1         | 0 | 0
"""

# 产业扶贫基地. flags = 有计划方案, 有实施措施, 有工作成效.
BASES = """
# unit | industry | base_kind | flags | members | households | set up | village
T101 | 黑茶 | 农民专业合作社 | 是是是 | 2 | 36 | 2018-03-05 | 示例01村
T101 | 黄牛 | 种养大户 | 是是是 | 1 | 12 | 2017-11-20 | 示例01村
T103 | 中药材 | 农民专业合作社 | 是是是 | 3 | 40 | 2018-02-26 | 鑫都村
T103 | 油茶 | 农产品加工大户 | 是是是 | 1 | 22 | 2016-09-10 | 三星村
T103 | 稻田养鱼 | 种养大户 | 是是是 | 2 | 18 | 2018-05-03 | -
T105 | 蜜蜂 | 种养大户 | 是是是 | 2 | 15 | 2018-04-12 | 示例02村
T108 | 西瓜 | 农业协会 | 是是是 | 2 | 30 | 2018-03-18 | 云盘村
T108 | 土鸡 | 种养大户 | 否是是 | 1 | 9 | 2018-06-01 | 云盘村
T109 | 黑茶 | 工业企业 | 是是是 | 2 | 65 | 2017-06-15 | 董家村
T109 | 竹笋 | 农产品加工大户 | 是是是 | 1 | 28 | 2018-03-22 | 陶竹村
T109 | 生猪 | 种养大户 | 是是是 | 1 | 14 | 2018-07-09 | 董家村
T111 | 茶叶 | 农民专业合作社 | 是是是 | 2 | 33 | 2018-04-02 | 示例04村
T111 | 楠竹 | 工业企业 | 是是是 | 0 | 20 | 2018-05-16 | 示例04村
T112 | 高山茶 | 农民专业合作社 | 是是是 | 4 | 58 | 2018-03-08 | 雪峰山村
T112 | 红薯粉 | 农产品加工大户 | 是是否 | 1 | 16 | 2018-08-20 | 双龙村
T112 | 山羊 | 种养大户 | 是否是 | 1 | 11 | 2018-09-02 | 通溪桥村
T114 | 柑橘 | 农业协会 | 是是是 | 2 | 46 | 2018-03-14 | 兴果村
T114 | 茶油 | 工业企业 | 是是是 | 1 | 31 | 2017-12-08 | 兴果村
T115 | 库区养殖 | 种养大户 | 是是是 | 1 | 17 | 2018-05-21 | 示例06村
T116 | 玉竹 | 农民专业合作社 | 是是是 | 3 | 27 | 2018-04-09 | 示例07村
T116 | 辣椒 | 种养大户 | 是是是 | 1 | 19 | 2018-05-28 | -
T117 | 花卉 | 其他 | 是是是 | 2 | 24 | 2018-03-27 | 示例08村
T117 | 黑茶 | 农产品加工大户 | 是是是 | 1 | 30 | 2018-06-12 | 示例08村
T118 | 食用菌 | 农民专业合作社 | 是是是 | 1 | 21 | 2018-04-17 | 示例09村
T118 | 服装加工 | 工业企业 | 是是是 | 1 | 25 | 2018-06-26 | 示例09村
T119 | 水稻制种 | 农业协会 | 是是是 | 3 | 52 | 2018-03-30 | 示例10村
T119 | 黄精 | 农民专业合作社 | 是是是 | 2 | 26 | 2018-05-10 | 示例10村
T120 | 茶旅 | 工业企业 | 是是是 | 2 | 44 | 2018-04-25 | 示例11村
T121 | 小水果 | 种养大户 | 是是是 | 1 | 13 | 2018-03-21 | 示例12村
T121 | 豆制品 | 农产品加工大户 | 是是是 | 2 | 23 | 2018-07-03 | 示例12村
T122 | 黑茶 | 农民专业合作社 | 是是是 | 1 | 38 | 2018-04-19 | 示例13村
T200 | 山药 | 种养大户 | 是是否 | 1 | 6 | 2018-10-11 | 示例14村
T206 | 油茶 | 农民专业合作社 | 是是是 | 2 | 35 | 2018-03-26 | 示例15村
T206 | 蛋鸭 | 种养大户 | 是是是 | 1 | 10 | 2018-06-20 | 示例15村
T209 | 厚朴 | 农业协会 | 是是是 | 1 | 29 | 2018-05-07 | 示例16村
T209 | 魔芋 | 种养大户 | 否是是 | 2 | 8 | 2018-07-25 | 示例16村
T212 | 茶叶 | 农民专业合作社 | 是是是 | 2 | 41 | 2018-04-04 | 示例18村
T212 | 杨梅 | 种养大户 | 是是是 | 1 | 12 | 2018-05-30 | 示例18村
"""

# Donors who are not on the roster, with their kind.
OUTSIDE_DONORS = {
    "老乡甲": "社会人士", "老乡乙": "社会人士", "老乡丙": "社会人士", "老乡丁": "社会人士",
    "爱心人士甲": "社会人士", "爱心人士乙": "社会人士",
    "爱心企业一": "单位或企业", "爱心企业二": "单位或企业", "爱心企业三": "单位或企业",
    "助学基金会": "其他", "鑫都村民集资": "其他", "云盘村民集资": "其他",
    "爱心企业一公司": "单位或企业", "爱心企业三有限公司": "单位或企业",
    "兴果村民集资": "其他", "渠江村民集资": "其他", "后盾单位甲": "单位或企业",
}

# 资金物资, in the order of the sheet of the unit that reported the row.
# Vouchers: `auto` gives 收据NNNN by position; written out where a duplicate needs it.
FUNDS = """
# unit | donor | channel | form | amount | way | village | purpose | date | voucher | goods | basis
# -- T101: exactly 50,000.00
T101 | 委员001 | 项目争资 | 资金 | 20000 | 基础设施建设 | 示例01村 | 硬化组级公路 | 2018-03-16 | auto
T101 | 委员002 | 社会募资 | 物资 | 12600.50 | 产业扶持 | 示例01村 | 发展茶园 | 2018-04-20 | auto | 茶苗3万株 | 发票
T101 | 委员003 | 社会募资 | 资金 | 7399.50 | 捐资助学 | - | 资助贫困学生 | 2018-08-28 | auto
T101 | 老乡甲 | 社会募资 | 资金 | 10000 | 资金扶持 | 示例01村 | 慰问贫困户 | 2018-02-10 | -
# -- T103: 49,999.99, one fen below; the last row belongs to G02 and is a duplicate
T103 | 委员005 | 社会募资 | 资金 | 19999.99 | 产业扶持 | 鑫都村 | 中药材种植 | 2018-03-29 | auto
T103 | 委员007 | 财政争资 | 资金 | 18000 | 基础设施建设 | 三星村 | 修建水渠 | 2018-05-15 | auto
T103 | 委员006 | 社会募资 | 物资 | 4500 | 技术指导 | 鑫都村 | 种植技术资料和农具 | 2018-06-07 | auto | 农具30套 | 市场价
T103 | 鑫都村民集资 | 群众筹资 | 资金 | 7500 | 基础设施建设 | 鑫都村 | 组道拓宽 | 2018-10-18 | auto
T103 | 委员112 | 社会募资 | 资金 | 8000 | 捐资助学 | 鑫都村 | 资助大学新生 | 2018-09-03 | 收据0912
# -- T105: 23,450.00, whose points 2.345 round half up to 2.35
T105 | 委员008 | 社会募资 | 资金 | 10000 | 入股分红 | 示例02村 | 贫困户入股合作社 | 2018-04-26 | auto
T105 | 委员010 | 项目争资 | 资金 | 9450 | 基础设施建设 | 示例02村 | 安装路灯 | 2018-07-19 | auto
T105 | 爱心人士甲 | 社会募资 | 物资 | 4000 | 资金扶持 | 示例02村 | 过冬慰问 | 2018-11-22 | auto | 棉被40床 | 市场价
# -- T106: no base, but 62,000
T106 | 委员013 | 财政争资 | 资金 | 30000 | 基础设施建设 | 示例03村 | 饮水管网改造 | 2018-04-11 | auto
T106 | 委员014 | 社会募资 | 资金 | 22000 | 产业扶持 | 示例03村 | 扶持养殖户 | 2018-06-14 | auto
T106 | 委员017 | 社会募资 | 物资 | 10000 | 资金扶持 | - | 建房材料 | 2018-09-19 | auto | 水泥20吨 | 发票
T108 | 委员019 | 项目争资 | 资金 | 15000 | 基础设施建设 | 云盘村 | 山塘清淤 | 2018-03-23 | auto
T108 | 委员020 | 社会募资 | 物资 | 12000 | 产业扶持 | 云盘村 | 西瓜育苗 | 2018-04-05 | auto | 种苗2万株 | 发票
T108 | 云盘村民集资 | 群众筹资 | 资金 | 6300 | 基础设施建设 | 云盘村 | 机耕道 | 2018-10-25 | auto
# -- T109: the last row is a gift of a member of G04, whom it is credited to
T109 | 委员023 | 社会募资 | 资金 | 36000 | 产业扶持 | 董家村 | 茶园提质 | 2018-03-20 | auto
T109 | 委员025 | 财政争资 | 资金 | 40500.50 | 基础设施建设 | 陶竹村 | 村道硬化 | 2018-05-24 | auto
T109 | 老乡乙 | 社会募资 | 资金 | 10000 | 捐资助学 | 董家村 | 奖励优秀学生 | 2018-08-16 | auto
T109 | 委员123 | 项目争资 | 资金 | 10000 | 技术指导 | 董家村 | 茶叶加工培训 | 2018-06-21 | auto
# -- T111: the last row is a gift of a chamber
T111 | 委员026 | 社会募资 | 资金 | 8800 | 劳务输出 | 示例04村 | 外出务工路费 | 2018-02-27 | auto
T111 | 委员028 | 项目争资 | 资金 | 16000 | 基础设施建设 | 示例04村 | 农网入户 | 2018-07-11 | auto
T111 | 茶业商会 | 社会募资 | 资金 | 25000 | 产业扶持 | 示例04村 | 新建茶园补助 | 2018-04-18 | auto
# -- T112: the last row is a gift of a member of G03, reported by T114 as well, not by G03
T112 | 委员031 | 财政争资 | 资金 | 60000 | 基础设施建设 | 双龙村 | 安全饮水工程 | 2018-05-08 | auto
T112 | 委员032 | 社会募资 | 资金 | 28000 | 产业扶持 | 雪峰山村 | 高山茶基地 | 2018-03-30 | auto
T112 | 委员034 | 项目争资 | 资金 | 32000 | 易地搬迁 | 通溪桥村 | 搬迁户配套 | 2018-09-12 | auto
T112 | 爱心企业一 | 社会募资 | 物资 | 15600.80 | 医疗服务 | 双龙村 | 村卫生室设备 | 2018-06-05 | auto | 医疗设备6件 | 发票
T112 | 委员119 | 社会募资 | 资金 | 9000 | 医疗服务 | - | 两镇义诊药费 | 2018-07-20 | 收据0720
# -- T113: no base and little money
T113 | 委员037 | 社会募资 | 资金 | 5000 | 资金扶持 | 示例05村 | 春节慰问 | 2018-02-08 | auto
T113 | 渠江村民集资 | 群众筹资 | 资金 | 3000 | 基础设施建设 | 示例05村 | 修补水渠 | 2018-11-08 | auto
T114 | 委员041 | 社会募资 | 资金 | 35000 | 产业扶持 | 兴果村 | 柑橘品改 | 2018-03-27 | auto
T114 | 委员043 | 项目争资 | 资金 | 25000 | 基础设施建设 | 兴果村 | 机耕道硬化 | 2018-06-28 | auto
T114 | 兴果村民集资 | 群众筹资 | 资金 | 5800 | 其他 | 兴果村 | 村级活动场地 | 2018-10-30 | auto
T114 | 委员119 | 社会募资 | 资金 | 9000 | 医疗服务 | - | 两镇义诊药费 | 2018-07-20 | 收据0720
# -- T115 raised nothing
# -- T116: the first two rows are one gift written twice
T116 | 委员049 | 社会募资 | 资金 | 6000 | 捐资助学 | 示例07村 | 资助高中生 | 2018-08-30 | 收据0830
T116 | 委员049 | 社会募资 | 资金 | 6000 | 捐资助学 | 示例07村 | 资助高中生 | 2018-08-30 | 收据0830
T116 | 委员052 | 财政争资 | 资金 | 14000 | 基础设施建设 | 示例07村 | 河堤加固 | 2018-05-17 | auto
T116 | 委员050 | 社会募资 | 物资 | 11111.11 | 产业扶持 | 示例07村 | 玉竹种苗 | 2018-03-19 | auto | 种苗800公斤 | 发票
# -- T117: the last row is a gift of a member of G05, which never returned
T117 | 委员055 | 项目争资 | 资金 | 21000 | 基础设施建设 | 示例08村 | 桥梁维修 | 2018-06-19 | auto
T117 | 老乡丙 | 社会募资 | 资金 | 5000 | 捐资助学 | 示例08村 | 购置图书 | 2018-09-05 | auto
T117 | 委员131 | 社会募资 | 资金 | 6000 | 技术指导 | 示例08村 | 花卉种植培训 | 2018-05-29 | auto
T118 | 委员059 | 社会募资 | 资金 | 16800 | 产业扶持 | 示例09村 | 食用菌大棚 | 2018-04-23 | auto
T118 | 委员061 | 财政争资 | 资金 | 40000 | 基础设施建设 | 示例09村 | 村道安防 | 2018-07-05 | auto
T119 | 委员062 | 社会募资 | 资金 | 30000 | 入股分红 | 示例10村 | 制种基地入股 | 2018-04-10 | auto
T119 | 委员064 | 财政争资 | 资金 | 28888.88 | 基础设施建设 | 示例10村 | 灌溉渠道 | 2018-05-31 | auto
T119 | 委员068 | 社会募资 | 资金 | 20000 | 劳务输出 | 示例10村 | 技能培训和招工 | 2018-03-13 | auto
T119 | 助学基金会 | 社会募资 | 资金 | 10000 | 捐资助学 | - | 全镇助学金 | 2018-08-22 | auto
# -- T120: the first donor is the unit itself by its old name
T120 | 马路口镇联工委 | 项目争资 | 资金 | 12000 | 基础设施建设 | 示例11村 | 停车坪 | 2018-06-12 | auto
T120 | 委员071 | 社会募资 | 资金 | 9500 | 产业扶持 | 示例11村 | 茶旅民宿 | 2018-05-04 | auto
T120 | 委员074 | 社会募资 | 物资 | 3333.33 | 医疗服务 | 示例11村 | 常用药品 | 2018-10-16 | auto | 药品20箱 | 发票
# -- T121: the last row comes from outside, and B03 reports it as well
T121 | 委员076 | 财政争资 | 资金 | 22000 | 基础设施建设 | 示例12村 | 亮化工程 | 2018-07-26 | auto
T121 | 委员077 | 社会募资 | 资金 | 18500 | 产业扶持 | 示例12村 | 豆制品加工 | 2018-04-27 | auto
T121 | 爱心企业三 | 社会募资 | 资金 | 15000 | 资金扶持 | 示例12村 | 大病户救助 | 2018-09-27 | 转账0927
# -- T122: the last row is a gift of a member of B02
T122 | 委员080 | 社会募资 | 资金 | 7200 | 产业扶持 | 示例13村 | 茶叶采摘工具 | 2018-03-28 | auto
T122 | 委员079 | 项目争资 | 资金 | 11000 | 易地搬迁 | 示例13村 | 安置点配套 | 2018-08-09 | auto
T122 | 会员004 | 社会募资 | 资金 | 20000 | 捐资助学 | 示例13村 | 江南镇助学 | 2018-08-25 | auto
T200 | 委员083 | 社会募资 | 资金 | 4000 | 资金扶持 | 示例14村 | 危房改造补助 | 2018-11-15 | auto
T200 | 爱心人士乙 | 社会募资 | 物资 | 1250.25 | 其他 | 示例14村 | 儿童节礼物 | 2018-06-01 | auto | 书包25个 | 发票
# -- T206: 48,600 counts; the row without a purpose (2,400) is rejected
T206 | 委员088 | 项目争资 | 资金 | 24000 | 基础设施建设 | 示例15村 | 通组公路 | 2018-04-13 | auto
T206 | 委员089 | 社会募资 | 资金 | 15000 | 产业扶持 | 示例15村 | 油茶低改 | 2018-03-15 | auto
T206 | 委员090 | 社会募资 | 资金 | 2400 | 捐资助学 | 示例15村 | - | 2018-09-10 | auto
T206 | 委员092 | 社会募资 | 物资 | 9600 | 产业扶持 | 示例15村 | 鸭苗和饲料 | 2018-06-22 | auto | 鸭苗1200羽 | 市场价
T209 | 委员094 | 财政争资 | 资金 | 17000 | 基础设施建设 | 示例16村 | 山坪塘整修 | 2018-10-09 | auto
T209 | 委员095 | 社会募资 | 物资 | 13500 | 产业扶持 | 示例16村 | 厚朴苗木 | 2018-03-06 | auto | 苗木9000株 | 发票
T212 | 委员100 | 项目争资 | 资金 | 9999.99 | 技术指导 | 示例18村 | 茶叶技术培训 | 2018-05-22 | auto
T212 | 老乡丁 | 社会募资 | 资金 | 6600 | 捐资助学 | 示例18村 | 资助留守儿童 | 2018-12-04 | auto
T212 | 委员104 | 社会募资 | 资金 | 20000 | 产业扶持 | 示例18村 | 新建茶园 | 2018-01-25 | auto
# -- G01: exactly 50,000.00
G01 | 委员107 | 社会募资 | 资金 | 20000 | 产业扶持 | 董家村 | 茶叶加工设备 | 2018-03-22 | auto
G01 | 委员106 | 项目争资 | 资金 | 15000 | 基础设施建设 | 陶竹村 | 饮水池 | 2018-06-08 | auto
G01 | 委员110 | 社会募资 | 物资 | 8765.43 | 产业扶持 | 云盘村 | 化肥种子 | 2018-04-16 | auto | 化肥3吨 | 发票
G01 | 委员109 | 社会募资 | 资金 | 6234.57 | 捐资助学 | - | 县一中贫困生 | 2018-09-06 | auto
# -- G02: 49,999.99, one fen below; the first row is also in T103's return
G02 | 委员112 | 社会募资 | 资金 | 8000 | 捐资助学 | 鑫都村 | 资助大学新生 | 2018-09-03 | 收据0912
G02 | 委员113 | 社会募资 | 资金 | 21999.99 | 捐资助学 | - | 设立助学金 | 2018-08-31 | auto
G02 | 委员115 | 财政争资 | 资金 | 15000 | 基础设施建设 | 兴果村 | 教学点维修 | 2018-07-12 | auto
G02 | 委员116 | 社会募资 | 资金 | 5000 | 技术指导 | 双龙村 | 电商培训 | 2018-10-12 | auto
# -- G03: 3,375 here and 9,000 from T112's return; points 1.485 round half up to 1.49
G03 | 委员122 | 社会募资 | 物资 | 3375 | 医疗服务 | 雪峰山村 | 义诊药品 | 2018-07-16 | auto | 药品45箱 | 发票
# -- G04: 125,000 here and 10,000 from T109's return
G04 | 委员124 | 项目争资 | 资金 | 80000 | 产业扶持 | 云盘村 | 高标准农田配套 | 2018-05-11 | auto
G04 | 委员125 | 社会募资 | 资金 | 25000 | 入股分红 | 通溪桥村 | 合作社股金 | 2018-04-08 | auto
G04 | 委员128 | 社会募资 | 资金 | 20000 | 易地搬迁 | 双龙村 | 搬迁户家具 | 2018-11-28 | auto
# -- G06: no outreach, but 71,200
G06 | 委员136 | 财政争资 | 资金 | 45000 | 基础设施建设 | 陶竹村 | 村综治中心 | 2018-06-26 | auto
G06 | 委员137 | 社会募资 | 资金 | 26200 | 资金扶持 | - | 司法救助困难户 | 2018-01-18 | auto
# -- B01: exactly 200,000.00
B01 | 会员001 | 社会募资 | 资金 | 120000 | 产业扶持 | 示例03村 | 扶贫车间 | 2018-05-18 | auto
B01 | 会员002 | 社会募资 | 资金 | 50000.50 | 捐资助学 | 示例09村 | 助学奖学 | 2018-08-20 | auto
B01 | 广州经促分会 | 社会募资 | 资金 | 29999.50 | 基础设施建设 | 示例15村 | 文化广场 | 2018-10-22 | auto
# -- B02: 179,999.99 here and 20,000 from T122's return: one fen below 200,000
B02 | 会员005 | 社会募资 | 资金 | 99999.99 | 基础设施建设 | 示例01村 | 通村桥 | 2018-06-15 | auto
B02 | 会员006 | 社会募资 | 物资 | 80000 | 劳务输出 | 示例07村 | 扶贫车间缝纫设备 | 2018-04-30 | auto | 缝纫机40台 | 评估
# -- B03: well above; the last row is also in T121's return
B03 | 会员007 | 社会募资 | 资金 | 200000 | 产业扶持 | 示例05村 | 标准化养殖场 | 2018-03-09 | auto
B03 | 会员008 | 社会募资 | 资金 | 106800 | 资金扶持 | - | 救助基金 | 2018-12-06 | auto
B03 | 长沙经促分会 | 社会募资 | 资金 | 50000 | 捐资助学 | 示例11村 | 爱心书屋 | 2018-09-14 | auto
B03 | 爱心企业三 | 社会募资 | 资金 | 15000 | 资金扶持 | 示例12村 | 大病户救助 | 2018-09-27 | 转账0927
# -- C01: 175,000 here and 25,000 from T111's return: exactly 200,000.00
C01 | 商会会员010 | 社会募资 | 资金 | 90000 | 产业扶持 | 示例04村 | 茶叶初制厂 | 2018-04-24 | auto
C01 | 商会会员011 | 社会募资 | 资金 | 61000 | 入股分红 | 示例08村 | 茶园股金 | 2018-05-25 | auto
C01 | 茶业商会 | 社会募资 | 物资 | 24000 | 技术指导 | 示例12村 | 制茶机械和培训 | 2018-07-30 | auto | 揉捻机4台 | 发票
# -- C02: 199,999.99, one fen below
C02 | 商会会员012 | 社会募资 | 资金 | 109999.99 | 基础设施建设 | 示例02村 | 村道硬化 | 2018-06-27 | auto
C02 | 商会会员013 | 社会募资 | 物资 | 60000 | 基础设施建设 | 示例10村 | 水渠和村道 | 2018-10-19 | auto | 水泥150吨 | 市场价
C02 | 建材商会 | 社会募资 | 资金 | 30000 | 易地搬迁 | - | 安置房建设 | 2018-11-06 | auto
C03 | 商会会员014 | 社会募资 | 资金 | 300000 | 产业扶持 | 示例02村 | 竹木加工车间 | 2018-03-12 | auto
C03 | 商会会员015 | 社会募资 | 资金 | 95000 | 劳务输出 | 示例06村 | 招工培训 | 2018-05-28 | auto
C03 | 竹木制品企业 | 社会募资 | 资金 | 120000 | 基础设施建设 | 示例14村 | 林区道路 | 2018-09-20 | auto
C04 | 商会会员016 | 社会募资 | 资金 | 26000 | 产业扶持 | 示例16村 | 订单收购预付 | 2018-01-30 | auto
C04 | 商会会员017 | 社会募资 | 物资 | 20000 | 资金扶持 | - | 节日慰问 | 2018-12-03 | auto | 粮油200份 | 发票
# -- A01: the third donor is the agency by its short name; the fourth is a member of T108
A01 | 队员018 | 社会募资 | 资金 | 5000 | 资金扶持 | 三星村 | 困难户慰问 | 2018-01-31 | auto
A01 | 队员019 | 社会募资 | 物资 | 3200 | 捐资助学 | 三星村 | 学习用品 | 2018-09-01 | auto | 学习用品80套 | 发票
A01 | 县政协办 | 财政争资 | 资金 | 30000 | 基础设施建设 | 三星村 | 村级公路 | 2018-05-02 | auto
A01 | 委员021 | 社会募资 | 资金 | 3000 | 医疗服务 | 云盘村 | 大病户救助 | 2018-12-05 | auto
A01 | 后盾单位甲 | 项目争资 | 资金 | 8000 | 其他 | 白水村 | 村部修缮 | 2018-11-20 | auto
# -- what the office has to rule on: T114's gift two days later; T112's donor by another name;
# -- T119's gift in two instalments; G04's gift in 万元; a nought too many and no voucher
G04 | 委员041 | 社会募资 | 资金 | 35000 | 产业扶持 | 兴果村 | 柑橘品改 | 2018-03-29 | auto
G06 | 爱心企业一公司 | 社会募资 | 物资 | 15600.80 | 医疗服务 | 双龙村 | 村卫生室设备 | 2018-06-05 | auto | 医疗设备6件 | 发票
A01 | 委员064 | 财政争资 | 资金 | 14000 | 基础设施建设 | 示例10村 | 灌溉渠道一期 | 2018-06-11 | auto
A01 | 委员064 | 财政争资 | 资金 | 14888.88 | 基础设施建设 | 示例10村 | 灌溉渠道二期 | 2018-07-16 | auto
T108 | 委员124 | 项目争资 | 资金 | 8 | 产业扶持 | 云盘村 | 高标准农田 | 2018-05-11 | auto
C04 | 商会会员016 | 社会募资 | 资金 | 1500000 | 产业扶持 | 示例16村 | 合同收购 | 2018-09-05 | none
# -- outside the period: with it B02 would have 200,000
B02 | 会员006 | 社会募资 | 资金 | 10000 | 捐资助学 | - | 春节前慰问学生 | 2019-01-05 | auto
"""
FUND_COLUMNS = ["unit", "donor", "channel", "fund_form", "amount", "way", "village",
                "purpose", "date", "voucher", "goods", "basis"]

# What T118's earlier return said about the same two gifts.
OLD_FUNDS = """
T118 | 委员059 | 社会募资 | 资金 | 16800 | 产业扶持 | 示例09村 | 食用菌大棚 | 2018-04-23 | auto
T118 | 委员061 | 财政争资 | 资金 | 30000 | 基础设施建设 | 示例09村 | 村道安防 | 2018-07-05 | auto
"""

# 受援情况 repeats the gifts to the villages of a township, with these differences.
RECEIVED_LEFT_OUT = [("示例02村", "商会会员014"), ("示例07村", "委员050"), ("示例10村", "商会会员013")]
RECEIVED_OTHER_AMOUNT = {("示例04村", "委员026"): "8300", ("示例12村", "茶业商会"): "24500"}
# One gift that came in two parts; a donor by another name.
RECEIVED_IN_PARTS = {("示例05村", "会员007"): ["120000", "80000"]}
RECEIVED_OTHER_NAME = {("示例12村", "爱心企业三"): "爱心企业三有限公司"}
# Reports by the wrong unit, or in the wrong measure, of gifts whose receipt is there already.
NOT_RECEIVED_AGAIN = ["G04 委员041", "G06 爱心企业一公司", "A01 委员064", "T108 委员124", "C04 1500000"]
RECEIVED_EXTRA = """
# unit | village | donor | form | amount | date | purpose | receipt
T115 | 示例06村 | 爱心企业二 | 物资 | 5200 | 2018-10-15 | 村小课桌椅 | 村收201
T115 | 示例06村 | 爱心企业二 | 物资 | 5200 | 2018-10-15 | 村小课桌椅 | 村收201
T120 | 示例11村 | 爱心企业二 | 资金 | 6800 | 2018-11-12 | 路灯电费 | 村收202
T108 | 云盘村 | 老乡丙 | 资金 | 2000 | 2018-02-14 | 春节慰问 | -
"""

# 引老乡
HOMECOMING = """
# unit | name | from | kind | project | village | invested | date | contact
T101 | 老乡甲 | 广东东莞 | 回乡创业 | 办竹制品加工厂,招工20人 | 示例01村 | 300000 | 2018-02-23 | 委员002
T103 | 老乡戊 | 湖南长沙 | 回乡创业 | 流转土地种中药材60亩 | 鑫都村 | 180000 | 2018-03-05 | 委员005
T106 | 老乡己 | 浙江宁波 | 劳务输出 | 介绍18名劳力进厂 | 示例03村 | - | 2018-03-02 | 委员014
T108 | 老乡庚 | 广东深圳 | 技能培训 | 请师傅回村教缝纫 | 云盘村 | 12000 | 2018-07-08 | 委员020
T109 | 老乡乙 | 湖南株洲 | 扶贫助学 | 设奖学金,奖励12名学生 | 董家村 | 0 | 2018-08-16 | 委员023
T109 | 老乡辛 | 广东佛山 | 回乡创业 | 建竹笋加工线一条 | 陶竹村 | 450000.50 | 2018-05-20 | 委员024
T112 | 老乡壬 | 上海 | 回乡创业 | 办民宿一家 | 雪峰山村 | 260000 | 2018-04-28 | 委员032
T112 | 老乡癸 | 广东中山 | 劳务输出 | 带出务工26人 | 通溪桥村 | - | 2018-02-25 | 委员035
T114 | 老乡子 | 湖南益阳 | 回乡创业 | 建柑橘分选厂 | 兴果村 | 520000 | 2018-09-10 | 委员041
T116 | 老乡丑 | 广东惠州 | 技能培训 | 电工培训班一期 | 示例07村 | 15000 | 2018-06-18 | 委员053
T118 | 老乡寅 | 福建厦门 | 回乡创业 | 办服装加工点 | 示例09村 | 98000 | 2018-06-26 | 委员059
T119 | 老乡卯 | 湖南长沙 | 其他 | 捐建村民议事亭 | 示例10村 | 36000 | 2018-10-07 | 委员062
T121 | 老乡辰 | 广东广州 | 回乡创业 | 办豆制品作坊 | 示例12村 | 150000 | 2018-07-03 | 委员077
T206 | 老乡巳 | 江苏苏州 | 扶贫助学 | 结对资助学生6名 | 示例15村 | 9000 | 2018-09-01 | 委员089
T212 | 老乡午 | 湖南湘潭 | 劳务输出 | 输送家政务工11人 | 示例18村 | - | 2018-03-11 | 委员101
G01 | 老乡未 | 广东广州 | 回乡创业 | 投资茶叶电商 | 董家村 | 200000 | 2018-05-09 | 委员107
G04 | 老乡申 | 湖南长沙 | 技能培训 | 农机手培训两期 | 云盘村 | 28000 | 2018-04-15 | 委员125
B01 | 老乡酉 | 广东广州 | 回乡创业 | 建扶贫车间 | 示例03村 | 600000 | 2018-05-18 | 会员001
B01 | 老乡戌 | 广东广州 | 扶贫助学 | 资助大学生8名 | - | 40000 | 2018-08-20 | 会员002
B02 | 老乡亥 | 广东深圳 | 劳务输出 | 组织专场招聘,录用32人 | 示例13村 | - | 2018-02-26 | 会员005
B03 | 老乡丙 | 湖南长沙 | 回乡创业 | 建养殖场 | 示例05村 | 350000 | 2018-03-09 | 会员007
B03 | 爱心企业二 | 湖南长沙 | 技能培训 | 月嫂培训一期 | - | 22000 | 2018-10-20 | 会员009
"""

# 万企帮万村
ENTERPRISES = """
# unit | enterprise | kind | village | project | way | invested | households | jobs | date
C01 | 云雾茶业公司 | 会员企业 | 示例04村 | 茶园流转100亩 | 产业扶持 | 150000 | 30 | 12 | 2018-04-01
C01 | 高马溪茶厂 | 会员企业 | 示例08村 | 鲜叶订单收购 | 入股分红 | 86000.60 | 25 | 8 | 2018-03-20
C01 | 黑茶益阳籍企业家甲 | 益阳籍企业家 | 示例12村 | 援建茶叶冷库 | 基础设施建设 | 220000 | 41 | - | 2018-06-10
C02 | 长沙建材异地商会 | 异地商会 | 示例02村 | 村级广场铺装 | 基础设施建设 | 73500 | 60 | 5 | 2018-07-15
C02 | 资江水泥公司 | 会员企业 | 示例10村 | 招用搬运工人 | 劳务输出 | 0 | 9 | 9 | 2018-05-06
C03 | 竹木制品企业 | 会员企业 | 示例06村 | 楠竹收购点 | 产业扶持 | 310000 | 52 | 21 | 2017-10-12
C03 | 益阳籍企业家乙 | 益阳籍企业家 | 示例18村 | 贫困学生资助 | 捐资助学 | 18000 | 6 | - | 2018-09-01
C04 | 山里食品企业 | 会员企业 | 示例16村 | 红薯订单种植 | 产业扶持 | 64250.25 | 37 | 14 | 2018-03-28
C04 | 乡村医疗服务队 | 其他 | 示例16村 | 巡回义诊 | 医疗服务 | 5000 | 80 | - | 2018-11-11
"""

# 村目标进展. 云盘村 is not here: its row came back empty. `-` = cell left empty.
GOALS = """
# village | road | water | power | tv | energy | sanitation | planting | hazard | pension | medical | serious | relief | students | industry | training | remark
兴果村 | 1 | 1 | 是 | 是 | 86 | 64 | 120.5 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
白水村 | 0.95 | 0.9 | 否 | 是 | 0 | 12 | 300 | 否 | 0.98 | 1 | 1 | 是 | 是 | 0.85 | 0.8 | 林场电网和水源改造明年6月完成
董家村 | 1 | 1 | 是 | 是 | 73 | 58 | 96 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
陶竹村 | 1 | 0.985 | 是 | 否 | 45 | 0 | 80 | 是 | 1 | 0.995 | 1 | 否 | 是 | 1 | 0.95 | 水源改造明年3月完成
双龙村 | 1 | 1 | 是 | 是 | - | 30 | 210 | 是 | 1 | 1 | 0.97 | 是 | 否 | 1 | 1 | 一名学生休学,已联系复学
雪峰山村 | 0.9 | 1 | 否 | 是 | 22 | 18 | 150 | 否 | 1 | 1 | 1 | 是 | 是 | 0.92 | 1 | 道路塌方,明年5月修复
通溪桥村 | 1 | 1 | 是 | 是 | 51 | 47 | 133.3 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
鑫都村 | 1 | 1 | 是 | 是 | 40 | - | 65 | 是 | 0.996 | 1 | 0.99 | 是 | 是 | 1 | 0.9 | 外出户参保正在核对
三星村 | 1 | 1 | 是 | 是 | 112 | 95 | 260 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例01村 | 1 | 1 | 是 | 是 | 33 | 28 | 55 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 0.98 | 培训未完
示例02村 | 1 | 0.96 | 是 | 是 | 20 | 16 | 40 | 是 | 1 | 1 | 1 | 是 | 是 | 0.9 | 1 | 饮水改造中
示例03村 | 0.98 | 1 | 是 | 是 | 18 | 22 | 70 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1 | 一组未通
示例04村 | 1 | 1 | 是 | 是 | 25 | 31 | 88.5 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例05村 | 1 | 0.93 | 否 | 是 | 9 | 14 | 45 | 是 | 0.97 | 1 | 1 | 是 | 是 | 0.88 | 0.9 | 农网改造推迟
示例06村 | 1 | 1 | 是 | 是 | 41 | 36 | 62 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例07村 | 1 | 1 | 是 | 是 | 38 | 27 | 120 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例08村 | 1 | 1 | 是 | 是 | 44 | 30 | 77 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例09村 | 1 | 1 | 是 | 是 | 29 | 24 | 51 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例10村 | 1 | 1 | 是 | 是 | 60 | 48 | 99 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例11村 | 1 | 1 | 是 | 是 | 35 | 29 | 58 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 0.97 | 培训未完
示例12村 | 1 | 1 | 是 | 是 | 47 | 40 | 66 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例13村 | 0.97 | 1 | 是 | 否 | 12 | 15 | 30 | 是 | 1 | 0.99 | 1 | 是 | 是 | 0.95 | 0.9 | 宽带年后开通
示例14村 | 0.92 | 0.94 | 否 | 否 | 6 | 8 | 25 | 否 | 0.95 | 0.98 | 0.98 | 否 | 是 | 0.8 | 0.75 | 基础较差,列入明年计划
示例15村 | 1 | 1 | 是 | 是 | 39 | 34 | 73 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
示例16村 | 1 | 1 | 是 | 是 | 31 | 21 | 49.5 | 是 | 1 | 1 | 1 | 是 | 是 | 0.96 | 1 | 两户缺劳力
示例18村 | 1 | 1 | 是 | 是 | 42 | 37 | 84 | 是 | 1 | 1 | 1 | 是 | 是 | 1 | 1
"""
GOAL_COLUMNS = ["village", "road_rate", "water_rate", "power_done", "broadcast_done",
                "energy_households", "sanitation_households", "planting_area", "hazard_done",
                "pension_rate", "medical_rate", "serious_illness_rate", "relief_done",
                "students_done", "industry_rate", "training_rate", "remark"]

# More ledger rows: what the counts in ACTIVITY do not show. `like` = the household of
# the first row of another helper (多对一), or `same` = the helper's own first row again.
MORE_PAIRS = """
# unit | helper | like | what
T109 | 委员024 | 委员023 | helps the same household
T109 | 委员025 | 委员023 | helps the same household
T112 | 委员036 | 委员031 | helps the same household
G02  | 委员114 | 委员005 | helps a household of T103's member, contradicts its size
T112 | 委员033 | same | the same row again, in other words: a duplicate
G03  | 委员120 | elsewhere | a household in a village that is not on the roster
T105 | 委员010 | new | result left empty: rejected, and his only row
T119 | 委员063 | new | cause left empty: rejected, but he has another row
"""

# A village that nobody on the roster helps.
OTHER_VILLAGE = "高桥村"

# One more outreach of a unit, on a day outside the period.
OUTREACH_OUTSIDE = {"T209": datetime.date(2019, 1, 10), "T111": datetime.date(2017, 12, 30)}

# Units whose declared totals on the cover differ from their own sheet.
WRONG_DECLARED = {"T122": ("declared_money", Decimal("-1000")),
                  "G04": ("declared_goods", Decimal("5000"))}

# ------------------------------------------------------------- making the rows

CHOICES = {c["id"]: c["items"] for c in PACK_DATA["plan"]["choice"]}
CAUSES, WAYS = CHOICES["poverty_cause"], CHOICES["way"]
MEASURES = {
    "基础设施建设": ("帮助硬化入户路30米", "出行和运输方便"),
    "产业扶持": ("送鸡苗100羽并联系销路", "增收约6000元"),
    "资金扶持": ("送慰问金并帮助申请小额贷款", "添置了农机具"),
    "技术指导": ("每季上门指导茶园管理", "亩产提高两成"),
    "入股分红": ("帮助以土地入股合作社", "年分红1200元"),
    "劳务输出": ("介绍到园区务工", "月工资3000元"),
    "捐资助学": ("资助子女学费", "子女顺利升学"),
    "医疗服务": ("联系住院和报销", "病情好转,负担减轻"),
    "易地搬迁": ("帮助办理搬迁手续", "已搬入安置点"),
    "其他": ("帮助办理低保和残疾证", "政策全部落实"),
}
OUTREACH = [("送文化下乡", "送戏送春联", "演出一场,送春联200副"),
            ("送科技下乡", "农技培训", "培训种养技术,发资料300份"),
            ("送卫生下乡", "送医义诊", "义诊120人,送药30种"),
            ("其他扶贫下乡", "政策宣讲", "宣讲扶贫政策,入户走访")]
SURVEYS = [("产业扶贫项目推进情况", "调研", "分项目", "提出建议3条,已送镇政府"),
           ("扶贫资金使用情况", "视察", "分季度", "查看账目12本,提出建议2条"),
           ("易地搬迁后续帮扶", "调研", "分片区", "走访搬迁户20户,提出建议4条")]
SURVEY_MONTHS = [3, 5, 8, 11]              # one in each quarter
ENTITY = {"种养大户": "{}{}大户", "农业协会": "{}{}协会", "农产品加工大户": "{}{}加工坊",
          "工业企业": "{}{}有限公司", "农民专业合作社": "{}{}专业合作社", "其他": "{}{}家庭农场"}


def activity():
    rows = table(ACTIVITY, ["unit", "ones", "pairs", "outreach", "surveys"])
    return {r["unit"]: r for r in rows}


def rows_bases(code):
    rows = []
    for r in table(BASES, ["unit", "industry", "base_kind", "flags", "count", "households",
                           "set_up_on", "village"]):
        if r["unit"] != code:
            continue
        place, count = place_of(code), int(r["count"])
        rows.append({
            "base": f"{place}{r['industry']}扶贫基地", "village": r["village"],
            "base_kind": r["base_kind"],
            "entity": ENTITY[r["base_kind"]].format(place, r["industry"]),
            "industry": r["industry"], "has_plan": r["flags"][0], "has_measures": r["flags"][1],
            "has_results": r["flags"][2], "member_count": count,
            "member_names": "、".join(people_of(code)[:count]) or None,
            "households": int(r["households"]), "set_up_on": date(r["set_up_on"]),
            "evidence": "实施方案、照片6张" if r["flags"] == "是是是" else None})
    if code == "T122":
        # It reports its neighbour's base as well.
        rows.append(dict(rows_bases("T121")[0], member_names=None))
    return rows


def rows_three_ones(code, ones):
    rows, village = [], villages_of(code)[0]
    members = [p for p in people_of(code) if PEOPLE[p]["category"] == "政协委员"]
    for name, mark in zip(members, ones.split(), strict=True):
        row = {"member": name}
        if mark == "x":
            row["emptied"] = True
        elif mark != ".":
            for field, letter, note in [("study", "S", f"{village}学生一名,资助学费"),
                                        ("income", "I", f"{village}一户,提供种苗"),
                                        ("job", "J", f"{village}一人,介绍进厂")]:
                row[field] = "是" if letter in mark else "否"
                row[field + "_note"] = note if letter in mark else None
            row["evidence"] = None if mark == "-" else "照片2张"
        rows.append(row)
    if code == "G06":
        # A member of G02 who helped along.
        rows.append({"member": "委员112", "study": "否", "income": "是", "job": "否",
                     "income_note": "一户，提供种苗"})
    return rows


def household(code, number):
    """A householder's name, different for every unit and number."""
    return f"户主{(list(UNITS).index(code) + 1) * 100 + number}"


def pair(code, helper, village, holder, number, way=None):
    way = way or WAYS[number % len(WAYS)]
    measures, result = MEASURES[way]
    return {"helper": helper, "village": village, "household": holder,
            "household_size": 2 + number % 4, "poverty_cause": CAUSES[number % len(CAUSES)],
            "way": way, "measures": measures,
            "started_on": datetime.date(2017 if number % 5 == 0 else 2018, 1 + number % 6, 5 + number % 20),
            "result": result, "evidence": "走访记录" if number % 2 else None}


def rows_pairs(code):
    """The ledger by ACTIVITY, then the rows of MORE_PAIRS."""
    plan = activity()[code]["pairs"].split()
    villages, rows, number = villages_of(code), [], list(UNITS).index(code)
    for name, count in zip(people_of(code), plan, strict=True):
        for _ in range(int(count)):
            number += 1
            rows.append(pair(code, name, villages[number % len(villages)],
                             household(code, len(rows) + 1), number))
    for more in table(MORE_PAIRS, ["unit", "helper", "like", "what"]):
        if more["unit"] != code:
            continue
        number += 1
        helper, like = more["helper"], more["like"]
        if like == "new":
            row = pair(code, helper, villages[0], household(code, len(rows) + 1), number)
            row["result" if "result" in more["what"] else "poverty_cause"] = None
        elif like == "elsewhere":
            row = pair(code, helper, OTHER_VILLAGE, household(code, len(rows) + 1), number)
        elif like == "same":
            first = next(r for r in rows if r["helper"] == helper)
            row = dict(first, measures="再次上门," + first["measures"])
        else:
            source = CODE_OF_UNIT[PEOPLE[like]["unit"]]
            known = rows if source == code else rows_pairs(source)
            first = next(r for r in known if r["helper"] == like)
            row = pair(code, helper, first["village"], first["household"], number)
            # The same household: the same facts, but where they are to contradict.
            row["poverty_cause"] = first["poverty_cause"]
            row["household_size"] = first["household_size"] + ("contradicts" in more["what"])
        rows.append(row)
    return rows


def donor_kind(donor):
    if donor in PEOPLE:
        return PEOPLE[donor]["category"]
    return OUTSIDE_DONORS.get(donor, "单位或企业")


def rows_funds(code, text=FUNDS):
    rows = []
    for number, r in enumerate(table(text, FUND_COLUMNS), start=1):
        if r["unit"] != code:
            continue
        row = {k: v for k, v in r.items() if k != "unit"}
        row.update(donor_kind=donor_kind(r["donor"]), amount=money(r["amount"]), date=date(r["date"]))
        # A gift that by itself decides an award has a voucher.
        if r["voucher"] == "none":
            row["voucher"] = None
        elif r["voucher"] == "auto" or (not r["voucher"] and row["amount"] >= 50000):
            row["voucher"] = f"收据1{number:03d}"
        rows.append(row)
    return rows


def rows_received(code):
    """The recipient's side: one row for each different gift to a village of the township."""
    rows, seen = [], set()
    for number, r in enumerate(table(FUNDS, FUND_COLUMNS), start=1):
        key = (r["village"], r["donor"], r["amount"], r["date"])
        if r["village"] not in villages_of(code) or key in seen:
            continue
        seen.add(key)
        again = [f"{r['unit']} {r['donor']}", f"{r['unit']} {r['amount']}"]
        if key[:2] in RECEIVED_LEFT_OUT or any(a in NOT_RECEIVED_AGAIN for a in again):
            continue
        amounts = RECEIVED_IN_PARTS.get(key[:2], [RECEIVED_OTHER_AMOUNT.get(key[:2], r["amount"])])
        donor = RECEIVED_OTHER_NAME.get(key[:2], r["donor"])
        day = date(r["date"]) + datetime.timedelta(days=2 if number % 4 == 0 else 0)
        for amount in amounts:
            rows.append({"village": r["village"], "donor": donor, "donor_kind": donor_kind(donor),
                         "fund_form": r["fund_form"], "amount": money(amount), "date": day,
                         "purpose": r["purpose"], "receipt": f"村收{number:03d}"})
    for r in table(RECEIVED_EXTRA, ["unit", "village", "donor", "fund_form", "amount", "date",
                                    "purpose", "receipt"]):
        if r.pop("unit") == code:
            rows.append(dict(r, amount=money(r["amount"]), date=date(r["date"]),
                             donor_kind=donor_kind(r["donor"])))
    return rows


def rows_outreach(code, count):
    rows, shift = [], list(UNITS).index(code)
    for i in range(count):
        kind, title, content = OUTREACH[(shift + i) % 4]
        villages = villages_of(code)
        rows.append({"title": place_of(code) + title, "outreach_kind": kind,
                     "date": datetime.date(2018, 1 + (shift + 3 * i) % 11, 5 + 7 * shift % 20),
                     "village": villages[i % len(villages)] if i != 1 else None,
                     "member_count": 3 + (shift + i) % 5, "beneficiaries": 60 + 15 * ((shift + i) % 7),
                     "content": content, "evidence": "照片5张"})
    if code in OUTREACH_OUTSIDE:
        rows.append({"title": place_of(code) + "岁末走访", "outreach_kind": "其他扶贫下乡",
                     "date": OUTREACH_OUTSIDE[code], "village": None, "member_count": 3,
                     "beneficiaries": 20, "content": "入户走访", "evidence": "照片2张"})
    if code in ("T212", "G02"):          # the last one written twice: counts once
        rows.append(dict(rows[-1]))
    return rows


def rows_surveys(code, count):
    rows, shift = [], list(UNITS).index(code)
    for i in range(count):
        topic, kind, scope, finding = SURVEYS[(shift + i) % 3]
        rows.append({"topic": place_of(code) + topic, "survey_kind": kind, "survey_scope": scope,
                     "date": datetime.date(2018, SURVEY_MONTHS[(shift + i) % 4], 6 + 5 * shift % 20),
                     "participants": 5 + shift % 6,
                     "finding": finding, "report": "调研报告1份" if kind == "调研" else "视察记录1份"})
    return rows


def rows_homecoming(code):
    rows = table(HOMECOMING, ["unit", "name", "from_place", "homecoming_kind", "project", "village",
                              "invested", "date", "contact_member"])
    return [dict({k: v for k, v in r.items() if k != "unit"}, invested=money(r["invested"]),
                 date=date(r["date"])) for r in rows if r["unit"] == code]


def rows_enterprises(code):
    rows = table(ENTERPRISES, ["unit", "enterprise", "enterprise_kind", "village", "project", "way",
                               "invested", "households", "jobs", "date"])
    return [dict({k: v for k, v in r.items() if k != "unit"}, invested=money(r["invested"]),
                 households=int(r["households"]), jobs=r["jobs"] and int(r["jobs"]),
                 date=date(r["date"])) for r in rows if r["unit"] == code]


def rows_goals(code):
    by_village = {r["village"]: r for r in table(GOALS, GOAL_COLUMNS)}
    kinds = {f["id"]: f["kind"] for f in PACK_DATA["forms"]["goals"]["field"]}
    rows = []
    for v in ROSTER["village"]:
        if v["reporter"] != UNITS[code]["name"]:
            continue
        row = {"village": v["name"]}
        for field, value in by_village.get(v["name"], {}).items():
            kind = kinds[field]
            if value is not None and kind in ("percent", "number"):
                value = Decimal(value)
            elif value is not None and kind == "integer":
                value = int(value)
            row[field] = value
        rows.append(row)
    return rows


def cover(code, funds, filled_on):
    people, number = people_of(code), list(UNITS).index(code)
    total = {form: sum((r["amount"] for r in funds if r["fund_form"] == form), Decimal(0))
             for form in ("资金", "物资")}
    card = {"filled_by": people[-1], "checked_by": people[0],
            "phone": f"0737-70000{number:02d}" if number % 3 else f"138000000{number:02d}",
            "filled_on": filled_on, "declared_money": total["资金"], "declared_goods": total["物资"],
            "remark": "三季度以来新增事项均已列入" if number % 7 == 0 else None}
    if code in WRONG_DECLARED:
        field, difference = WRONG_DECLARED[code]
        card[field] += difference
    return card


def file_name(code):
    """The names that units give their files when they send them back."""
    name, number = UNITS[code]["name"], list(UNITS).index(code)
    return [f"{name}.xlsx", f"{name}报送表.xlsx", f"2018年脱贫攻坚考核-{name}.xlsx",
            f"{code}_{name}(已审核).xlsx", f"{place_of(code)}上报(12月).xlsx"][number % 5]


def one_return(code):
    plan, kind = activity()[code], UNITS[code]["kind"]
    filled = {
        "bases": lambda: rows_bases(code),
        "three_ones": lambda: rows_three_ones(code, plan["ones"]),
        "pairs": lambda: rows_pairs(code),
        "funds": lambda: rows_funds(code),
        "received": lambda: rows_received(code),
        "outreach": lambda: rows_outreach(code, int(plan["outreach"])),
        "goals": lambda: rows_goals(code),
        "homecoming": lambda: rows_homecoming(code),
        "enterprises": lambda: rows_enterprises(code),
        "surveys": lambda: rows_surveys(code, int(plan["surveys"])),
    }
    kind_id = next(k["id"] for k in PACK_DATA["plan"]["unit_kind"] if k["name"] == kind)
    forms = {f: filled[f]() for f, form in PACK_DATA["forms"].items()
             if f != "cover" and kind_id in form["kinds"]}
    day = datetime.date(2018, 12, 17 + list(UNITS).index(code) % 9)
    return {"unit": code, "file": file_name(code), "cover": cover(code, forms["funds"], day),
            "forms": forms}


def earlier_return(code):
    """What the unit sent first, a month before: fewer rows, one other amount."""
    old = one_return(code)
    forms = old["forms"]
    forms["funds"] = rows_funds(code, OLD_FUNDS)
    forms["outreach"] = forms["outreach"][:1]
    forms["bases"] = forms["bases"][:1]
    forms["homecoming"] = []
    forms["three_ones"] = rows_three_ones(code, "SI - -")
    old["cover"] = cover(code, forms["funds"], datetime.date(2018, 11, 20))
    old["file"] = f"{UNITS[code]['name']}(旧).xlsx"
    return old


def returns():
    """Every returned workbook of ours, in roster order, the superseded one last."""
    sent = [one_return(code) for code in UNITS if code not in MISSING_UNITS]
    return sent + [earlier_return(SUPERSEDED_UNIT)]


# What the office rules, in the order in which it can be seen: the kind of matter, words
# that stand in the facts of its sides, and the verdict. Everything else stays open.
RULINGS = [
    ("计量单位", ["羊角塘镇联工委"], "确为万元（乘以一万）"),
    ("疑似重复", ["委员041"], "以甲为准"),
    ("疑似重复", ["委员064"], "以甲为准"),
    ("疑似重复", ["委员124"], "以甲为准"),
    ("说法不一", ["产业扶贫基地"], "以甲为准"),
    ("金额异常", ["1,500,000.00"], "不予计入"),
    ("捐受不一致", ["委员026"], "按受援方金额计入"),
    ("捐受不一致", ["爱心企业三有限公司"], "是同一笔（予以确认）"),
    ("受援方未报", ["商会会员014"], "属实（照计）"),
    ("捐助方未报", ["老乡丙"], "已知悉（不影响计算）"),
    ("考核期外", ["田庄乡联工委", "下乡活动"], "计入"),
    ("考核期外", ["奎溪镇联工委", "下乡活动"], "不予计入"),
    ("没有填报", ["委员012"], "没有参与（一票否决）"),
    ("没有填报", ["委员047"], "参与了（不否决、占比和得分按参与计）"),
]
# Who took part and who did not, as ruled, of those who did not answer.
RULED_PART = {"委员012": False, "委员047": True}
# What those rulings do to rows: reporter, form, a word of the row, and the new state or amount.
RULED = [
    ("T108", "funds", "委员124", Decimal("80000")),
    ("G04", "funds", "委员041", "duplicate"),
    ("A01", "funds", "委员064", "duplicate"),
    ("T108", "funds", "委员124", "duplicate"),
    ("T122", "bases", "东坪镇", "set_aside"),
    ("C04", "funds", "合同收购", "set_aside"),
    ("T111", "funds", "委员026", Decimal("8300")),
]
# What the office ruled of days outside the period; what it has not ruled waits.
RULED_OUTSIDE = {("T209", "outreach"): "counted", ("T111", "outreach"): "set_aside"}
# How giver and village agree where it is not simply the same on both sides: village, donor.
AGREEMENT = {
    ("示例05村", "会员007"): "分次合计一致",
    ("示例12村", "茶业商会"): "金额不一致",
    ("示例02村", "商会会员014"): "受援方未报",
    ("示例07村", "委员050"): "受援方未报",
    ("示例10村", "商会会员013"): "受援方未报",
    ("双龙村", "爱心企业一公司"): "受援方未报",
    ("示例06村", "爱心企业二"): "捐助方未报",
    ("示例11村", "爱心企业二"): "捐助方未报",
    ("云盘村", "老乡丙"): "捐助方未报",
    ("示例15村", "委员090"): "捐助方未报",
}
# What stays open, by kind, with what is at stake.
OPEN_MATTERS = {
    "likely_same": ["15600.80"],
    "sides_differ": ["500.00"],
    "facts_differ": ["0.00"],
    "given_only": ["15600.80", "60000.00"],
    "received_only": ["2400.00", "5200.00", "6800.00"],
    "same_entry": ["15000.00"],
    "outside_period": ["10000.00"],
    # 委员040, 048, 085, 129 and 139, whose rows were left untouched; 委员103, whose row was
    # emptied; 委员141, who came later.
    "unanswered": ["0.00"] * 7,
}
# The office's own additions and deductions, nominations and exemptions.
ADJUSTMENTS = [("清塘铺镇联工委", "1", "7.1", ""), ("县直农业委员组", "-0.5", "", "材料补报两次"),
               ("冷市镇联工委", "2", "7.1", "经验在全县推广")]
NOMINATIONS = [("委员023", "冷市镇联工委", "牵头引进茶厂"), ("委员037", "渠江镇联工委", "连续驻村")]
EXEMPTIONS = [("县直政法委员组", "", "没有开展扶贫下乡活动", "全组抽调办案"),
              ("委员139", "县直政法委员组", "没有参与“三个一”扶贫行动", "长期住院")]

# Two files in the folder that are not ours.
FOREIGN_WORKBOOK = "通讯录.xlsx"       # a workbook without our stamp: set aside
BROKEN_FILE = "附件.xlsx"              # text under a workbook's name: unreadable
BROKEN_TEXT = "这是一个说明文件,不是工作簿。\n"

# ------------------------------------------------------------------------ check


def check():
    """Every name, choice and field of the scenario stands in the pack."""
    unit_names = {n for u in ROSTER["unit"] for n in [u["name"], *(u.get("aliases") or "").split("、")] if n}
    incomplete = []
    for sent in returns():
        for form_id, rows in sent["forms"].items():
            fields = {f["id"]: f for f in PACK_DATA["forms"][form_id]["field"]}
            assert len(rows) <= PACK_DATA["forms"][form_id]["spare_rows"] or form_id in ("three_ones", "goals")
            for row in rows:
                where = (sent["file"], form_id, row)
                assert set(row) <= set(fields) | {"emptied"}, where
                typed = any(row.get(f) is not None for f in fields if not fields[f].get("prefilled"))
                for name, field in fields.items():
                    value = row.get(name)
                    if value is None:
                        if field.get("required") and typed:
                            incomplete.append((sent["file"], form_id, name))
                        continue
                    if field["kind"] == "choice":
                        assert value in CHOICES[field["choice"]], where
                    if field["kind"] == "yesno":
                        assert value in ("是", "否"), where
                    if field["kind"] == "village":
                        assert value in VILLAGES or (field.get("open") and value == OTHER_VILLAGE), where
                    if field["kind"] == "member":
                        assert value in PEOPLE or value in unit_names or value in OUTSIDE_DONORS, where
                    if field["kind"] == "money":
                        assert value == value.quantize(Decimal("0.01")), where
                    if field["kind"] == "date" and not field.get("any_year"):
                        outside = value.year != 2018
                        assert outside or value <= sent["cover"]["filled_on"], where
                        assert not outside or sent["unit"] in [*OUTREACH_OUTSIDE, "B02"], where
    return incomplete


if __name__ == "__main__":
    for item in check():
        print("required field left empty:", *item)
    sent = returns()
    print(len(sent), "workbooks;", sum(len(r) for s in sent for r in s["forms"].values()), "rows")
