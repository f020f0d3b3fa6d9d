"""The whole expected result of the sample, worked out from the scenario and the pack.

It shares no code with the program. Everything is exact: money and rates are
Decimal, points are Fraction until they are rounded half up to two decimals.
Writes expected.json beside this file; `--check` only compares with it.
"""
import json
import sys
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import scenario

HERE = Path(__file__).resolve().parent
PACK = scenario.PACK_DATA
FORMS = {f: form for f, form in PACK["forms"].items() if form["shape"] == "table"}
UNIT_ORDER = list(scenario.UNITS)
KIND_ID = {k["name"]: k["id"] for k in PACK["plan"]["unit_kind"]}
CLASSES = ["counted", "duplicate", "superseded", "rejected", "set_aside"]
MONEY_FIELD = {"funds": "amount", "received": "amount", "enterprises": "invested",
               "homecoming": "invested"}
TOTAL = "合计"
MEMBER_VETO = next(v for v in PACK["decisions"]["veto"] if v["subject"] == "member")
EXEMPT = {(subject, veto) for subject, _, veto, _ in scenario.EXEMPTIONS}


# ------------------------------------------------------------------ names


UNIT_BY_NAME = {}
for _code, _unit in scenario.UNITS.items():
    for _name in [_unit["name"], *_unit.get("aliases", "").split("、")]:
        if _name:
            UNIT_BY_NAME[_name] = _code


def kind_of(code):
    return KIND_ID[scenario.UNITS[code]["kind"]]


def person(name):
    return scenario.PEOPLE.get(name)


def unit_of_name(name):
    """The unit that a donor's name stands for: itself, or the person's. None: outside."""
    if name in UNIT_BY_NAME:
        return UNIT_BY_NAME[name]
    if person(name):
        return scenario.CODE_OF_UNIT[person(name)["unit"]]
    return None


def roster_name(name):
    """The donor's name as it stands in the roster (an alias becomes the unit's name)."""
    return scenario.UNITS[UNIT_BY_NAME[name]]["name"] if name in UNIT_BY_NAME else name


# ------------------------------------------------------------------ rows


class Entry:
    def __init__(self, form, reporter, position, row):
        self.form, self.reporter, self.position, self.row = form, reporter, position, row
        self.state = "counted"
        self.reported = None            # the amount that a ruling has replaced
        self.credit = reporter
        if FORMS[form].get("credit"):
            self.credit = unit_of_name(row.get(FORMS[form]["credit"])) or reporter

    def get(self, field):
        return self.row.get(field)


def is_read(form, row):
    return any(row.get(f["id"]) is not None for f in FORMS[form]["field"] if not f.get("prefilled"))


def outside_period(form, row):
    """Whether a day that binds to the period lies outside of it."""
    plan = PACK["plan"]["pack"]
    days = [row.get(f["id"]) for f in FORMS[form]["field"] if f.get("in_period")]
    return any(d and not plan["period_from"] <= d.isoformat() <= plan["period_to"] for d in days)


def lacks_required(form, row):
    for field in FORMS[form]["field"]:
        needed = field.get("required", False)
        if "required_if" in field:
            needed = row.get(field["required_if"]["field"]) == field["required_if"]["is"]
        if needed and row.get(field["id"]) is None:
            return True
    return False


def latest_by_unit(returns):
    latest = {}
    for sent in returns:
        best = latest.get(sent["unit"])
        if best is None or sent["cover"]["filled_on"] > best["cover"]["filled_on"]:
            latest[sent["unit"]] = sent
    return latest


def is_anothers_member(form, unit, row):
    """The list by which members are judged: each unit speaks of its own."""
    if FORMS[form].get("prefill") != "members":
        return False
    field = next(f["id"] for f in FORMS[form]["field"] if f["kind"] == "member")
    person = scenario.PEOPLE.get(row.get(field))
    return person is not None and person["unit"] != scenario.UNITS[unit]["name"]


def read_entries(returns):
    latest = latest_by_unit(returns)
    entries = []
    for sent in returns:
        for form, rows in sent["forms"].items():
            for position, row in enumerate(rows):
                if not is_read(form, row):
                    continue
                entry = Entry(form, sent["unit"], position, row)
                if latest[sent["unit"]] is not sent:
                    entry.state = "superseded"
                elif lacks_required(form, row):
                    entry.state = "rejected"
                elif is_anothers_member(form, sent["unit"], row):
                    entry.state = "set_aside"
                elif outside_period(form, row):
                    # Waits for a ruling, and does not count meanwhile.
                    entry.state = scenario.RULED_OUTSIDE.get((sent["unit"], form), "rejected")
                entries.append(entry)
    return entries


