//! `kaohe explain`: what a code means, or how the result of a unit came about.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::closing::{in_force, not_gone};
use super::hints::{unquoted, workspaces_near};
use super::options::{ForWhom, Format};
use super::progress::Showing;
use super::{Failure, load_decided, say, workers};
use crate::assess::{Run, matters_apart};
use crate::book::Reader;
use crate::diagnostic::{Code, hanging, paragraph};
use crate::explain::{explain, matter as explain_matter, person, render};
use crate::flow::assess_files;
use crate::form::{Names, Resolved};
use crate::intake::gather;
use crate::result::matter_json;
use crate::roster::{Member, Roster, Unit, UnitNames};
use crate::ruling::is_matter_number;
use crate::value::squeeze;
use crate::workspace::Workspace;

/// What `explain` may be told.
#[derive(Debug, Args)]
#[command(next_help_heading = "选项")]
pub struct Options {
    #[arg(
        value_name = "代码或单位",
        help_heading = "参数",
        help = "代码（例如 IN-204），或单位、委员的名称、编号，或核对事项的编号，前面可以写工作区的文件夹；不写就列出全部代码"
    )]
    about: Vec<String>,
    #[command(flatten)]
    whom: ForWhom,
}

/// Runs the command.
///
/// # Errors
/// When there is no such code or unit, or the workspace cannot be used.
pub fn run(options: &Options, today: Date) -> Result<u8, Failure> {
    let about = options.about.join(" ");
    if about.trim().is_empty() {
        match options.whom.format {
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
            match parsed {
                Some(codes) => codes,
                None => return self::unit(options, today),
            }
        }
    };
    for code in codes {
        match options.whom.format {
            Format::Text => say(&format!("{}\n", page(code))),
            Format::Json => say(&format!("{:#}", object(code))),
        }
    }
    Ok(0)
}

/// How the result of a unit came about; the workspace is the first argument
/// if that is a folder, else the current folder.
fn unit(options: &Options, today: Date) -> Result<u8, Failure> {
    let words: Vec<OsString> = options.about.iter().map(OsString::from).collect();
    let (dir, names) = match (unquoted(&words), options.about.split_first()) {
        // A path with blanks that was not quoted.
        (Some((count, path)), _) if path.is_dir() => {
            (path, options.about.get(count..).unwrap_or_default())
        }
        (_, Some((first, rest))) if Path::new(first).is_dir() => (PathBuf::from(first), rest),
        _ => (PathBuf::from("."), options.about.as_slice()),
    };
    let name = names.join(" ");
    if !Workspace::new(&dir).policy_dir().is_dir() {
        return Err(unknown(&name, &dir));
    }
    if name.is_empty() {
        return Err(Failure::new(
            "错误：没有写要说明哪个单位。\n改法：在文件夹后面写上单位的名称或编号。",
        ));
    }
    let workers = workers()?;
    let loaded = load_decided(&dir, &workers)?;
    // A matter is looked for among those of this run.
    let of_matter = is_matter_number(&name);
    let found = match of_matter {
        true => None,
        false => Some(find(&loaded.roster, &name)?),
    };
    let (files, skipped) = gather(&loaded.workspace.returned())?;
    let closing = in_force(&loaded, &loaded.read.hash())?;
    let run = Run {
        roster_hash: String::new(),
        rulings_hash: String::new(),
        skipped,
        today,
        closing,
    };
    let (policy, roster) = (&loaded.policy, &loaded.roster);
    let assessment = assess_files(
        &files,
        policy,
        roster,
        &loaded.rulings,
        Vec::new(),
        &run,
        &Showing::of(&workers, files.len()),
    );
    not_gone(&loaded.workspace, &run, &assessment)?;
    let Some((unit, member)) = found else {
        let wanted = squeeze(&name).to_uppercase();
        let mut matters = assessment.reconciled.matters().iter();
        let Some(matter) = matters.find(|matter| matter.id == wanted) else {
            return Err(Failure::new(format!(
                "错误：这次没有编号是“{name}”的核对事项。\n改法：照“核对事项”表写编号；报表改动后，事项可能已经不在了。"
            )));
        };
        let apart = matters_apart(&Reader::new(&assessment.book)).contains(&matter.id);
        match options.whom.format {
            Format::Text => say(&explain_matter(matter, apart)),
            Format::Json => say(&format!("{:#}", matter_json(matter, apart))),
        }
        return Ok(0);
    };
    if let (Some(member), Format::Text) = (member, options.whom.format) {
        say(&person(&assessment, policy, roster, unit, member));
        return Ok(0);
    }
    let explained = explain(&assessment, policy, roster, unit);
    match options.whom.format {
        Format::Text => say(&render(&explained)),
        Format::Json => say(&format!("{:#}", json!(explained))),
    }
    Ok(0)
}

