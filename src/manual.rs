//! The clerk's manual, as a page that a double click opens.

use std::fmt::Write;

use pulldown_cmark::{Options, Parser, html};

use crate::diagnostic::Code;

/// The manual as it is written.
const MANUAL: &str = include_str!("../templates/使用说明.md");

/// What stands around the page.
const HEAD: &str = "<!DOCTYPE html>
<html lang=\"zh-CN\">
<head>
<meta charset=\"utf-8\">
<title>kaohe 使用说明</title>
<style>
body { max-width: 48em; margin: 2em auto; padding: 0 1em; line-height: 1.8;
  font-family: \"Microsoft YaHei\", \"Noto Sans CJK SC\", \"Source Han Sans SC\", sans-serif; }
h1, h2, h3 { line-height: 1.4; }
h2 { margin-top: 2em; border-bottom: 1px solid #bbb; }
pre, code { background: #f2f2f2; font-family: Consolas, monospace; }
pre { padding: 0.6em 1em; overflow-x: auto; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { border: 1px solid #bbb; padding: 0.3em 0.6em; text-align: left; vertical-align: top; }
th { background: #f2f2f2; }
</style>
</head>
<body>
";

/// The page, with every code that the program knows at its end.
pub fn page() -> String {
    let mut text = format!("{MANUAL}\n## 全部提示代码\n\n");
    text.push_str("| 代码 | 程度 | 意思 | 怎么改 |\n|---|---|---|---|\n");
    for code in Code::ALL {
        let (severity, title, mend) = (code.severity().word(), code.title(), code.mend());
        // Writing into a text does not fail.
        let _ = writeln!(
            text,
            "| {code} | {severity} | {title} | {} |",
            mend.replace('|', "\\|")
        );
    }
    let mut page = HEAD.to_owned();
    html::push_html(&mut page, Parser::new_ext(&text, Options::ENABLE_TABLES));
    page.push_str("</body>\n</html>\n");
    page
}
