//! A file as it comes: through the guard, the reader and the intake with the
//! built-in pack and its first roster, so that a stamped seed is decoded. The
//! library's own panics are expected and end in the reader; any other, an abort,
//! a hang or too much memory is a find.

#![no_main]

use std::sync::{LazyLock, Once};

use kaohe::intake::{Here, Intake, ReturnedFile};
use kaohe::policy::{PackSource, Policy, load};
use kaohe::roster::{Roster, read_roster, roster_workbook};
use kaohe::sheet::write;
use libfuzzer_sys::fuzz_target;

static POLICY: LazyLock<Policy> =
    LazyLock::new(|| load(&PackSource::builtin()).expect("the built-in pack"));
static ROSTER: LazyLock<Roster> = LazyLock::new(|| {
    let day = kaohe::clock::today(Some("2018-12-31")).expect("a day");
    let bytes = write(&roster_workbook(&POLICY, day)).expect("a roster");
    let roster = read_roster(kaohe::sheet::open(&bytes), &POLICY, "名册.xlsx").expect("the roster is read");
    roster.value
});
static HOOK: Once = Once::new();

fuzz_target!(|bytes: &[u8]| {
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map_or("", |place| place.file());
            if !place.contains("calamine-") {
                eprintln!("{info}");
                std::process::abort();
            }
        }));
    });
    let files = [ReturnedFile::new("a.xlsx", bytes)];
    Intake::new(&files, &POLICY, &ROSTER, &Here).read();
});
