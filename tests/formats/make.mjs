// The same table by SheetJS; see make.py.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
const XLSX = createRequire(process.cwd() + "/")("xlsx");
const here = dirname(fileURLToPath(import.meta.url));

function book() {
  const rows = [
    ["文字", { t: "s", v: "冷市镇联工委" }],
    ["整数", { t: "n", v: 50000 }],
    ["小数", { t: "n", v: 2.675 }],
    ["金额", { t: "n", v: 1234567.89, z: "#,##0.00" }],
    ["百分比", { t: "n", v: 0.855, z: "0.0%" }],
    ["日期", { t: "n", v: 43283, z: "yyyy-mm-dd" }],
    ["时刻", { t: "n", v: 43283 + 12.5 / 24, z: "yyyy-mm-dd hh:mm" }],
    ["是否", { t: "b", v: true }],
    ["错误", { t: "e", v: 7, w: "#DIV/0!", f: "1/0" }],
    ["公式", { t: "n", v: 100000, f: "C4*2" }],
    ["隐藏行", { t: "n", v: 7 }],
  ];
  const sheet = { "!ref": "B3:C15", "!merges": [XLSX.utils.decode_range("B14:C15")], "!rows": [] };
  rows.forEach(([label, cell], at) => {
    sheet["B" + (3 + at)] = { t: "s", v: label };
    sheet["C" + (3 + at)] = cell;
  });
  sheet["!rows"][12] = { hidden: true };
  sheet.B14 = { t: "s", v: "合并" };
  const made = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(made, sheet, "数据");
  XLSX.utils.book_append_sheet(made, XLSX.utils.aoa_to_sheet([["看不见"]]), "隐藏表");
  made.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }] };
  return made;
}
for (const [name, bookType] of [
  ["sheetjs.xlsx", "xlsx"],
  ["sheetjs.xlsm", "xlsm"],
  ["sheetjs.xlsb", "xlsb"],
  ["sheetjs.xls", "biff8"],
  ["sheetjs-biff5.xls", "biff5"],
  ["sheetjs.ods", "ods"],
  ["sheetjs-html.xls", "html"],
  ["sheetjs-2003.xml", "xlml"],
]) {
  XLSX.writeFile(book(), join(here, name), { bookType, compression: true });
}
