//! What the benchmark may be told on the command line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The parts, in the order of the table.
pub const PARTS: [&str; 8] = [
    "floor", "calamine", "write", "assess", "issue", "scripts", "large", "correct",
];

const USAGE: &str =
    "options: --only PART,… (floor, calamine, write, assess, issue, scripts, large, correct)
  --large             the large county as well
  --units N           units of the county (500)
  --versions N        returns of each unit (1)
  --rounds N          rounds, alternating (5)
  --script-rounds N   rounds in which the scripts run (5)
  --large-units N     units of the large county (2000)
  --large-versions N  returns of each of its units (10)
  --most-memory N     GiB; a run in the large part that takes more is ended (4)
  --seed N            other returns (7)
  --make              only make the county
  --out FOLDER        where everything is written (target/bench)
  --python FILE       the Python that has the libraries (OUT/venv/bin/python)
  --program FILE      another kaohe";

/// The options as given, or as they are by themselves.
pub struct Options {
    pub only: BTreeSet<String>,
    pub units: usize,
    pub versions: usize,
    pub rounds: usize,
    pub script_rounds: usize,
    pub large_units: usize,
    pub large_versions: usize,
    pub most_memory: usize,
    pub seed: u64,
    pub make: bool,
    pub out: PathBuf,
    pub python: PathBuf,
    pub program: PathBuf,
}

impl Options {
    /// Reads the arguments; says what there is when one is none.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut options = Options {
            only: PARTS.iter().map(|part| (*part).to_owned()).collect(),
            units: 500,
            versions: 1,
            rounds: 5,
            script_rounds: 5,
            large_units: 2_000,
            large_versions: 10,
            most_memory: 4,
            seed: 7,
            make: false,
            out: home.join("target/bench"),
            python: PathBuf::new(),
            program: PathBuf::from(env!("CARGO_BIN_EXE_kaohe")),
        };
        options.only.remove("large");
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or(format!("{argument}: a value is missing"))
            };
            match argument.as_str() {
                // What cargo adds by itself.
                "--bench" => {}
                "--only" => {
                    options.only = value()?.split(',').map(str::to_owned).collect();
                    let unknown = options.only.iter().find(|p| !PARTS.contains(&p.as_str()));
                    if let Some(part) = unknown {
                        return Err(format!("no part {part}\n{USAGE}"));
                    }
                }
                "--large" => {
                    options.only.insert("large".to_owned());
                }
                "--units" => options.units = number(&value()?)?,
                "--versions" => options.versions = number(&value()?)?,
                "--rounds" => options.rounds = number(&value()?)?,
                "--script-rounds" => options.script_rounds = number(&value()?)?,
                "--large-units" => options.large_units = number(&value()?)?,
                "--large-versions" => options.large_versions = number(&value()?)?,
                "--most-memory" => options.most_memory = number(&value()?)?,
                "--seed" => options.seed = number(&value()?)? as u64,
                "--make" => options.make = true,
                "--out" => options.out = PathBuf::from(value()?),
                "--python" => options.python = PathBuf::from(value()?),
                "--program" => options.program = PathBuf::from(value()?),
                "--help" => return Err(USAGE.to_owned()),
                _ => return Err(format!("{argument} is no option\n{USAGE}")),
            }
        }
        if options.python.as_os_str().is_empty() {
            options.python = options.out.join("venv/bin/python");
        }
        Ok(options)
    }

    /// Whether a part is to run.
    pub fn runs(&self, part: &str) -> bool {
        self.only.contains(part)
    }

    /// A script of the benchmark.
    pub fn script(&self, name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/bench/scripts")
            .join(name)
    }
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}
