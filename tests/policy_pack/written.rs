//! Syntax and types of the files; what hangs on a spoilt value is not
//! complained of.

use super::{Case, FUNDS, GOALS, METRICS, PLAN};

pub const CASES: &[Case] = &[
    // What the types of the file demand.
    (
        &[(PLAN, "round = 1", "rounds = 1")],
        &[("PO-103", PLAN, "rounds = 1")],
    ),
    (
        &[(FUNDS, "more_than = 0", "more_then = 0")],
        &[("PO-103", FUNDS, "more_then = 0")],
    ),
    (
        &[(FUNDS, "required = true", "required = \"true\"")],
        &[("PO-103", FUNDS, "required = \"true\"")],
    ),
    (
        &[(FUNDS, "kind = \"money\"", "kind = \"mony\"")],
        &[("PO-103", FUNDS, "kind = \"mony\"")],
    ),
    (
        &[(GOALS, "clause = \"2.1\"", "clause = 2.1")],
        &[("PO-103", GOALS, "clause = 2.1")],
    ),
    (
        &[(
            METRICS,
            "[[metric]]\nid = \"surveys\"",
            "[metric]\nid = \"surveys\"",
        )],
        &[
            ("PO-102", METRICS, "[metric]\nid = \"surveys\""),
            (
                "PO-102",
                METRICS,
                "[[metric]]\nid = \"enterprise_investment\"",
            ),
        ],
    ),
    // Syntax; what hangs on the spoilt value is not complained of.
    (
        &[(METRICS, "count = \"homecoming\"", "count = \"homecoming")],
        &[("PO-102", METRICS, "count = \"homecoming\n")],
    ),
    (
        &[(PLAN, "name = \"帮扶方式\"", "name = “帮扶方式”")],
        &[("PO-102", PLAN, "name = “帮扶方式”")],
    ),
    (
        &[(PLAN, "round = 1", "round = 1\nround = 2")],
        &[("PO-102", PLAN, "round = 2")],
    ),
];