def mark_duplicates(entries):
    """Of equal rows one counts: the credited unit's own, else the first."""
    for rule in PACK["reconcile"]["duplicate"]:
        groups = defaultdict(list)
        form = FORMS[rule["form"]]
        # Gifts and villages are compared across units, what a unit did only within it.
        across = form.get("credit") or form.get("prefill") == "villages"
        for e in entries:
            if e.form == rule["form"] and e.state == "counted":
                own = None if across else e.reporter
                groups[(own, *(e.get(f) for f in rule["fields"]))].append(e)
        for group in groups.values():
            group.sort(key=lambda e: (e.reporter != e.credit, UNIT_ORDER.index(e.reporter), e.position))
            for e in group[1:]:
                e.state = "duplicate"


def apply_rulings(entries):
    """What the office ruled, row by row, as the scenario says it."""
    for unit, form, word, effect in scenario.RULED:
        found = [e for e in entries if e.reporter == unit and e.form == form and e.state == "counted"
                 and any(word in str(v) for v in e.row.values())]
        assert found, (unit, form, word)
        for e in found:
            if isinstance(effect, Decimal):
                e.reported, e.row = e.row["amount"], dict(e.row, amount=effect)
            else:
                e.state = effect


# --------------------------------------------------------------- metrics


class Metrics:
    def __init__(self, entries):
        self.by_id = {m["id"]: m for m in PACK["metrics"]}
        self.counted, self.rejected = defaultdict(list), defaultdict(list)
        for e in entries:
            if e.state == "counted":
                self.counted[e.form].append(e)
            if e.state == "rejected":
                self.rejected[e.form].append(e)

    def rows(self, form, unit=None, member=None):
        """The counted rows credited to a unit, or naming a member in the form's member field."""
        if unit:
            return [e for e in self.counted[form] if e.credit == unit]
        field = next(f["id"] for f in FORMS[form]["field"] if f["kind"] == "member")
        return [e for e in self.counted[form] if e.get(field) == member]

    @staticmethod
    def holds(entry, conditions):
        for c in conditions:
            if c.get("complete"):
                ok = all(entry.get(f) is not None for f in FORMS[entry.form]["complete"])
            elif "is" in c:
                ok = entry.get(c["field"]) == c["is"]
            else:
                value = entry.get(c["field"])
                ok = value is not None and value >= c["at_least"]
            if not ok:
                return False
        return True

    def at_most(self, metric_id, unit):
        """What a sum may come to once all that waits or was rejected counts."""
        form, field = self.by_id[metric_id]["sum"].split(".")
        waiting = [e.get(field) for e in self.rejected[form] if e.credit == unit]
        if None in waiting:
            return Decimal("Infinity")
        return self.value(metric_id, unit) + sum(waiting, Decimal(0))

    def value(self, metric_id, unit=None, member=None):
        """int for counts, Decimal for sums, a pair (above, below) for ratios."""
        m = self.by_id[metric_id]
        if "count" in m:
            return sum(self.holds(e, m.get("where", [])) for e in self.rows(m["count"], unit, member))
        if "sum" in m:
            form, field = m["sum"].split(".")
            return sum((e.get(field) for e in self.rows(form, unit, member)
                        if self.holds(e, m.get("where", [])) and e.get(field) is not None), Decimal(0))
        if "total" in m:
            total = sum(self.value(part, unit, member) for part in m["total"])
            # Who was ruled to have taken part has done what the veto asks.
            if member and scenario.RULED_PART.get(member) and metric_id == MEMBER_VETO["metric"]:
                return max(total, MEMBER_VETO["less_than"])
            return total
        if "members" in m:
            names = [p["name"] for p in scenario.EVERYBODY if p["category"] == "政协委员"
                     and p["unit"] == scenario.UNITS[unit]["name"]]
            if "metric" in m["members"]:
                names = [n for n in names
                         if self.value(m["members"]["metric"], member=n) >= m["members"]["at_least"]]
            return len(names)
        return tuple(self.value(part, unit, member) for part in m["ratio"])


def as_fraction(value):
    if isinstance(value, tuple):
        return None if value[1] == 0 else Fraction(value[0], value[1])
    return Fraction(value)


def as_text(value):
    if isinstance(value, tuple):
        return f"{value[0]}/{value[1]}"
    if isinstance(value, Decimal):
        return amount(value)
    return str(value)


