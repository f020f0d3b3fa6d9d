//! On what was measured: figures say little without it.

use std::fs::read_to_string;

/// The machine, the day, and how busy it is.
pub fn machine() -> String {
    let of = |file: &str, key: &str| -> Option<String> {
        let text = read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(key))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = of("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let memory = of("/proc/meminfo", "MemTotal").unwrap_or_default();
    let memory: f64 = memory.trim_end_matches(" kB").parse().unwrap_or(0.0);
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load
        .split_whitespace()
        .next()
        .unwrap_or("unknown")
        .to_owned();
    let now = jiff::Timestamp::now().to_string();
    let day = now.split('T').next().unwrap_or_default();
    format!(
        "Measured on {day}: {cores} cores ({model}), {:.0} GiB of memory, {}; load at the end {load}.",
        memory / f64::from(1 << 20),
        std::env::consts::OS
    )
}
