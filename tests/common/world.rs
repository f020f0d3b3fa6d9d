//! The built-in pack and roster, and returns made from the workbooks that the
//! program issues.

use jiff::civil::{Date, date};
use kaohe::assess::Run;
use kaohe::diagnostic::Checked;
use kaohe::flow::{Assessment, Scope, assess_files, read_files};
use kaohe::form::Layout;
use kaohe::intake::{Here, ReturnedFile, State, Submission};
use kaohe::policy::{PackSource, Policy, load};
use kaohe::reconcile::Reconciled;
use kaohe::report::workbook;
use kaohe::roster::{Roster, read_roster, roster_workbook};
use kaohe::ruling::Rulings;
use kaohe::sheet::{Content, Look, Workbook, write};
use kaohe::template::unit_workbook;

/// The day on which everything happens.
pub const TODAY: Date = date(2018, 12, 31);

/// Pack and roster.
pub struct World {
    pub policy: Policy,
    pub roster: Roster,
}

/// The built-in pack with its first roster.
pub fn world() -> World {
    let policy = load(&PackSource::builtin()).expect("the built-in pack loads");
    let bytes = write(&roster_workbook(&policy, TODAY)).expect("roster is written");
    let roster =
        read_roster(kaohe::sheet::open(&bytes), &policy, "名册.xlsx").expect("roster is read");
    World {
        policy,
        roster: roster.value,
    }
}

impl World {
    /// A unit's workbook with its cover signed.
    pub fn issued(&self, unit: &str) -> Workbook {
        let unit = self.roster.unit(unit).expect("unit");
        let mut book = unit_workbook(&self.policy, &self.roster, unit, TODAY);
        self.put(&mut book, "cover", "filled_by", 0, text("填报人"));
        self.put(&mut book, "cover", "checked_by", 0, text("审核人"));
        self.put(&mut book, "cover", "phone", 0, text("0737-7222222"));
        let day = Content::Date(date(2018, 12, 20));
        self.put(&mut book, "cover", "filled_on", 0, day);
        self.put(&mut book, "cover", "declared_money", 0, number(0));
        self.put(&mut book, "cover", "declared_goods", 0, number(0));
        book
    }

    /// Puts content into a field of an entry of a form.
    pub fn put(&self, book: &mut Workbook, form: &str, field: &str, entry: u32, content: Content) {
        let form = &self.policy.forms[form];
        let cell = Layout::new(form, 1).cell(&form.fields[field], entry);
        let sheet = book.sheets.iter_mut().find(|s| s.name == form.sheet);
        sheet.expect("sheet").put(cell, content, Look::Plain.into());
    }

    /// A gift in a row of 资金物资.
    pub fn gift(&self, book: &mut Workbook, entry: u32, donor: &str, amount: Content) {
        let is_known = self.roster.member_named(donor, "").is_some();
        let kind = if is_known { "政协委员" } else { "其他" };
        let texts = [
            ("donor", donor),
            ("donor_kind", kind),
            ("channel", "社会募资"),
            ("fund_form", "资金"),
            ("way", "资金扶持"),
            ("purpose", "修路"),
        ];
        for (field, value) in texts {
            self.put(book, "funds", field, entry, text(value));
        }
        self.put(book, "funds", "amount", entry, amount);
        let day = Content::Date(date(2018, 6, 8));
        self.put(book, "funds", "date", entry, day);
    }

    /// A unit's workbook with one gift, to 三星村.
    pub fn given(&self, unit: &str, donor: &str, amount: i64) -> Workbook {
        let mut book = self.issued(unit);
        self.gift(&mut book, 0, donor, number(amount));
        self.put(&mut book, "funds", "village", 0, text("三星村"));
        book
    }

    /// Reads returns by themselves.
    pub fn read(&self, files: &[ReturnedFile]) -> Checked<Reconciled> {
        let (policy, roster) = (&self.policy, &self.roster);
        read_files(
            files,
            policy,
            roster,
            &Rulings::default(),
            Scope::Files,
            &Here,
        )
    }

    pub fn assess(&self, returns: &[(&str, &Workbook)]) -> Assessment {
        let files: Vec<ReturnedFile> = returns
            .iter()
            .map(|(name, book)| file(name, write(book).expect("return is written")))
            .collect();
        self.assess_bytes(&files)
    }

    /// Assesses, and makes sure that the workbook can be written whatever came in.
    pub fn assess_bytes(&self, files: &[ReturnedFile]) -> Assessment {
        self.assess_ruled(files, &Rulings::default())
    }

    /// The same, with what the office has decided.
    pub fn assess_ruled(&self, files: &[ReturnedFile], rulings: &Rulings) -> Assessment {
        let run = Run {
            roster_hash: String::new(),
            rulings_hash: String::new(),
            skipped: 0,
            today: TODAY,
            closing: None,
        };
        let assessment = assess_files(
            files,
            &self.policy,
            &self.roster,
            rulings,
            Vec::new(),
            &run,
            &Here,
        );
        let book = workbook(&self.policy, &assessment.book, TODAY).expect("report is made");
        write(&book).expect("report is written");
        drop(book);
        assessment
    }
}

/// What the first of some returns holds.
pub fn first_return(read: &Checked<Reconciled>) -> &Submission {
    match &read.value.ledger().files[0].state {
        State::Read(submission) => submission,
        _ => panic!("{:?}", read.findings),
    }
}

/// Short for a test.
pub fn file(name: &str, bytes: Vec<u8>) -> ReturnedFile {
    ReturnedFile::new(name, bytes)
}

/// Short for a test.
pub fn text(text: &str) -> Content {
    Content::Text(text.to_owned())
}

/// Short for a test.
pub fn number(number: i64) -> Content {
    Content::Number(number.into())
}
