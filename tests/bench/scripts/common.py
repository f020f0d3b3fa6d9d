"""What the scripts share, so that all of them do the same work: which sheets
hold forms, which rows are entries, and exact totals. A script is given the
folder of the returns and the workbook to write, and prints what it found."""
import json
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

COVER = "基本情况"
UNIT = "填报单位"
FUNDS = "资金物资"
FORMS = [
    "产业扶贫基地", "委员三个一", "结对帮扶台账", FUNDS, "受援情况", "下乡活动",
    "村目标进展", "引老乡", "万企帮万村", "调研视察",
]
# The first cell of the line of headers.
NUMBER = "序号"
AMOUNT = "金额或折价"
CHANNEL = "筹资渠道"
# What stands before the columns of a form in the workbook that is written.
SOURCE = ["填报单位", "文件", "行"]
TOTALS = "合计"


def arguments():
    """The returns in order, and where to write."""
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    return sorted(folder.glob("*.xlsx")), target


def unit_of(rows):
    """The unit's name on the cover, given row by row."""
    for row in rows:
        if str(row[0] or "").startswith(UNIT + "*"):
            return row[1]
    return ""


def entries(rows):
    """Headers, and the entries below them with the number of their row. A row
    in which nothing stands but its running number is none."""
    rows = enumerate(rows, start=1)
    headers = next((row for _, row in rows if row[0] == NUMBER), None)
    if headers is None:
        return [], []
    filled = [(n, row) for n, row in rows if any(v not in (None, "") for v in row[1:])]
    return headers, filled


def column(headers, name):
    """Where a column stands, by the beginning of its header."""
    return next(i for i, header in enumerate(headers) if str(header or "").startswith(name))


class Totals:
    """Sums of 资金物资 per unit and per channel. An amount that is a text is
    none: what it means nobody can say without asking."""

    def __init__(self):
        self.units = defaultdict(Decimal)
        self.channels = defaultdict(Decimal)
        self.rows = 0

    def add(self, unit, headers, filled):
        amount, channel = column(headers, AMOUNT), column(headers, CHANNEL)
        for _, row in filled:
            self.rows += 1
            if isinstance(row[amount], (int, float)):
                value = Decimal(str(row[amount]))
                self.units[unit] += value
                self.channels[row[channel]] += value

    def lines(self):
        """For the sheet of totals."""
        yield "单位", "金额"
        yield from ((unit, float(sum_)) for unit, sum_ in self.units.items())
        yield "筹资渠道", "金额"
        yield from ((channel, float(sum_)) for channel, sum_ in self.channels.items())


def say(library, rows, funds, units, channels):
    """What is compared with the program: amounts in 分, counts of rows."""
    fen = {name: int(value * 100) for name, value in channels.items()}
    print(json.dumps({
        "library": library,
        "rows": rows,
        "funds": funds,
        "fen": sum(fen.values()),
        "channels": fen,
        "units": {name: int(value * 100) for name, value in units.items()},
    }, ensure_ascii=False))
