//! A unit's return: the issued workbook, filled in as the unit would, in one
//! of its versions. A later version has more rows, or says something else.

use kaohe::form::Layout;
use kaohe::policy::{CPPCC_MEMBER, Form, Policy};
use kaohe::roster::{Member, Roster, Unit};
use kaohe::sheet::{Content, Look, Scalar, Sheet, Workbook, write};
use kaohe::template::unit_workbook;
use rust_decimal::Decimal;

use super::dice::Dice;
use super::gifts::{Fault, Gift, Gifts};
use super::rows::{Desk, Typed, filled_on, text};
use super::rows_known::{given, goals, received, three_ones};
use crate::TODAY;

/// From what the returns are made.
pub struct Maker<'a> {
    pub policy: &'a Policy,
    pub roster: &'a Roster,
    pub villages: Vec<&'a str>,
    pub gifts: Gifts,
    pub seed: u64,
    /// How many versions each unit sends.
    pub versions: usize,
}

/// What stands in a return, to compare what was read with.
#[derive(Default, Clone, Copy)]
pub struct Truth {
    /// Rows of all tables.
    pub rows: usize,
    /// Rows of 资金物资.
    pub funds: usize,
    /// Sum of its amounts that are numbers, in 分.
    pub fen: i64,
}

impl Maker<'_> {
    /// The bytes of a version, from 1.
    pub fn file(&self, at: usize, unit: &Unit, version: usize) -> (Vec<u8>, Truth) {
        let mut book = unit_workbook(self.policy, self.roster, unit, TODAY);
        let mut truth = Truth::default();
        let mut sums = [Decimal::ZERO; 2];
        for form in self.policy.forms_of(&unit.kind) {
            let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
            let Some(sheet) = sheet.filter(|_| form.id != "cover") else {
                continue;
            };
            let mut rows = self.rows(at, unit, form, version);
            // A version that is not the last lacks what was added after it.
            let late = self.versions.saturating_sub(version);
            if matches!(form.id.as_str(), "funds" | "pairs") {
                rows.truncate(rows.len().saturating_sub(late));
            }
            truth.rows += rows.len();
            put(sheet, form, &rows);
            if form.id == "funds" {
                (truth.funds, truth.fen, sums) = totals(&rows);
            }
        }
        self.sign(&mut book, version, sums);
        let bytes = write(&book).expect("a return is written");
        (bytes, truth)
    }

    fn rows(&self, at: usize, unit: &Unit, form: &Form, version: usize) -> Vec<Typed> {
        let members = self.roster.members().filter(|m| m.unit == unit.code);
        let members: Vec<&Member> = members.collect();
        let persons: Vec<&str> = members.iter().map(|m| m.name.as_str()).collect();
        let dice = Dice::new(self.seed, (at as u64) << 8 | u64::from(form.order));
        let mut desk = Desk {
            policy: self.policy,
            at,
            persons: &persons,
            villages: &self.villages,
            dice,
        };
        let gifts = |of: &std::collections::BTreeMap<String, Vec<Gift>>| {
            of.get(&unit.code).cloned().unwrap_or_default()
        };
        match form.id.as_str() {
            "funds" => {
                let mut gifts = gifts(&self.gifts.given);
                if version > self.versions {
                    gifts.extend(gifts.first().cloned().map(|gift| Gift {
                        number: gifts.len(),
                        amount: Decimal::from(1_234),
                        village: None,
                        fault: None,
                        ..gift
                    }));
                }
                gifts
                    .iter()
                    .map(|gift| given(gift, &mut desk.dice))
                    .collect()
            }
            "received" => {
                let gifts = gifts(&self.gifts.received);
                let row = |(number, gift)| received(gift, number);
                gifts.iter().enumerate().map(row).collect()
            }
            "three_ones" => {
                let own = members.iter().filter(|m| m.category == CPPCC_MEMBER);
                (0..own.count())
                    .map(|_| three_ones(&mut desk.dice))
                    .collect()
            }
            "goals" => {
                let own = self.roster.villages().filter(|v| v.reporter == unit.code);
                own.map(|_| goals(form, &mut desk.dice)).collect()
            }
            id => {
                let mut rows = desk.rows(id, &unit.kind);
                let at = version % rows.len().max(1);
                if let Some((_, said)) = rows.get_mut(at).and_then(|row| row.last_mut())
                    && version > 1
                    && let Content::Text(said) = said
                {
                    said.push_str(&format!("，第{version}次核实"));
                }
                rows
            }
        }
    }

    /// The cover: who, when, and the totals that the detail comes to.
    fn sign(&self, book: &mut Workbook, version: usize, sums: [Decimal; 2]) {
        let Some(form) = self.policy.cover() else {
            return;
        };
        let row = vec![
            ("filled_by", text("填报人甲")),
            ("checked_by", text("审核人乙")),
            ("phone", text("0737-7222222")),
            ("filled_on", Content::Date(filled_on(version))),
            ("declared_money", Content::Number(sums[0])),
            ("declared_goods", Content::Number(sums[1])),
        ];
        let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
        put(sheet.expect("a cover"), form, &[row]);
    }
}

/// Types rows into a sheet, with the looks and totals that it has.
fn put(sheet: &mut Sheet, form: &Form, rows: &[Typed]) {
    let layout = Layout::new(form, 1);
    for (entry, row) in (0..).zip(rows) {
        for (id, content) in row {
            let cell = layout.cell(&form.fields[*id], entry);
            let style = sheet.cells.get(&cell).map(|(_, style)| *style);
            sheet.put(cell, content.clone(), style.unwrap_or(Look::Plain.into()));
        }
    }
    for field in form.fields.values().filter(|field| field.total) {
        let cells = rows.iter().flatten().filter(|(id, _)| *id == field.id);
        let sum: Decimal = cells.filter_map(|(_, content)| amount(content)).sum();
        if let Some((Content::Formula { result, .. }, _)) =
            sheet.cells.get_mut(&layout.total(field))
        {
            *result = Scalar::Number(sum);
        }
    }
}

fn amount(content: &Content) -> Option<Decimal> {
    match content {
        Content::Number(number) => Some(*number),
        _ => None,
    }
}

/// Rows of 资金物资; its numbers in 分; money and goods as the unit adds them up.
fn totals(rows: &[Typed]) -> (usize, i64, [Decimal; 2]) {
    let mut fen = Decimal::ZERO;
    let mut sums = [Decimal::ZERO; 2];
    for row in rows {
        let of = |id: &str| row.iter().find(|(field, _)| *field == id).map(|(_, c)| c);
        let number = of("amount").and_then(amount);
        fen += number.unwrap_or_default() * Decimal::from(100);
        let goods = of("fund_form") == Some(&text("物资"));
        sums[usize::from(goods)] += number.unwrap_or(Fault::AMOUNT);
    }
    (rows.len(), i64::try_from(fen).expect("a sum in 分"), sums)
}
