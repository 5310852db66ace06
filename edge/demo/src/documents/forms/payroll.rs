//! 代发工资汇总表, the payroll summary of P01: three departments, their sum in figures and in words.

use super::{Form, Place, Sheet, place};
use crate::documents::canvas::{Align, Cell, SEAL_RED};
use crate::documents::contents::{Contents, Figures};
use crate::documents::seal;
use crate::words::BANK_ZH;

const PLACES: &[Place] = &[
    place("date", 1150, 136, 420, 58),
    place("payer_name", 290, 218, 640, 62),
    place("payer_account", 1130, 214, 450, 72),
    place("period", 290, 294, 640, 66),
    place("head_count", 830, 700, 240, 58),
    place("subtotal_1", 1116, 458, 464, 56),
    place("subtotal_2", 1116, 538, 464, 56),
    place("subtotal_3", 1116, 618, 464, 56),
    place("amount", 1116, 700, 464, 58),
    place("amount_words", 420, 788, 900, 76),
];

pub const FORM: Form = Form {
    business_type: "P01",
    width: 1654,
    height: 1165,
    paper: [250, 250, 248],
    places: PLACES,
    draw,
    value: Contents::payroll_value,
};

const LEFT: u32 = 70;
const WIDTH: u32 = 1514;

fn draw(sheet: &mut Sheet, contents: &Contents) {
    form(sheet, contents);
    let [year, month, day] = contents.date_parts();
    for (text, x, w) in [(year, 1150, 140), (month, 1326, 80), (day, 1444, 80)] {
        sheet.write(&text, Cell::new(x, 136, w, 58), Align::Center);
    }
    sheet.fill_in("payer_name", &contents.payer.name, Align::Left);
    sheet.fill_in("payer_account", &contents.payer.account, Align::Left);
    sheet.fill_in("period", &contents.period(), Align::Left);
    for (row, line) in contents.wages.iter().enumerate() {
        let y = 452 + 80 * row as u32;
        sheet.label(&(row + 1).to_string(), Cell::new(78, y, 132, 70), 32.0, Align::Center);
        sheet.write(line.department, Cell::new(230, y, 560, 70), Align::Center);
        sheet.write(&line.people.to_string(), Cell::new(830, y, 250, 70), Align::Center);
        let field = ["subtotal_1", "subtotal_2", "subtotal_3"][row.min(2)];
        sheet.fill_in(field, &Figures::of(line.amount).with_thousands(), Align::Right);
    }
    sheet.fill_in("head_count", &contents.head_count().to_string(), Align::Center);
    sheet.fill_in("amount", &contents.figures().with_thousands(), Align::Right);
    sheet.fill_in("amount_words", &contents.words(), Align::Left);
    if sheet.signed {
        seal::round(sheet.canvas, &contents.payer.name, "财务专用章", (520, 985), 108.0, sheet.random);
        seal::square(sheet.canvas, &contents.signer, (760, 1000), 92.0, sheet.random);
    }
}

fn form(sheet: &mut Sheet, contents: &Contents) {
    let press = sheet.press;
    sheet.emblem(450, 86, 30);
    sheet.label(BANK_ZH, Cell::new(496, 54, 240, 64), 50.0, Align::Left);
    sheet.label("代发工资汇总表", Cell::new(760, 48, 480, 74), 60.0, Align::Left);
    sheet.numbered(&format!("No.{}", contents.serial), Cell::new(76, 140, 330, 54), 36.0, SEAL_RED);
    for (text, x) in [("年", 1290), ("月", 1406), ("日", 1524)] {
        sheet.label(text, Cell::new(x, 136, 36, 58), 30.0, Align::Center);
    }
    sheet.canvas.frame(Cell::new(LEFT, 206, WIDTH, 670), 3, press);
    for y in [290, 366, 444, 526, 606, 686, 772] {
        sheet.canvas.line_across(LEFT, y, WIDTH, if matches!(y, 366 | 772) { 3 } else { 1 }, press);
    }
    for (x, y, length) in [
        (280, 206, 160),
        (940, 206, 84),
        (1120, 206, 84),
        (216, 366, 320),
        (816, 366, 406),
        (1090, 366, 406),
        (410, 772, 104),
    ] {
        sheet.canvas.line_down(x, y, length, 2, press);
    }
    sheet.label("单位名称", Cell::new(78, 214, 196, 72), 32.0, Align::Center);
    sheet.label("付款账号", Cell::new(946, 214, 168, 72), 32.0, Align::Center);
    sheet.label("工资所属期", Cell::new(78, 294, 196, 66), 32.0, Align::Center);
    for (text, x, w) in [("序号", 78, 132), ("部门", 224, 580), ("人数", 824, 260), ("金额（元）", 1098, 480)]
    {
        sheet.label(text, Cell::new(x, 372, w, 66), 32.0, Align::Center);
    }
    sheet.label("合计", Cell::new(78, 694, 730, 70), 36.0, Align::Center);
    sheet.label("合计金额（大写）人民币", Cell::new(76, 782, 330, 84), 30.0, Align::Center);
    sheet.label(
        "请按所附清单将上列款项从我单位账户内支付，转入职工个人账户。",
        Cell::new(78, 884, 900, 44),
        27.0,
        Align::Left,
    );
    sheet.label("单位签章", Cell::new(78, 1040, 200, 50), 30.0, Align::Left);
    for (text, x) in [("经办", 960), ("复核", 1180), ("记账", 1400)] {
        sheet.label(text, Cell::new(x, 1090, 120, 46), 28.0, Align::Left);
    }
}