def amount(value):
    return f"{value:.2f}"


def half_up(fraction):
    """Two decimals, a half goes up. Points are never negative."""
    return Decimal((fraction * 100 + Fraction(1, 2)).__floor__()) / 100


# ---------------------------------------------------------------- scores


def points_for(score, x):
    full = Fraction(score["points"])
    if "linear" in score:
        return min(full, full * x / Fraction(score["linear"]["full_at"]))
    if "bands" in score:
        return Fraction(max([b["points"] for b in score["bands"] if x >= b["from"]], default=0))
    return full if x >= score["at_least"] else Fraction(0)


def assess_units(metrics, returned):
    result = {}
    decisions = PACK["decisions"]
    for code in UNIT_ORDER:
        kind, back = kind_of(code), code in returned
        items, total, applicable, possible = {}, Decimal(0), 0, 0
        for score in PACK["scores"]["score"]:
            if score["kind"] != kind:
                continue
            possible += score["points"]
            operand = metrics.value(score["metric"], unit=code)
            x = as_fraction(operand)
            treat = score["missing_return"] if not back else (score["missing_value"] if x is None else None)
            if treat == "not_applicable":
                items[score["id"]] = {"operand": as_text(operand), "points": None}
                continue
            assert treat in (None, "zero"), score
            points = Decimal(0) if treat == "zero" else half_up(points_for(score, x))
            items[score["id"]] = {"operand": as_text(operand), "points": amount(points)}
            total += points
            applicable += score["points"]
        if applicable and applicable != possible:
            total = half_up(Fraction(total) * PACK["plan"]["pack"]["full_mark"] / applicable)
        for name, points, *_ in scenario.ADJUSTMENTS:
            if scenario.CODE_OF_UNIT[name] == code:
                total = min(Decimal(PACK["plan"]["pack"]["full_mark"]), max(Decimal(0), total + Decimal(points)))
        vetoes, pending, exempt = [], [], []
        for veto in decisions["veto"]:
            if veto["subject"] == "unit" and veto["kind"] == kind:
                if not back and veto["missing_return"] == "pending":
                    pending.append(veto["id"])
                elif back and metrics.value(veto["metric"], unit=code) < veto["less_than"]:
                    lifted = (scenario.UNITS[code]["name"], veto["name"]) in EXEMPT
                    (exempt if lifted else vetoes).append(veto["id"])
        awards = {}
        for award in decisions["award"]:
            if kind not in award["kinds"]:
                continue
            if not back and award["missing_return"] == "pending":
                awards[award["id"]] = "待定"
            elif vetoes and award["excluded_by_veto"]:
                awards[award["id"]] = "不符合（一票否决）"
            elif metrics.value(award["metric"], unit=code) < award["at_least"]:
                reached = metrics.at_most(award["metric"], code) >= award["at_least"]
                awards[award["id"]] = "待定" if reached else "不符合（金额不足）"
            else:
                awards[award["id"]] = "符合"
        result[code] = {"items": items, "total": amount(total) if items else None,
                        "applicable": amount(Decimal(applicable)), "rank": None,
                        "vetoes": vetoes, "pending": pending, "exempt": exempt, "awards": awards,
                        "funds": amount(metrics.value("funds", unit=code))}
    for code, unit in result.items():           # standard competition ranking within a kind
        if unit["items"] and not unit["vetoes"] and code in returned:
            better = [o for c, o in result.items() if kind_of(c) == kind_of(code)
                      and c in returned and not o["vetoes"] and Decimal(o["total"]) > Decimal(unit["total"])]
            unit["rank"] = len(better) + 1
    return result


def assess_members(metrics, returned):
    veto = MEMBER_VETO
    told = {e.get("member") for e in metrics.counted["three_ones"] + metrics.rejected["three_ones"]}
    result = {}
    for p in scenario.EVERYBODY:
        if p["category"] != "政协委员":
            continue
        counts = {m: metrics.value(m, member=p["name"]) for m in ("study", "income", "job")}
        items = metrics.value(veto["metric"], member=p["name"])
        if scenario.CODE_OF_UNIT[p["unit"]] not in returned:
            word = "待定"
        else:
            word = "是" if items < veto["less_than"] else "否"
            if word == "是" and (p["name"], veto["name"]) in EXEMPT:
                word = "免予否决"
            elif word == "是" and p["name"] not in told and scenario.RULED_PART.get(p["name"]) is None:
                word = "待定"           # nobody knows, nobody has ruled
        result[p["code"]] = dict(counts, items=items, veto=word,
                                 complete_pairs=metrics.value("complete_pairs", member=p["name"]))
    return result


