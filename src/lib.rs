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
//! Only [`cli`] prints, only [`sheet`] knows the libraries for workbooks, and
//! only [`clock`] asks what day it is. Files are opened by [`files`], workbooks from
//! outside by processes of their own ([`isolate`]).

#![cfg_attr(not(test), warn(clippy::disallowed_methods))]

pub mod assess;
pub mod book;
pub mod cli;
pub mod clock;
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
