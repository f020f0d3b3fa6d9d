//! All tests of the program as a whole, in one binary; README.md beside this file says
//! what each of them shows and how to run one. What a single module does is tested in
//! the module.

#![allow(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic, and measures seconds"
)]

mod common;
#[allow(dead_code, reason = "the benchmark uses the rest")]
#[path = "bench/make/dice.rs"]
mod dice;

mod archives;
mod arrangement;
mod bad_input;
mod beside;
mod cards;
mod catalogue;
mod check;
mod closing;
mod decode;
mod diff;
mod duplicates;
mod evaluators;
mod explain;
mod export;
mod faults;
mod firm;
mod formats;
mod formulas;
mod generated;
mod growth;
mod hard_days;
mod hostile;
mod inert;
mod isolation;
mod large;
mod leaders;
mod live;
mod long_texts;
mod looked;
mod messy;
mod mutation;
mod names;
mod order;
mod outside;
mod policy_pack;
mod provable;
mod return_loop;
mod roster_and_template;
mod roundtrip;
mod rulings;
mod sample;
mod seeded;
mod shape;
mod sheet_write_read;
mod status;
mod streamed;
mod too_many;
mod unknown;
mod values;
mod versions;
