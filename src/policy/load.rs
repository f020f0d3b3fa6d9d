//! The way from the texts of a pack to the policy.

use super::check::check;
use super::log::Log;
use super::parse::parse;
use super::problem::Problem;
use super::{PackSource, Policy};
use crate::diagnostic::Code;

/// Reads and checks a pack. Either everything is right, or all problems come
/// back at once, by file and line.
pub fn load(source: &PackSource) -> Result<Policy, Vec<Problem>> {
    let mut log = Log::new(source);
    let written = parse(&mut log);
    match check(&written, &mut log) {
        Some(policy) if log.is_empty() => Ok(policy),
        Some(_) => Err(log.into_problems()),
        None => {
            // Whatever keeps the policy from being built has been noted; that
            // this is so must not be left to trust.
            if log.is_empty() {
                log.add_file(Code::PackFile, "", "方案读不出，原因不明。");
            }
            Err(log.into_problems())
        }
    }
}
