//! A file as it comes: through the guard, the reader and the intake with the
//! built-in pack. The library's own panics are expected and end in the reader;
//! any other, an abort, a hang or too much memory is a find.

#![no_main]

use std::sync::{LazyLock, Once};

use kaohe::intake::{Here, ReturnedFile, intake};
use kaohe::policy::{PackSource, Policy, load};
use kaohe::roster::Roster;
use libfuzzer_sys::fuzz_target;

static POLICY: LazyLock<Policy> =
    LazyLock::new(|| load(&PackSource::builtin()).expect("the built-in pack"));
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
    let file = ReturnedFile::new("a.xlsx", bytes);
    intake(&[file], &POLICY, &Roster::default(), &Here);
});
