//! The bank that is measured: the demonstration province with more keyers, and vouchers of eight fields that all of them may key.

use crate::processes::Installation;
use crate::{Options, Outcome};
use demo::client::Client;
use demo::documents::{Condition, Order, make};
use demo::province::{Appointment, PASSWORD, Person, Province, SignIn};
use demo::seed::{self, Settings};
use kernel::calendar::TimeZone;
use kernel::{Clock as _, SystemClock};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use storage::sql;
use tokio::process::Command;

/// Employee numbers of the keyers that are added.
const FIRST_NO: u32 = 210_001;
/// Fields of the measured type, each keyed twice.
const FIELDS: u64 = 8;
const TYPE: &str = "KB1";

/// Loads the province with `keyers` people of the bank who key and have a password.
pub async fn load(installation: &Installation, options: &Options) -> Outcome<Province> {
    let today = TimeZone::SHANGHAI.date_at(SystemClock.now())?;
    let mut province = Province::generate(options.seed, today)?;
    let keyer = province.signing_in("keyer", false).into_iter().find(|person| person.vendor.is_none());
    let keyer = keyer.ok_or("the province has no keyer")?.clone();
    let appointed =
        province.appointments.iter().find(|it| it.employee_no == keyer.employee_no).ok_or("no appointment")?;
    let appointed = appointed.clone();
    for number in (FIRST_NO..).take(options.keyers) {
        let employee_no = number.to_string();
        province.people.push(Person { employee_no: employee_no.clone(), sign_in: SignIn::Simulated, ..keyer.clone() });
        province.appointments.push(Appointment { employee_no, ..appointed.clone() });
    }
    seed::run(&Settings::read(&installation.config())?, &installation.core_url, &province).await?;
    Ok(province)
}

/// The employee numbers of those who are measured.
pub fn keyers(options: &Options) -> impl Iterator<Item = String> {
    (FIRST_NO..).take(options.keyers).map(|number| number.to_string())
}

fn definition() -> String {
    let mut text = format!(
        "code = \"{TYPE}\"\nversion = 1\nname_zh = \"测速凭证\"\nname_en = \"Benchmark voucher\"\npriority_class = 3\ntime_limit_minutes = 30\n\
         currency = \"CNY\"\neffective_from = \"2026-01-01\"\n[[pages]]\nkind = \"voucher_front\"\nname_zh = \"凭证\"\nname_en = \"Voucher\"\n\
         required = true\nmax = 1\n"
    );
    for field in 0..FIELDS {
        let (code, kind) = match field {
            0 => ("amount".to_owned(), "amount"),
            1 => ("payee_account".to_owned(), "account"),
            _ => (format!("text_{field}"), "text"),
        };
        let (x, y) = (500 + field % 2 * 4_500, 1_000 + field / 2 * 1_500);
        text += &format!(
            "[[fields]]\ncode = \"{code}\"\nname_zh = \"{code}\"\nname_en = \"{code}\"\nkind = \"{kind}\"\npage = \"voucher_front\"\n\
             rect = [{x}, {y}, 4000, 800]\nkey_mode = \"double\"\nsensitivity = \"C1\"\noutsourced = false\nrequired = true\nmax_length = 30\n"
        );
    }
    text + "[authorize]\namount_field = \"amount\"\n[posting]\ndebit = { account = \"6200001562621002\" }\n\
            credit = { field = \"payee_account\" }\namount_field = \"amount\"\nsummary = \"-\"\n"
}

/// Captures vouchers through the public interface until `entries` wait, and lets the server cut them all.
pub async fn fill(installation: &Installation, province: &Province, options: &Options, entries: u64) -> Outcome<()> {
    let file = installation.config().with_file_name("benchmark.toml");
    std::fs::write(&file, definition())?;
    let mut load = Command::new(installation.binary("shuniu"));
    load.args(["definitions", "load", "--config"]).arg(installation.config()).arg(&file).env("RUST_LOG", "warn");
    if !load.status().await?.success() {
        return Err("the measured business type was refused".into());
    }
    let teller = province.signing_in("teller", false).first().ok_or("the province has no teller")?.employee_no.clone();
    let client = Client::new(&installation.url())?;
    client.sign_in(&teller, PASSWORD).await?;
    let items = entries.div_ceil(FIELDS * 2);
    for number in 0..items {
        let page = voucher(province, options.seed.wrapping_add(number))?;
        let item: Value = client.send(Method::POST, "/processing/items", &json!({ "business_type": TYPE })).await?;
        let id = item["item_id"].as_str().ok_or("an item has an id")?;
        let place = format!("/processing/items/{id}/pages?kind=voucher_front&keep_warnings=true");
        client.upload(&place, page, "image/jpeg", "scan.jpg").await?;
        client.act(&format!("/processing/items/{id}/submit"), &json!({})).await?;
    }
    all_cut(installation, items * FIELDS * 2).await
}

/// One drawn payment order, always lying straight: the gate is not what is measured.
fn voucher(province: &Province, seed: u64) -> Outcome<Vec<u8>> {
    let today = TimeZone::SHANGHAI.date_at(SystemClock.now())?;
    let order = Order { business_type: "R01", seed, today, condition: Condition::Rescanned };
    Ok(make(&order, &province.accounts).ok_or("no form")?.to_jpeg()?)
}

async fn all_cut(installation: &Installation, wanted: u64) -> Outcome<()> {
    let rows = installation.rows().await?;
    for _ in 0..3_000 {
        let waiting = sql("SELECT COUNT(*) AS n FROM work_items WHERE state = 'ready' AND queue = 'keying'");
        let waiting = rows.reader().await?.one(waiting).await?.int("n")?;
        if u64::try_from(waiting)? >= wanted {
            rows.close().await;
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the server does not cut the vouchers".into())
}