/// The unit of a name or code; for a person, the person and the unit.
fn find<'a>(roster: &'a Roster, name: &str) -> Result<(&'a Unit, Option<&'a Member>), Failure> {
    if let Some(unit) = roster.unit(name) {
        return Ok((unit, None));
    }
    let names = UnitNames { roster, unit: "" };
    // A part of the name will do, if only one unit has it.
    let holds = |unit: &&Unit| unit.name.contains(name);
    let parts: Vec<&Unit> = roster.units().filter(holds).collect();
    let near = match names.unit(name) {
        Resolved::Known(name) => match roster.unit_named(&name) {
            Some(unit) => return Ok((unit, None)),
            None => Vec::new(),
        },
        Resolved::Unknown(near) => near,
        _ => Vec::new(),
    };
    let member = roster
        .member(name)
        .or_else(|| roster.member_named(name, ""));
    if let ([unit], None) = (parts.as_slice(), member) {
        return Ok((unit, None));
    }
    if let Some((unit, member)) = member.and_then(|m| Some((roster.unit(&m.unit)?, m))) {
        return Ok((unit, Some(member)));
    }
    let namesakes: Vec<String> = roster
        .namesakes(name)
        .map(|member| {
            let unit = roster.unit(&member.unit);
            let unit = unit.map_or(member.unit.as_str(), |unit| unit.name.as_str());
            format!("{}（{unit}）", member.code)
        })
        .collect();
    if !namesakes.is_empty() {
        let count = namesakes.len();
        let all = namesakes.join("、");
        return Err(Failure::new(format!(
            "{}改法：照编号写，例如 kaohe explain 文件夹 {}",
            paragraph(&format!("错误：名册里有{count}个“{name}”：{all}。")),
            namesakes
                .first()
                .and_then(|one| one.split('（').next())
                .unwrap_or_default(),
        )));
    }
    let mut text = paragraph(&format!(
        "错误：名册里没有“{name}”这个单位或人，也没有这个代码或事项编号。"
    ));
    if !near.is_empty() {
        text.push_str(&hanging("您要找的是不是：", &near.join("、")));
    }
    text.push_str("改法：照名册写单位的名称或编号；列出全部代码用 kaohe explain");
    Err(Failure::new(text))
}

/// All about one code.
fn page(code: Code) -> String {
    let mut text = paragraph(&format!(
        "{}[{}] {}",
        code.severity().word(),
        code,
        code.title()
    ));
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
fn unknown(about: &str, dir: &Path) -> Failure {
    let typed = about;
    let mut text = paragraph(&format!("错误：没有“{about}”这个代码。"));
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
    if !typed.trim().is_ascii() {
        // A unit or a person, most likely, and this is no workspace.
        let here = match workspaces_near(dir).first() {
            Some(path) => format!("“{}”", path.display()),
            None => "工作区的文件夹".to_owned(),
        };
        let example = format!(
            "要看一个单位或一个人的结果，在名称前面写上{here}：kaohe explain 文件夹 {}",
            typed.trim()
        );
        text.push_str(&hanging("改法：", &example));
    }
    text.push_str("列出全部代码：kaohe explain");
    Failure::new(text)
}