# ----------------------------------------------------------------- money


def in_year(entry):
    return entry.get("date").year == PACK["plan"]["pack"]["year"]


def axis(name, table):
    """The labels of a row or column of a fund table, and which label an entry falls under."""
    plan = PACK["plan"]
    form = PACK["forms"][(table.get("sum") or table["count"]).split(".")[0]]
    if name == "unit":
        # Gifts may be credited to any unit; the rest only to who is asked for it.
        asked = [u for c, u in scenario.UNITS.items()
                 if form["id"] == "funds" or kind_of(c) in form["kinds"]]
        return [u["name"] for u in asked], lambda e: scenario.UNITS[e.credit]["name"]
    if name == "quarter":
        names = {m: f"第{q}季度" for q in range(1, 5) for m in range(3 * q - 2, 3 * q + 1)}
        return list(dict.fromkeys(names.values())) + ["其他年度"], \
            lambda e: names[e.get("date").month] if in_year(e) else "其他年度"
    if name == "block":
        blocks = {b["id"]: b["name"] for b in plan["block"]}
        of_kind = {k["id"]: blocks[k["block"]] for k in plan["unit_kind"]}
        return list(blocks.values()), lambda e: of_kind[kind_of(e.credit)]
    if name == "village":
        return list(scenario.VILLAGES) + ["未指明村"], lambda e: e.get("village") or "未指明村"
    if name == "month":
        return [str(m) for m in range(1, 13)] + ["其他年度"], \
            lambda e: str(e.get("date").month) if in_year(e) else "其他年度"
    if name == "role":
        roles = next(c["items"] for c in plan["choice"] if c["id"] == "member_role")

        def role(e):
            p = person(e.get("donor"))
            return p["role"] if p and p["category"] == "政协委员" else "非委员或未注明"
        return roles + ["非委员或未注明"], role
    field = next(f for f in form["field"] if f["id"] == name)
    items = next(c["items"] for c in plan["choice"] if c["id"] == field["choice"])
    if field.get("required"):
        return items, lambda e: e.get(name)
    return items + ["未注明"], lambda e: e.get(name) or "未注明"


def fund_tables(metrics):
    result = {}
    for table in PACK["funds"]["fund_table"]:
        form, _, field = (table.get("sum") or table["count"]).partition(".")
        row_labels, row_of = axis(table["rows"], table)
        col_labels, col_of = axis(table["columns"], table)
        sums = {r: {c: Decimal(0) for c in col_labels + [TOTAL]} for r in row_labels + [TOTAL]}
        for e in metrics.counted[form]:
            for r in (row_of(e), TOTAL):
                for c in (col_of(e), TOTAL):
                    sums[r][c] += (e.get(field) or 0) if field else 1
        result[table["id"]] = {r: {c: amount(v) if field else str(v) for c, v in cols.items()} for r, cols in sums.items()}
    return result


def publicity(metrics):
    rule = PACK["decisions"]["publicity"][0]
    form, field = rule["sum"].split(".")
    sums = defaultdict(Decimal)
    for e in metrics.counted[form]:
        sums[roster_name(e.get("donor"))] += e.get(field)
    chosen = sorted(((-v, k) for k, v in sums.items() if v >= rule["at_least"]))
    return [{"donor": k, "amount": amount(-v)} for v, k in chosen]


def goals(metrics):
    result = {}
    for v in scenario.ROSTER["village"]:
        if v["class"] not in PACK["goals"]["scope"]["classes"]:
            continue
        reporter = scenario.CODE_OF_UNIT[v["reporter"]]
        rows = [e for e in metrics.counted["goals"]
                if e.get("village") == v["name"] and e.reporter == reporter]
        result[v["code"]] = {}
        for goal in PACK["goals"]["goal"]:
            value = rows[0].get(goal["value"].split(".")[1]) if rows else None
            if value is None:
                word = "未报"
            elif "is" in goal:
                word = "达标" if value == goal["is"] else "未达标"
            else:
                word = "达标" if value >= goal["at_least"] else "未达标"
            result[v["code"]][goal["id"]] = {"value": None if value is None else str(value), "result": word}
    return result


def villages(metrics):
    """What is concluded of a village: missed is what is known to be, not what is not known."""
    result = {}
    for code, by_goal in goals(metrics).items():
        words = [goal["result"] for goal in by_goal.values()]
        result[code] = ("未全部达标" if "未达标" in words else "待定" if "未报" in words else "全部达标")
    return result


