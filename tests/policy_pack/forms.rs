//! What the program relies on in the forms, and their texts.

use super::{COVER, Case, FUNDS, GOALS};

pub const CASES: &[Case] = &[
    // What the program relies on.
    (
        &[(COVER, "id = \"filled_on\"", "id = \"filled_at\"")],
        &[("PO-103", COVER, "id = \"cover\"")],
    ),
    (
        &[(COVER, "shape = \"card\"", "shape = \"table\"")],
        &[
            ("PO-103", "forms/", ""),
            ("PO-113", COVER, "prefill = \"unit\""),
        ],
    ),
    (
        &[(
            "forms/roster_units.toml",
            "roster = \"units\"",
            "roster = \"villages\"",
        )],
        &[
            ("PO-103", "forms/", ""),
            ("PO-103", "forms/roster_units.toml", "id = \"roster_units\""),
            ("PO-103", "forms/roster_units.toml", "id = \"roster_units\""),
            ("PO-103", "forms/roster_units.toml", "id = \"roster_units\""),
            (
                "PO-111",
                "forms/roster_villages.toml",
                "id = \"roster_villages\"",
            ),
        ],
    ),
    // Which days bind to the period.
    (
        &[(
            FUNDS,
            "in_period = true",
            "in_period = true\nany_year = true",
        )],
        &[("PO-113", FUNDS, "in_period = true")],
    ),
    (
        &[(
            FUNDS,
            "id = \"voucher\"",
            "id = \"voucher\"\nin_period = false",
        )],
        &[("PO-113", FUNDS, "in_period = false")],
    ),
    (
        &[("forms/goals.toml", "kind = \"village\"", "kind = \"text\"")],
        &[
            ("PO-113", "forms/goals.toml", "prefill = \"villages\""),
            ("PO-113", GOALS, "value = \"goals.road_rate\""),
        ],
    ),
    // Texts.
    (
        &[(FUNDS, "sheet = \"资金物资\"", "sheet = \"资金/物资\"")],
        &[("PO-114", FUNDS, "sheet = \"资金/物资\"")],
    ),
    (
        &[(
            "forms/received.toml",
            "sheet = \"受援情况\"",
            "sheet = \"资金物资\"",
        )],
        &[("PO-111", "forms/received.toml", "sheet = \"资金物资\"")],
    ),
    (
        &[(FUNDS, "header = \"日期\"", "header = \"用 途\"")],
        &[("PO-111", FUNDS, "header = \"用 途\"")],
    ),
];
