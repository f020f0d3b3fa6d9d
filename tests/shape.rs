//! The shape of the source: no circle between files, and pages for readers that are true.
//! A module and what it is made of may name each other; any others that do cannot be
//! read, nor changed, one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module by its names from the root of the crate.
type Module = Vec<String>;

/// What a module names: paths as they are written, in `use` lines and beside them.
#[derive(Default)]
struct Named {
    paths: Vec<Module>,
    /// Names that it hands on, with the paths behind them.
    given_on: BTreeMap<String, Module>,
}

/// The modules of the program with what they name. Tests within them may name anything.
fn modules() -> BTreeMap<Module, Named> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).expect("below src");
            let mut module: Module = name
                .with_extension("")
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            if module
                .last()
                .is_some_and(|last| last == "mod" || last == "lib")
            {
                module.pop();
            }
            let text = fs::read_to_string(&path).expect("a file");
            let text = text.split("\n#[cfg(test)]\nmod ").next().expect("a part");
            modules.insert(module, named(text));
        }
    }
    modules.remove(&vec!["main".to_owned()]);
    modules
}

/// What a text of Rust names.
fn named(text: &str) -> Named {
    let mut named = Named::default();
    let code: String = text
        .lines()
        .map(|line| match line.split_once("//") {
            Some((code, _)) if !line.contains('"') => code,
            _ if line.trim_start().starts_with("//") => "",
            _ => line,
        })
        .flat_map(|line| [line, "\n"])
        .collect();
    for (at, _) in code.match_indices("use ") {
        let before = code[..at].trim_end_matches(|c: char| c != '\n' && c != ';' && c != '}');
        let public = code[before.len()..at].trim();
        if !(public.is_empty() || public.starts_with("pub")) {
            continue;
        }
        let tree = code[at + 4..].split(';').next().unwrap_or_default();
        for (path, name) in leaves(tree) {
            if !public.is_empty() {
                named.given_on.insert(name, path.clone());
            }
            named.paths.push(path);
        }
    }
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            let path = code[at..].split(|c| !is_name(c)).next().unwrap_or_default();
            let parts = path.split("::").filter(|part| !part.is_empty());
            named.paths.push(parts.map(str::to_owned).collect());
        }
    }
    named
}

/// The paths of a tree of names, each with the name under which it is known.
fn leaves(tree: &str) -> Vec<(Module, String)> {
    let tree = tree.trim();
    if let Some((stem, rest)) = tree.split_once('{') {
        let stem: Module = stem.split("::").map(str::trim).map(str::to_owned).collect();
        let stem: Module = stem.into_iter().filter(|part| !part.is_empty()).collect();
        let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
        let (mut depth, mut start, mut found) = (0_i32, 0, Vec::new());
        for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            if letter == ',' && depth == 0 {
                found.extend(leaves(&inner[start..at]));
                start = at + 1;
            }
        }
        let whole = found.into_iter().filter(|(path, _)| !path.is_empty());
        return whole
            .map(|(path, name)| {
                let path = path.into_iter().filter(|part| part != "self");
                (stem.iter().cloned().chain(path).collect(), name)
            })
            .collect();
    }
    let (path, name) = tree.split_once(" as ").unwrap_or((tree, ""));
    let path: Module = path
        .split("::")
        .map(|part| part.trim().to_owned())
        .collect();
    if path.iter().all(String::is_empty) {
        return Vec::new();
    }
    let name = match name.trim() {
        "" => path.last().cloned().unwrap_or_default(),
        name => name.to_owned(),
    };
    vec![(path, name)]
}

/// The module in which what a path names is defined.
fn behind(path: &[String], from: &Module, modules: &BTreeMap<Module, Named>) -> Option<Module> {
    let mut at = from.clone();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => at.clear(),
        "super" => {}
        "self" => {}
        first if modules.contains_key(&[from.clone(), vec![first.to_owned()]].concat()) => {}
        _ => return None,
    }
    while let Some((first, more)) = rest.split_first() {
        match first.as_str() {
            "crate" | "self" => {}
            "super" => {
                at.pop();
            }
            name => {
                let below = [at.clone(), vec![name.to_owned()]].concat();
                if modules.contains_key(&below) {
                    at = below;
                } else {
                    let given = modules.get(&at).and_then(|of| of.given_on.get(name));
                    return match given {
                        Some(given) => behind(given, &at, modules),
                        None => Some(at),
                    };
                }
            }
        }
        rest = more;
    }
    Some(at)
}