def township_returned(village, latest):
    """Whether the township of a village reports what it received. None: there is none."""
    town = scenario.VILLAGES[village]["township"]
    units = [c for c, u in scenario.UNITS.items() if kind_of(c) == "township" and u["name"].startswith(town)]
    return units[0] in latest if units else None


def sides(entries, latest):
    """How both sides of the gifts agree: count of gifts and sums by result."""
    result = defaultdict(lambda: {"count": 0, "given": Decimal(0), "received": Decimal(0)})
    wholes = set()
    for e in entries:
        if e.form not in ("funds", "received"):
            continue
        # A gift that was struck out because nobody received it is still listed, with nothing.
        struck = e.form == "funds" and e.state == "set_aside" and \
            scenario.AGREEMENT.get((e.get("village"), e.get("donor"))) == "受援方未报"
        if e.state != "counted" and not struck:
            continue
        key = (e.get("village"), e.get("donor"))
        if e.form == "funds" and (not key[0] or not township_returned(key[0], latest)):
            word = "无从核对"
        else:
            word = scenario.AGREEMENT.get(key, "双方一致")
        line = result[word]
        side = "given" if e.form == "funds" else "received"
        line[side] += Decimal(0) if struck else e.get("amount")
        # Each gift once: by its giver, or by its receipt where nobody gave.
        if side == "given" or word == "捐助方未报":
            line["count"] += 1
            wholes.add(key)
    return {word: {"count": str(v["count"]), "given": amount(v["given"]), "received": amount(v["received"]),
                   "difference": amount(v["given"] - v["received"])} for word, v in result.items()}


# ---------------------------------------------------------------- all of it

# Open matters that change nothing, whatever is ruled: a receipt that no donor reports is credited to
# nobody, and what stays open in the scenario of facts that differ is about a household, which no rule counts.
FOR_THE_RECORD = ("received_only", "facts_differ")



def expected():
    returns = scenario.returns()
    latest = latest_by_unit(returns)
    entries = read_entries(returns)
    mark_duplicates(entries)
    apply_rulings(entries)
    metrics = Metrics(entries)
    rows = {f: {c: 0 for c in CLASSES} for f in FORMS}
    sums = {f: {c: Decimal(0) for c in [*CLASSES, "ruled"]} for f in MONEY_FIELD}
    for e in entries:
        rows[e.form][e.state] += 1
        if e.form in MONEY_FIELD:
            sums[e.form][e.state] += e.get(MONEY_FIELD[e.form]) or Decimal(0)
            if e.reported is not None:
                sums[e.form]["ruled"] += e.get("amount") - e.reported
    accepted = sorted(s["file"] for s in latest.values())
    superseded = sorted(s["file"] for s in returns if s not in latest.values())
    return {
        "files": {"accepted": accepted, "superseded": superseded,
                  "set_aside": [scenario.FOREIGN_WORKBOOK], "unreadable": [scenario.BROKEN_FILE]},
        "returned": [c for c in UNIT_ORDER if c in latest],
        "missing": [c for c in UNIT_ORDER if c not in latest],
        "rows": rows,
        "money": {f: {c: amount(v) for c, v in by.items()} for f, by in sums.items()},
        "sides": sides(entries, latest),
        "open_matters": scenario.OPEN_MATTERS,
        "waiting_matters": sum(len(stakes) for kind, stakes in scenario.OPEN_MATTERS.items()
                               if kind not in FOR_THE_RECORD),
        "ruled_matters": len(scenario.RULINGS),
        "nominations": {n: "不得提名（一票否决）" if assess_members(metrics, latest)[scenario.PEOPLE[n]["code"]]["veto"]
                        == "是" else "已提名" for n, *_ in scenario.NOMINATIONS},
        "units": assess_units(metrics, latest),
        "members": assess_members(metrics, latest),
        "fund_tables": fund_tables(metrics),
        "publicity": publicity(metrics),
        "goals": goals(metrics),
        "villages": villages(metrics),
    }


def main():
    scenario.check()
    text = json.dumps(expected(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    target = HERE / "expected.json"
    if "--check" in sys.argv:
        same = target.read_text(encoding="utf-8") == text
        print("expected.json is", "up to date" if same else "OUT OF DATE")
        sys.exit(0 if same else 1)
    target.write_text(text, encoding="utf-8", newline="\n")
    print("written: tests/sample/expected.json")


if __name__ == "__main__":
    main()
