"""DuckDB over the exports of three workspaces against their three workbooks.

Usage: python tests/export/three_counties.py path/to/kaohe
Needs: pip install duckdb openpyxl

Three workspaces are made from the sample: as it is, with half of its returns,
and with another plan's name and the other half. Each is assessed and exported
into one folder. The query is the one that stands in the README; its totals are
compared, to the fen, with the figures that the three workbooks show.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

import duckdb
import openpyxl

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "anhua-2018"


def query():
    """The query as the README shows it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"<!-- duckdb -->\s*```sql\n(.*?)```", text, re.S)
    return found.group(1)


def counties(folder):
    """Three workspaces: name and which of the returns they have."""
    for name, keeps in [
        ("安化县", lambda number: True),
        ("甲县", lambda number: number % 2 == 0),
        ("乙县", lambda number: number % 2 == 1),
    ]:
        workspace = folder / name
        shutil.copytree(SAMPLE, workspace, ignore=shutil.ignore_patterns("汇总", "退回"))
        returns = sorted(path for path in (workspace / "回收").iterdir() if path.is_file())
        for number, path in enumerate(returns):
            if not keeps(number):
                path.unlink()
        plan = workspace / "policy" / "plan.toml"
        text = plan.read_text(encoding="utf-8")
        plan.write_text(text.replace("政协安化县委员会办公室", f"政协{name}委员会办公室"), encoding="utf-8")
        yield name, workspace


def totals_of_workbook(workspace):
    """Channel to amount, as the workbook's own sheet of funds shows them."""
    (path,) = (workspace / "汇总").glob("*.xlsx")
    sheet = openpyxl.load_workbook(path, data_only=True)["资金-三块（按筹资渠道）"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(i for i, row in enumerate(rows) if row[0] == "板块")
    header = rows[start]
    total = next(row for row in rows[start:] if row[0] == "合计")
    fen = Decimal("0.01")
    return {
        name: Decimal(repr(value)).quantize(fen)
        for name, value in zip(header, total)
        if isinstance(value, (int, float))
    }


def main(kaohe):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        expected = {}
        for name, workspace in counties(folder):
            for command in (["assess"], ["export", "--to", str(folder / "导出")]):
                run = [kaohe, command[0], str(workspace), *command[1:]]
                subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
            expected[name] = totals_of_workbook(workspace)
        base = duckdb.connect()
        base.execute(f"SET file_search_path = '{folder}'")
        rows = base.execute(query()).fetchall()
        columns = [column[0] for column in base.description]
        print(columns)
        got = {}
        for row in rows:
            print(*row, sep="  ")
            at = dict(zip(columns, row))
            channels = got.setdefault(at["workspace"], {})
            channels[at["channel"]] = channels.get(at["channel"], Decimal(0)) + at["amount"]
        compared = 0
        for name, channels in expected.items():
            whole = sum(got[name].values())
            assert whole == channels["合计"], (name, whole, channels["合计"])
            for channel, amount in channels.items():
                if channel != "合计":
                    assert got[name].get(channel, Decimal(0)) == amount, (name, channel)
                compared += 1
        assert set(got) == set(expected), got.keys()
        print(f"{compared} totals of {len(got)} workspaces are equal to the fen")


if __name__ == "__main__":
    main(sys.argv[1])
