//! Long work shows itself on a terminal: how much is done, how fast, how long it
//! will take. Where there is no terminal nothing is shown.

use std::io::IsTerminal;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::intake::{Decoded, Decoder, Opener};
use crate::policy::Policy;
use crate::roster::Roster;
use crate::sheet::{FoundWorkbook, OpenError};

/// How the work stands.
const COUNTED: &str = "{msg} {pos}/{len}，每秒 {per_sec}，还要 {eta}";
/// The same, where nobody knows how much there is.
const UNCOUNTED: &str = "{msg} 已用 {elapsed}";
/// How often the line is drawn anew.
const EVERY: Duration = Duration::from_millis(120);

/// Work that is done sooner than this needs no line.
const SOON: Duration = Duration::from_millis(800);

/// A line on the terminal that says how far the work is.
#[derive(Debug, Clone)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Work on so many things.
    pub fn of(what: &'static str, count: usize) -> Self {
        let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(COUNTED);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style.with_key(
            "per_sec",
            |state: &indicatif::ProgressState, to: &mut dyn std::fmt::Write| {
                let _ = write!(to, "{:.0}", state.per_sec());
            },
        ));
        bar.set_message(what);
        Progress(bar)
    }

    /// One more is done.
    pub fn one(&self) {
        self.show();
        // Some files are read twice.
        if self.0.length().is_none_or(|all| self.0.position() < all) {
            self.0.inc(1);
        }
    }

    /// Shows the line where there is a terminal, once the work takes a while.
    fn show(&self) {
        if self.0.is_hidden() && self.0.elapsed() >= SOON && std::io::stderr().is_terminal() {
            self.0.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// What is done now cannot be counted.
    pub fn now(&self, what: &'static str) {
        self.show();
        if let Ok(style) = ProgressStyle::with_template(UNCOUNTED) {
            self.0.set_style(style);
        }
        self.0.set_message(what);
        self.0.enable_steady_tick(EVERY);
    }

    /// Takes the line away.
    pub fn done(&self) {
        self.0.finish_and_clear();
    }
}

/// An opener whose work is shown.
pub struct Showing<'a> {
    opener: &'a dyn Opener,
    /// What counts the files.
    pub progress: Progress,
}

impl<'a> Showing<'a> {
    /// Shows how far an opener is with so many files.
    pub fn of(opener: &'a dyn Opener, files: usize) -> Self {
        let progress = Progress::of("读取报表", files);
        Showing { opener, progress }
    }
}

impl Drop for Showing<'_> {
    fn drop(&mut self) {
        self.progress.done();
    }
}

impl Opener for Showing<'_> {
    fn open(&self, bytes: &Arc<[u8]>) -> Result<FoundWorkbook, OpenError> {
        self.opener.open(bytes)
    }

    fn open_only(&self, bytes: &Arc<[u8]>, names: &[String]) -> Result<FoundWorkbook, OpenError> {
        self.opener.open_only(bytes, names)
    }

    fn decoder<'a>(&'a self, policy: &'a Policy, roster: &'a Roster) -> Box<dyn Decoder + 'a> {
        Box::new(ShowingBy {
            decoder: self.opener.decoder(policy, roster),
            progress: &self.progress,
        })
    }

    fn width(&self) -> usize {
        self.opener.width()
    }

    fn rest(&self) {
        self.opener.rest();
    }
}

struct ShowingBy<'a> {
    decoder: Box<dyn Decoder + 'a>,
    progress: &'a Progress,
}

impl Decoder for ShowingBy<'_> {
    fn decode(&self, name: &str, sha256: &str, bytes: &Arc<[u8]>) -> Decoded {
        let decoded = self.decoder.decode(name, sha256, bytes);
        self.progress.one();
        decoded
    }
}

impl Drop for ShowingBy<'_> {
    fn drop(&mut self) {
        self.progress.now("核对、考核");
    }
}

/// What is said when somebody ends the program: outputs are written as a whole
/// or not at all. What was being written stays behind under a temporary name, which a
/// later run clears away.
pub fn say_when_ended() {
    // Where the system gives no such notice, the program just ends.
    let _ = ctrlc::set_handler(|| {
        if std::io::stderr().is_terminal() {
            // What stands on the line of the progress ends there.
            eprintln!();
        }
        super::complain("已中断。没有写完的文件保持原样，写完的是完整的；再运行一次即可。");
        std::process::exit(130);
    });
}
