//! kaohe (考核) carries a county office's yearly assessment from the blank
//! Excel template to the workbook its leadership decides from.
//!
//! ```text
//! policy (pack as data) ─┐
//! roster (名册.xlsx) ────┴► template ─► 下发/ ─► units fill in ─► 回收/
//!                                                                  │
//!   report ◄─ assess ◄─ reconcile ◄─ ledger ◄─ intake ◄────────────┘
//!     │                   ▲  └► correction: what is wrong goes to 退回/
//!     ├► 汇总/            │
//!     └► what is open ─► ruling (裁定.xlsx): the office decides
//!
//! explain: from a result back to the returned cells
//! compare: what moved between two runs, and why
//! export: the ledger and the results for other programs
//! ```
//!
//! A form is defined once, in the pack. [`form`] turns that definition into
//! cells, and cells into values; [`template`] and [`roster`] write and read
//! through it. Each stage gives a value and its findings
//! ([`diagnostic::Checked`]); `Result` is for what stops the program.
//!
//! # What passes between the stages
//!
//! | made by | from | is | and stands in |
//! |---|---|---|---|
//! | [`policy::load`] | [`policy::PackSource`] | [`policy::Policy`] | `src/policy/mod.rs` |
//! | [`roster::read_roster`] | a workbook | [`roster::Roster`] | `src/roster/mod.rs` |
//! | [`form::Layout`] | a form | where each cell is, in both directions | `src/form/layout.rs` |
//! | [`template::unit_workbook`] | policy, roster, unit | [`sheet::Workbook`], to be filled in | `src/sheet/model.rs` |
//! | [`sheet::open`] | bytes | [`sheet::FoundWorkbook`] | `src/sheet/found.rs` |
//! | [`form::read_form`] | a sheet | [`form::FormReading`]: each row decoded | `src/form/page.rs` |
//! | [`intake::Intake`] | files | [`intake::Returned`], with its [`intake::Submission`] | `src/intake/held.rs` |
//! | [`ledger::ledger`] | returned files | [`ledger::Ledger`]: entries, each with source and unit | `src/ledger/mod.rs` |
//! | [`ruling::read_rulings`] | 裁定.xlsx | [`ruling::Rulings`] | `src/ruling/mod.rs` |
//! | [`reconcile::reconcile`] | ledger, rulings | [`reconcile::Reconciled`]: what counts, and the matters | `src/reconcile/reconciled.rs` |
//! | [`assess::assess`] | what counts | [`book::Book`]: tables of facts and expressions | `src/book/mod.rs` |
//! | [`report::workbook`] | the book | the consolidated workbook, every figure a formula | `src/report/mod.rs` |
//! | [`result::json`] | the same | [`result::Document`], for programs and for the record | `src/result/document.rs` |
//!
//! [`flow`] leads from the files to the book, [`cli`] from a command to what is written.
//!
//! # Where a change goes
//!
//! | wanted | touch |
//! |---|---|
//! | a field of a form, a metric, a threshold, a kind of unit | a file of the pack, `templates/anhua-2018/` |
//! | a way of scoring | `src/policy/rule.rs` (`Method`), and where the compiler then asks: how it is written (`src/policy/written.rs`), checked (`src/policy/check/scores.rs`), counted (`src/assess/scores.rs`), shown (`src/assess/params.rs`), explained (`src/explain/text.rs`) |
//! | a finding | its row in `src/diagnostic/catalogue/mod.rs` and its words beside it; raised where it is seen |
//! | the words of a message | where it is raised, by the name of its code; titles, mends and helps in `src/diagnostic/catalogue/` |
//! | a sheet of the consolidated workbook | a file in `src/report/sheets/` and its line in `src/report/sheets/mod.rs`; a new table in `src/assess/` |
//! | a column of such a sheet | the table in `src/assess/` by that name: sheets draw what tables hold |
//! | a command | a file in `src/cli/`, its variant in `src/cli/args.rs`, its arm in `src/cli/mod.rs` |
//! | a check between returns | a file in `src/reconcile/` and its line in `CHECKS` (`src/reconcile/mod.rs`); what it is about in `src/reconcile/topic.rs` if the office rules it; its settings in `src/policy/reconciliation.rs` and `src/policy/check/reconcile.rs` |
//! | a format of files | a file in `src/sheet/read/`, its arms in `src/sheet/container.rs`, `src/sheet/kind.rs` and `src/sheet/read/mod.rs` |
//!
//! Only [`cli`] prints, only [`sheet`] knows the libraries for workbooks, and
//! only [`clock`] asks what day it is. Files are opened by [`files`], workbooks from
//! outside by processes of their own ([`isolate`]).

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod assess;
pub mod book;
pub mod cli;
pub mod clock;
pub mod closing;
pub mod compare;
pub mod correction;
pub mod diagnostic;
pub mod explain;
pub mod export;
pub mod files;
pub mod fingerprint;
pub mod flow;
pub mod form;
pub mod intake;
pub mod isolate;
pub mod ledger;
pub mod manual;
pub mod policy;
pub mod reconcile;
pub mod report;
pub mod result;
pub mod roster;
pub mod ruling;
pub mod several;
pub mod sheet;
pub mod template;
pub mod value;
pub mod workspace;
