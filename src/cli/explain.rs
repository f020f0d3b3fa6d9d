//! `kaohe explain`: what a code means.

use clap::Args;
use serde_json::{Value as Json, json};

use super::{Failure, Format, say};
use crate::diagnostic::{Code, hanging};

/// What `explain` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[arg(
        value_name = "代码",
        help_heading = "参数",
        help = "提示前面方括号里的代码，例如 IN-204；不写就列出全部"
    )]
    about: Vec<String>,
    #[arg(
        long,
        value_name = "形式",
        default_value = "text",
        hide_default_value = true,
        hide_possible_values = true,
        help = "输出形式：text 给人看（默认），json 给程序读"
    )]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// When there is no such code.
pub fn run(options: &Options) -> Result<u8, Failure> {
    let about = options.about.join(" ");
    if about.trim().is_empty() {
        match options.format {
            Format::Text => say(&list()),
            Format::Json => {
                let codes: Vec<Json> = Code::ALL.iter().copied().map(object).collect();
                say(&format!("{:#}", json!({ "codes": codes })));
            }
        }
        return Ok(0);
    }
    // One code, also written with a blank in it; or several.
    let codes: Vec<Code> = match Code::parse(&about) {
        Some(code) => vec![code],
        None => {
            let each = options.about.iter();
            let parsed: Option<Vec<Code>> = each.map(|text| Code::parse(text)).collect();
            parsed.ok_or_else(|| unknown(&about))?
        }
    };
    for code in codes {
        match options.format {
            Format::Text => say(&format!("{}\n", page(code))),
            Format::Json => say(&format!("{:#}", object(code))),
        }
    }
    Ok(0)
}

/// All about one code.
fn page(code: Code) -> String {
    let mut text = hanging(
        "",
        &format!("{}[{}] {}", code.severity().word(), code, code.title()),
    );
    text.push('\n');
    text.push_str(&hanging("  说明：", code.help()));
    text.push_str(&hanging("  改法：", code.mend()));
    text.push_str(&hanging("  举例：", code.example()));
    text
}

/// All codes by stage.
fn list() -> String {
    let mut text = String::new();
    let mut stage = "";
    for code in Code::ALL {
        if code.stage() != stage {
            stage = code.stage();
            text.push_str(&format!("\n{stage}\n"));
        }
        let head = format!("  {code}  {}  ", code.severity().word());
        text.push_str(&hanging(&head, code.title()));
    }
    text.push_str("\n某个代码的详细说明：kaohe explain 代码，例如 kaohe explain IN-204\n");
    text.trim_start().to_owned()
}

fn object(code: Code) -> Json {
    json!({
        "code": code,
        "severity": code.severity().word(),
        "stage": code.stage(),
        "title": code.title(),
        "help": code.help(),
        "mend": code.mend(),
        "example": code.example(),
    })
}

/// No such code: the nearest ones, or those whose title holds the words.
fn unknown(about: &str) -> Failure {
    let mut text = hanging("", &format!("错误：没有“{about}”这个代码。"));
    let about = about.trim().to_uppercase();
    let mut near: Vec<Code> = Code::ALL.to_vec();
    near.retain(|code| code.title().to_uppercase().contains(&about));
    if near.is_empty() {
        let apart = |code: &Code| strsim::damerau_levenshtein(code.code(), &about);
        near = Code::ALL.to_vec();
        near.retain(|code| apart(code) <= 2);
        near.sort_by_key(apart);
        near.truncate(5);
    }
    if !near.is_empty() {
        text.push_str("您要找的是不是：\n");
        for code in near {
            text.push_str(&hanging(&format!("  {code}  "), code.title()));
        }
    }
    text.push_str("列出全部代码：kaohe explain");
    Failure::new(text)
}
