// Opens a workbook and saves it with exceljs or SheetJS. Both are looked up in
// the folder that NODE_MODULES names; nothing of them is kept in this repository.
const path = require("path");
const from = (name) => require(path.join(process.env.NODE_MODULES || "node_modules", name));
const task = JSON.parse(process.argv[2]);

async function exceljs() {
  const ExcelJS = from("exceljs");
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(task.from);
  book.created = book.modified = new Date(Date.UTC(2018, 11, 20, 9));
  await book.xlsx.writeFile(task.to);
}

function sheetjs() {
  const XLSX = from("xlsx");
  const book = XLSX.readFile(task.from, { cellNF: true, cellStyles: true, cellFormula: true });
  const options = { bookType: task.type, compression: true };
  if (task.macros) {
    // A macro project as a program would keep it: a compound file with a VBA storage.
    const project = XLSX.CFB.utils.cfb_new();
    XLSX.CFB.utils.cfb_add(project, "/VBA/dir", Buffer.from("macro"));
    XLSX.CFB.utils.cfb_add(project, "/VBA/ThisWorkbook", Buffer.from("macro"));
    XLSX.CFB.utils.cfb_add(project, "/PROJECT", Buffer.from("ID=\"{0}\"\r\n"));
    book.vbaraw = XLSX.CFB.write(project, { type: "buffer" });
    options.bookVBA = true;
  }
  XLSX.writeFile(book, task.to, options);
}

Promise.resolve({ exceljs, sheetjs }[task.program]()).catch((error) => {
  console.error(error);
  process.exit(1);
});
