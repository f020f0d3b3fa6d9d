//! Ids, clauses and what refers to them.

use super::{Case, FUND_TABLES, FUNDS, METRICS, PLAN, RECONCILE, ROSTER, SCORES};

pub const CASES: &[Case] = &[
    // Ids.
    (
        &[(SCORES, "metric = \"funds\"", "metric = \"fund\"")],
        &[("PO-104", SCORES, "metric = \"fund\"")],
    ),
    (
        &[(SCORES, "kind = \"group\"", "kind = \"groups\"")],
        &[
            ("PO-104", SCORES, "kind = \"groups\""),
            (
                "PO-107",
                SCORES,
                "points = 8\nlinear = { full_at = 1 }\nclause = \"4.3\"\nbasis = \"office-default\"\nmissing_return = \"zero\"\nmissing_value = \"not_applicable\"\n\n[[score]]\nid = \"group_funds\"",
            ),
        ],
    ),
    (
        &[(METRICS, "sum = \"funds.amount\"", "sum = \"funds.amout\"")],
        &[("PO-104", METRICS, "sum = \"funds.amout\"")],
    ),
    (
        &[(METRICS, "\"study\", \"income\"", "\"study\", \"incomes\"")],
        &[("PO-104", METRICS, "\"study\", \"incomes\"")],
    ),
    (
        &[(FUNDS, "choice = \"channel\"", "choice = \"chanel\"")],
        &[("PO-104", FUNDS, "choice = \"chanel\"")],
    ),
    (
        &[(FUNDS, "complete = [\"donor\"", "complete = [\"doner\"")],
        &[("PO-104", FUNDS, "complete = [\"doner\"")],
    ),
    (
        &[(FUNDS, "credit = \"donor\"", "credit = \"village\"")],
        &[("PO-113", FUNDS, "credit = \"village\"")],
    ),
    (
        &[(PLAN, "block = \"members\"", "block = \"member\"")],
        &[("PO-104", PLAN, "block = \"member\"")],
    ),
    (
        &[(FUND_TABLES, "columns = \"channel\"", "columns = \"chanel\"")],
        &[("PO-104", FUND_TABLES, "columns = \"chanel\"")],
    ),
    (
        &[(RECONCILE, "fields = [\"donor\"", "fields = [\"giver\"")],
        &[("PO-104", RECONCILE, "fields = [\"giver\"")],
    ),
    (
        &[(
            RECONCILE,
            "field = \"declared_goods\"",
            "field = \"declared_good\"",
        )],
        &[("PO-104", RECONCILE, "field = \"declared_good\"")],
    ),
    (
        &[(
            ROSTER,
            "statistical_code = \"430923101\"",
            "stat_code = \"430923101\"",
        )],
        &[("PO-104", ROSTER, "stat_code")],
    ),
    (
        &[(ROSTER, "code = \"T103\"", "code = \"T101\"")],
        &[("PO-111", ROSTER, "code = \"T101\"\nname = \"仙溪")],
    ),
    (
        &[(SCORES, "id = \"group_surveys\"", "id = \"group_pairs\"")],
        &[(
            "PO-111",
            SCORES,
            "id = \"group_pairs\"\nkind = \"group\"\nname = \"调研",
        )],
    ),
    (
        &[(METRICS, "id = \"job\"", "id = \"income\"")],
        &[
            ("PO-111", METRICS, "id = \"income\"\nname = \"就业"),
            ("PO-104", METRICS, "total = ["),
        ],
    ),
    (
        &[(SCORES, "id = \"township_bases\"", "id = \"Township-Bases\"")],
        &[("PO-114", SCORES, "id = \"Township-Bases\"")],
    ),
    (
        &[(FUNDS, "id = \"funds\"", "id = \"fund\"")],
        &[("PO-114", FUNDS, "id = \"fund\"")],
    ),
    // Clauses.
    (
        &[(SCORES, "clause = \"7.2\"", "clause = \"7.5\"")],
        &[("PO-105", SCORES, "clause = \"7.5\"")],
    ),
    (
        &[(
            PLAN,
            "[[clause]]\nid = \"7.4\"",
            "[[clause]]\nid = \"7.3.1\"\nheading = \"新\"\ngist = \"新\"\n\n[[clause]]\nid = \"7.4\"",
        )],
        &[("PO-106", PLAN, "id = \"7.3.1\"")],
    ),
    // The ledger of who helps whom.
    (
        &[
            (RECONCILE, "helper = \"helper\"", "helper = \"measures\""),
            (
                RECONCILE,
                "household = \"household\"",
                "household = \"house\"",
            ),
        ],
        &[
            ("PO-113", RECONCILE, "helper = \"measures\""),
            ("PO-104", RECONCILE, "household = \"house\""),
        ],
    ),
    (
        &[(
            RECONCILE,
            "[pairing]",
            "[pairing]\nform = \"pairs\"\nhelper = \"helper\"\n\n[pairing]",
        )],
        &[(
            "PO-102",
            RECONCILE,
            "[pairing]\nform = \"pairs\"\nhelper = \"helper\"\nvillage",
        )],
    ),
];