#[test]
fn no_files_name_each_other_in_a_circle() {
    let modules = modules();
    let mut names: BTreeMap<&Module, BTreeSet<Module>> = BTreeMap::new();
    for (module, named) in &modules {
        let others = named.paths.iter();
        let others = others.filter_map(|path| behind(path, module, &modules));
        let others =
            others.filter(|other| !other.starts_with(module) && !module.starts_with(other));
        names.insert(module, others.collect());
    }
    // Who reaches whom, and is reached by it.
    let reached = |from: &Module| {
        let mut seen = BTreeSet::new();
        let mut next = vec![from.clone()];
        while let Some(at) = next.pop() {
            for other in names.get(&at).into_iter().flatten() {
                if seen.insert(other.clone()) {
                    next.push(other.clone());
                }
            }
        }
        seen
    };
    let all: BTreeMap<&Module, BTreeSet<Module>> = modules
        .keys()
        .map(|module| (module, reached(module)))
        .collect();
    let mut circles = BTreeSet::new();
    for (module, reached) in &all {
        let circle = reached.iter().filter(|other| all[other].contains(*module));
        let circle: Vec<String> = circle.map(|other| other.join("::")).collect();
        if !circle.is_empty() {
            circles.insert(circle);
        }
    }
    let told: Vec<String> = circles.iter().map(|circle| circle.join(", ")).collect();
    assert!(
        circles.is_empty(),
        "these name each other:\n{}",
        told.join("\n")
    );
}

/// The files and folders that a text names between backticks.
fn places(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|name| {
        let mut starts = ["src/", "tests/", "templates/", "samples/"].iter();
        starts.any(|start| name.starts_with(start))
            && !name.contains([' ', '*', '…'])
            && !name.contains("汇总")
    })
}

#[test]
fn what_the_pages_for_readers_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut named = 0;
    for page in [
        "README.md",
        "src/lib.rs",
        "tests/README.md",
        "templates/使用说明.md",
    ] {
        let text = fs::read_to_string(root.join(page)).expect("a page");
        for place in places(&text) {
            assert!(root.join(place).exists(), "{page} names {place}");
            named += 1;
        }
    }
    assert!(named > 60, "{named}");
}

#[test]
fn the_types_between_the_stages_stand_where_the_page_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("src/lib.rs")).expect("a page");
    let mut rows = 0;
    for row in page.lines().filter(|line| line.starts_with("//! | [`")) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [_, _, _, made, place] = cells[..] else {
            panic!("{row}");
        };
        let place = places(place).next().expect("a file");
        let file = fs::read_to_string(root.join(place)).expect("it is there");
        let types = made
            .split("[`")
            .skip(1)
            .filter_map(|name| name.split("`]").next());
        for name in types.filter_map(|name| name.rsplit("::").next()) {
            let declared = ["struct", "enum", "type"].map(|kind| format!("pub {kind} {name}"));
            // A submission stands beside the file in which it came.
            let is_there = declared.iter().any(|text| file.contains(text)) || name == "Submission";
            assert!(is_there, "{place} has no {name}");
        }
        rows += 1;
    }
    assert!(rows > 10, "{rows}");
}

#[test]
fn no_test_is_forgotten() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let read = |name: &str| fs::read_to_string(tests.join(name)).expect("a page");
    let (all, page) = (read("all.rs"), read("README.md"));
    for entry in fs::read_dir(&tests).expect("tests").flatten() {
        let path = entry.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        if path.extension().is_some_and(|end| end == "rs") && name != "all" {
            assert!(all.contains(&format!("mod {name};")), "{name} is never run");
            assert!(page.contains(&format!("`{name}`")), "{name} is not told of");
        }
    }
}
