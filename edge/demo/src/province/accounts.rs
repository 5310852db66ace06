//! Accounts of companies and people at the invented bank, and the bank's internal accounts that postings need.

use crate::random::Random;
use crate::words::{BRANDS, COMPANY_ENDINGS, DISTRICTS, GIVEN_FIRST, GIVEN_SECOND, SURNAMES, TIER2_BRANCHES, TRADES};
use kernel::checksum::luhn;
use kernel::{Currency, Money};
use std::collections::BTreeSet;

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    Company,
    Person,
}

/// As the core names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    Active,
    Frozen,
}

/// A customer's account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Account {
    /// 19 digits that satisfy Luhn; the leading 627799 is nobody's.
    pub number: String,
    pub name: String,
    pub kind: AccountKind,
    pub status: AccountStatus,
    #[serde(serialize_with = "super::shown::money")]
    pub balance: Money,
    /// City and district of the sub-branch that keeps it.
    pub branch_zh: String,
    /// Whose personal seal a company's vouchers bear; the holder's own for a person.
    pub signer: String,
}

/// An account of the bank itself, which the postings of a business type name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct InternalAccount {
    pub number: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub currency: &'static str,
}

/// The internal accounts that the shipped definitions post to.
pub const INTERNAL_ACCOUNTS: [InternalAccount; 4] = [
    InternalAccount {
        number: "6200001562621001",
        name_zh: "票据交换清算",
        name_en: "Cheque clearing",
        currency: "CNY",
    },
    InternalAccount {
        number: "6200001562621002",
        name_zh: "代发工资待划转",
        name_en: "Payroll in transit",
        currency: "CNY",
    },
    InternalAccount {
        number: "6200004586602001",
        name_zh: "费用报销支出",
        name_en: "Reimbursed expenses",
        currency: "MYR",
    },
    InternalAccount {
        number: "6200004582241001",
        name_zh: "应付职工报销款",
        name_en: "Reimbursements payable",
        currency: "MYR",
    },
];

/// Every account of the province.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Accounts {
    pub companies: Vec<Account>,
    pub people: Vec<Account>,
    pub internal: &'static [InternalAccount],
}

impl Accounts {
    /// A company that pays or is paid, at random.
    pub fn company(&self, random: &mut Random) -> &Account {
        random.pick(&self.companies)
    }

    /// Whom `payer` pays: nobody sends money from an account to itself.
    pub fn company_other_than(&self, payer: &Account, random: &mut Random) -> &Account {
        loop {
            let payee = self.company(random);
            if payee.number != payer.number {
                return payee;
            }
        }
    }

    pub fn person(&self, random: &mut Random) -> &Account {
        random.pick(&self.people)
    }
}

const COMPANIES: usize = 300;
const PEOPLE: usize = 500;

pub(super) fn generate(seed: u64) -> Accounts {
    let mut random = Random::stream(seed, "accounts");
    let mut names = BTreeSet::new();
    let mut companies = Vec::with_capacity(COMPANIES);
    while companies.len() < COMPANIES {
        let name = company_name(&mut random);
        // Two companies of one name would make every name check a coin toss.
        if names.insert(name.clone()) {
            companies.push(company(name, companies.len(), &mut random));
        }
    }
    let people = (0..PEOPLE).map(|order| person(order, &mut random)).collect();
    Accounts { companies, people, internal: &INTERNAL_ACCOUNTS }
}

/// A person's name; common surnames come up more often.
pub(super) fn person_name(random: &mut Random) -> String {
    let surname = SURNAMES[random.index(SURNAMES.len()).min(random.index(SURNAMES.len()))];
    let second = random.pick(&GIVEN_SECOND);
    if random.chance(1, 4) {
        format!("{surname}{second}")
    } else {
        format!("{surname}{}{second}", random.pick(&GIVEN_FIRST))
    }
}

fn company_name(random: &mut Random) -> String {
    let city = random.pick(&TIER2_BRANCHES).city.zh;
    // Most small companies end in the first form.
    let ending = COMPANY_ENDINGS[random.index(COMPANY_ENDINGS.len()).min(random.index(COMPANY_ENDINGS.len()))];
    format!("{city}{}{}{ending}", random.pick(&BRANDS), random.pick(&TRADES))
}

fn branch(random: &mut Random) -> String {
    format!("{}{}", random.pick(&TIER2_BRANCHES).city.zh, random.pick(&DISTRICTS).zh)
}

fn company(name: String, order: usize, random: &mut Random) -> Account {
    // A few are nearly empty and two are frozen, so that the core has something to refuse.
    let yuan = if order % 60 == 59 { random.between(100, 900) } else { random.between(20_000_000, 900_000_000) };
    let status = if order % 150 == 149 { AccountStatus::Frozen } else { AccountStatus::Active };
    Account {
        number: account_number('1', order, random),
        name,
        kind: AccountKind::Company,
        status,
        balance: Money::from_minor(yuan * 100 + random.between(0, 99), Currency::CNY),
        branch_zh: branch(random),
        signer: person_name(random),
    }
}

fn person(order: usize, random: &mut Random) -> Account {
    let name = person_name(random);
    Account {
        number: account_number('8', order, random),
        signer: name.clone(),
        name,
        kind: AccountKind::Person,
        status: AccountStatus::Active,
        balance: Money::from_minor(random.between(1_000, 80_000_000), Currency::CNY),
        branch_zh: branch(random),
    }
}

/// The order inside the number makes it unique.
fn account_number(kind: char, order: usize, random: &mut Random) -> String {
    let payload = format!("627799{kind}{}{order:04}", random.digits(7));
    let check = luhn::check_digit(&payload).expect("the payload is eighteen digits");
    format!("{payload}{check}")
}
