//! The one place where the clock enters. Everything that is dated takes its
//! day from here, so that the same inputs and day give the same bytes.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::civil::Date;

use crate::value::parse_date;

/// China has one time zone, eight hours before UTC.
const HOURS_AHEAD: u64 = 8;

/// The day that was given is none, or the system's clock is unusable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// Not a day as year-month-day.
    #[error("日期“{0}”写法不对，应写成年-月-日，例如 2018-12-25")]
    Malformed(String),
    /// Before 1970 or beyond all days.
    #[error("电脑的日期不对，请校准后再运行，或用 --now 指定日期")]
    System,
}

/// Today: the day that was given (`--now` or `KAOHE_NOW`), else the day in
/// China by the system's clock.
///
/// # Errors
/// When what was given is not a day, or the clock is unusable.
///
/// ```
/// let day = kaohe::clock::today(Some("2018-12-25")).map(|d| d.to_string());
/// assert_eq!(day.as_deref(), Ok("2018-12-25"));
/// let day = kaohe::clock::today(Some("2018/12/25")).map(|d| d.to_string());
/// assert_eq!(day.as_deref(), Ok("2018-12-25"));
/// assert!(kaohe::clock::today(Some("12月25日")).is_err());
/// ```
pub fn today(given: Option<&str>) -> Result<Date, ClockError> {
    match given {
        Some(text) => parse_date(text).map_err(|_| ClockError::Malformed(text.to_owned())),
        None => system().ok_or(ClockError::System),
    }
}

/// How long ago something happened, by the system's clock; none if it is yet to
/// come. Only for waiting: no result depends on it.
pub(crate) fn age(since: SystemTime) -> Option<Duration> {
    SystemTime::now().duration_since(since).ok()
}

fn system() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let days = (since.as_secs() + HOURS_AHEAD * 3600) / 86_400;
    let epoch = Date::new(1970, 1, 1).ok()?;
    let span = jiff::Span::new().try_days(i64::try_from(days).ok()?).ok()?;
    epoch.checked_add(span).ok()
}

/// What the run has done so far, and how long each part took.
static LAPS: Mutex<Laps> = Mutex::new(Laps {
    since: None,
    done: Vec::new(),
});

struct Laps {
    since: Option<Instant>,
    done: Vec<(&'static str, Duration)>,
}

/// Notes that a part of the run is done, for who asks how long it took. No
/// result depends on it.
pub fn lap(part: &'static str) {
    let now = Instant::now();
    if let Ok(mut laps) = LAPS.lock()
        && let Some(since) = laps.since.replace(now)
    {
        laps.done.push((part, now - since));
    }
}

/// How long each part of the run took, in order.
pub fn laps() -> Vec<(&'static str, Duration)> {
    LAPS.lock()
        .map(|laps| laps.done.clone())
        .unwrap_or_default()
}
