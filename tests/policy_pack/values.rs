//! Values, conditions and metrics.

use super::{Case, FUNDS, METRICS, PLAN, RECONCILE};

pub const CASES: &[Case] = &[
    // Values.
    (
        &[(
            PLAN,
            "period_to = \"2018-12-31\"",
            "period_to = \"2018-12-32\"",
        )],
        &[("PO-112", PLAN, "period_to")],
    ),
    (
        &[(
            PLAN,
            "period_from = \"2018-01-01\"",
            "period_from = \"2017-01-01\"",
        )],
        &[("PO-112", PLAN, "period_from")],
    ),
    (
        &[(PLAN, "round = 1", "round = 0")],
        &[("PO-112", PLAN, "round = 0")],
    ),
    (
        &[(PLAN, "score_decimals = 2", "score_decimals = 5")],
        &[("PO-112", PLAN, "score_decimals = 5")],
    ),
    (
        &[(PLAN, "front_money = \"万元\"", "front_money = \"亿元\"")],
        &[("PO-103", PLAN, "\"亿元\"")],
    ),
    // What formulas compare with is no number and no day.
    (
        &[(PLAN, "\"交通条件落后\"", "\"3-9\"")],
        &[("PO-112", PLAN, "\"3-9\"")],
    ),
    (
        &[(PLAN, "\"交通条件落后\"", "\"DEC18\"")],
        &[("PO-112", PLAN, "\"DEC18\"")],
    ),
    // Conditions.
    (
        &[(
            METRICS,
            "{ field = \"has_plan\", is = \"是\" }",
            "{ field = \"has_plan\", is = \"有\" }",
        )],
        &[("PO-112", METRICS, "is = \"有\"")],
    ),
    (
        &[(
            METRICS,
            "{ field = \"has_plan\", is = \"是\" }",
            "{ field = \"has_plan\", at_least = 1 }",
        )],
        &[("PO-113", METRICS, "{ field = \"has_plan\", at_least")],
    ),
    (
        &[(
            METRICS,
            "{ field = \"has_plan\", is = \"是\" }",
            "{ field = \"base\", is = \"茶*\" }",
        )],
        &[("PO-112", METRICS, "is = \"茶*\"")],
    ),
    (
        &[(RECONCILE, "is = \"物资\"", "is = \"实物\"")],
        &[("PO-112", RECONCILE, "is = \"实物\"")],
    ),
    (
        &[(FUNDS, "is = \"物资\"", "is = \"货\"")],
        &[("PO-112", FUNDS, "is = \"货\"")],
    ),
    // Metrics.
    (
        &[(METRICS, "sum = \"funds.amount\"", "sum = \"funds.donor\"")],
        &[("PO-113", METRICS, "sum = \"funds.donor\"")],
    ),
    (
        &[(
            METRICS,
            "total = [\"study\"",
            "total = [\"three_ones_share\"",
        )],
        &[("PO-113", METRICS, "total = [\"three_ones_share\"")],
    ),
    (
        &[(
            METRICS,
            "total = [\"study\"",
            "total = [\"three_ones_items\"",
        )],
        &[("PO-113", METRICS, "total = [\"three_ones_items\"")],
    ),
    (
        &[(
            METRICS,
            "members = { metric = \"complete_pairs\"",
            "members = { metric = \"surveys\"",
        )],
        &[("PO-113", METRICS, "members = { metric = \"surveys\"")],
    ),
    (
        &[(
            METRICS,
            "ratio = [\"members_in_three_ones\"",
            "ratio = [\"pairs_share\"",
        )],
        &[("PO-113", METRICS, "ratio = [\"pairs_share\"")],
    ),
    (
        &[(
            METRICS,
            "count = \"surveys\"",
            "count = \"surveys\"\nsum = \"funds.amount\"",
        )],
        &[("PO-103", METRICS, "[[metric]]\nid = \"surveys\"")],
    ),
    (
        &[(METRICS, "count = \"surveys\"", "count = \"roster_units\"")],
        &[("PO-113", METRICS, "count = \"roster_units\"")],
    ),
];
