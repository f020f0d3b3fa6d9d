//! How rules score, and for whom.

use super::{Case, DECISIONS, FUND_TABLES, GOALS, METRICS, SCORES};

pub const CASES: &[Case] = &[
    // Points.
    (
        &[(SCORES, "points = 8", "points = 9")],
        &[("PO-107", SCORES, "points = 9")],
    ),
    (
        &[(SCORES, "points = 5", "points = 4.5")],
        &[("PO-107", SCORES, "points = 8")],
    ),
    // Bands.
    (
        &[(
            SCORES,
            "{ from = 2, points = 3 }",
            "{ from = 1, points = 3 }",
        )],
        &[(
            "PO-108",
            SCORES,
            "bands = [{ from = 1, points = 2 }, { from = 1",
        )],
    ),
    (
        &[(
            SCORES,
            "{ from = 1, points = 4 }",
            "{ from = 0, points = 7 }",
        )],
        &[
            ("PO-108", SCORES, "bands = [{ from = 0"),
            ("PO-108", SCORES, "bands = [{ from = 0"),
        ],
    ),
    (
        &[(
            SCORES,
            "{ from = 3, points = 8 }",
            "{ from = 3, points = 7 }",
        )],
        &[("PO-108", SCORES, "{ from = 3, points = 7 }")],
    ),
    // Methods.
    (
        &[(SCORES, "full_at = 2 }", "full_at = 0 }")],
        &[("PO-112", SCORES, "full_at = 0 }")],
    ),
    (
        &[(
            SCORES,
            "linear = { full_at = 2 }",
            "linear = { full_at = 2 }\nat_least = 1",
        )],
        &[("PO-103", SCORES, "[[score]]")],
    ),
    (
        &[(SCORES, "full_at = 1 }", "full_at = 1.5 }")],
        &[("PO-112", SCORES, "full_at = 1.5 }")],
    ),
    // Rules that do not say what is to happen without a return.
    (
        &[(
            DECISIONS,
            "missing_return = \"pending\"\n\n[[veto]]\nid = \"group",
            "\n[[veto]]\nid = \"group",
        )],
        &[("PO-103", DECISIONS, "[[veto]]\nid = \"township")],
    ),
    (
        &[(
            SCORES,
            "missing_value = \"zero\"",
            "missing_value = \"maybe\"",
        )],
        &[("PO-103", SCORES, "missing_value = \"maybe\"")],
    ),
    // Rules and forms.
    (
        &[(
            SCORES,
            "metric = \"surveys\"\npoints = 2",
            "metric = \"bases\"\npoints = 2",
        )],
        &[("PO-113", SCORES, "metric = \"bases\"\npoints = 2")],
    ),
    (
        &[(
            DECISIONS,
            "metric = \"three_ones_items\"",
            "metric = \"surveys\"",
        )],
        &[("PO-113", DECISIONS, "metric = \"surveys\"")],
    ),
    (
        &[(
            DECISIONS,
            "kinds = [\"chamber\"]\nmetric = \"funds\"",
            "kinds = [\"chamber\"]\nmetric = \"bases\"",
        )],
        &[("PO-109", DECISIONS, "metric = \"bases\"\nat_least = 200000")],
    ),
    (
        &[(
            DECISIONS,
            "kinds = [\"branch\"]\nmetric = \"funds\"",
            "kinds = [\"township\"]\nmetric = \"pairs_share\"",
        )],
        &[
            ("PO-109", DECISIONS, "at_least = 200000"),
            ("PO-116", DECISIONS, "metric = \"pairs_share\""),
        ],
    ),
    (
        &[(DECISIONS, "at_least = 50000", "at_least = -50000")],
        &[("PO-109", DECISIONS, "at_least = -50000")],
    ),
    (
        &[(
            GOALS,
            "classes = [\"县级领导联系\"",
            "classes = [\"县领导联系\"",
        )],
        &[("PO-104", GOALS, "classes")],
    ),
    (
        &[(
            GOALS,
            "value = \"goals.road_rate\"\nat_least = 1",
            "value = \"goals.road_rate\"\nat_least = 100",
        )],
        &[("PO-112", GOALS, "at_least = 100")],
    ),
    (
        &[(FUND_TABLES, "rows = \"way\"", "rows = \"purpose\"")],
        &[("PO-113", FUND_TABLES, "rows = \"purpose\"")],
    ),
    // Units of measure.
    (
        &[(
            METRICS,
            "measure = \"元\"\nclause = \"6.3\"",
            "measure = \"万元\"\nclause = \"6.3\"",
        )],
        &[("PO-115", METRICS, "measure = \"万元\"")],
    ),
    (
        &[(
            METRICS,
            "measure = \"元\"\nclause = \"6.3\"",
            "measure = \"个\"\nclause = \"6.3\"",
        )],
        &[("PO-115", METRICS, "measure = \"个\"\nclause = \"6.3\"")],
    ),
    (
        &[(
            METRICS,
            "measure = \"次\"\nclause = \"4.6\"",
            "measure = \"占比\"\nclause = \"4.6\"",
        )],
        &[("PO-115", METRICS, "measure = \"占比\"\nclause = \"4.6\"")],
    ),
    (
        &[(
            METRICS,
            "ratio = [\"members_with_pairs\", \"members\"]",
            "ratio = [\"funds\", \"members\"]",
        )],
        &[("PO-115", METRICS, "measure = \"占比\"\nclause = \"7.2\"")],
    ),
    // Thresholds of shares, and what it means that they cannot be worked out.
    (
        &[(SCORES, "full_at = 2 }", "full_at = \"80%\" }")],
        &[("PO-116", SCORES, "full_at = \"80%\" }")],
    ),
    (
        &[(SCORES, "full_at = 1 }", "full_at = 0.33333 }")],
        &[("PO-116", SCORES, "full_at = 0.33333 }")],
    ),
    (
        &[(
            DECISIONS,
            "metric = \"bases\"\nless_than = 1",
            "metric = \"three_ones_share\"\nless_than = 80",
        )],
        &[
            ("PO-116", DECISIONS, "less_than = 80"),
            ("PO-116", DECISIONS, "metric = \"three_ones_share\""),
        ],
    ),
    (
        &[(
            DECISIONS,
            "metric = \"bases\"\nless_than = 1",
            "metric = \"three_ones_share\"\nmissing_value = \"zero\"\nless_than = \"80%\"",
        )],
        &[("PO-116", DECISIONS, "missing_value = \"zero\"")],
    ),
    // Rulings know a veto by its name.
    (
        &[(
            DECISIONS,
            "kind = \"group\"\nmetric = \"outreach\"",
            "kind = \"township\"\nmetric = \"outreach\"",
        )],
        &[],
    ),
    (
        &[
            (DECISIONS, "kind = \"group\"", "kind = \"township\""),
            (
                DECISIONS,
                "name = \"没有开展扶贫下乡活动\"",
                "name = \"没有创建产业扶贫基地\"",
            ),
        ],
        &[(
            "PO-111",
            DECISIONS,
            "name = \"没有创建产业扶贫基地\"\nsubject = \"unit\"\nkind = \"township\"\nmetric = \"outreach\"",
        )],
    ),
    (
        &[(
            DECISIONS,
            "name = \"没有开展扶贫下乡活动\"",
            "name = \"没有开展?活动\"",
        )],
        &[("PO-112", DECISIONS, "name = \"没有开展?活动\"")],
    ),
    // Nobody is known to have given what is credited to who reports it.
    (
        &[(
            DECISIONS,
            "sum = \"funds.amount\"",
            "sum = \"homecoming.invested\"",
        )],
        &[("PO-113", DECISIONS, "sum = \"homecoming.invested\"")],
    ),
];
