//! 转账支票, the transfer cheque of C02: its date stands in capitals, and it is paid within ten days.

use super::{Form, Place, Sheet, place};
use crate::documents::canvas::{Align, BLACK, Cell, Ink};
use crate::documents::contents::Contents;
use crate::documents::seal;
use crate::words::BANK_ZH;

const PLACES: &[Place] = &[
    place("cheque_no", 1190, 60, 390, 60),
    place("date", 290, 146, 640, 56),
    place("payee_name", 200, 226, 700, 58),
    place("payer_account", 1140, 222, 444, 64),
    place("amount_words", 330, 318, 700, 86),
    place("amount", 1076, 314, 506, 94),
    place("purpose", 200, 436, 500, 62),
    place("payment_code", 1060, 436, 520, 62),
];

pub const FORM: Form = Form {
    business_type: "C02",
    width: 1654,
    height: 760,
    paper: [240, 246, 240],
    places: PLACES,
    draw,
    value: Contents::cheque_value,
};

const WAVE: Ink = [150, 196, 168];

fn draw(sheet: &mut Sheet, contents: &Contents) {
    security_print(sheet);
    form(sheet);
    let [year, month, day] = contents.capital_date_parts();
    for (text, x, w) in [(year, 290, 250), (month, 580, 130), (day, 750, 140)] {
        sheet.write(&text, Cell::new(x, 146, w, 56), Align::Center);
    }
    if let Some(cell) = sheet.form.place("cheque_no") {
        sheet.numbered(&contents.cheque_no(), cell, 46.0, BLACK);
    }
    sheet.fill_in("payee_name", &contents.payee.name, Align::Left);
    sheet.fill_in("payer_account", &contents.payer.account, Align::Left);
    sheet.write(&contents.payer.bank, Cell::new(1140, 150, 444, 62), Align::Left);
    sheet.fill_in("amount_words", &contents.words(), Align::Left);
    sheet.figures("amount", 36, &contents.figures());
    sheet.fill_in("purpose", &contents.purpose, Align::Left);
    sheet.fill_in("payment_code", &contents.payment_code, Align::Left);
    if sheet.signed {
        seal::round(sheet.canvas, &contents.payer.name, "财务专用章", (560, 624), 102.0, sheet.random);
        seal::square(sheet.canvas, &contents.signer, (800, 630), 92.0, sheet.random);
    }
}

/// Fine waves over the whole sheet, which copiers lose.
fn security_print(sheet: &mut Sheet) {
    let phase = sheet.random.spread(0.0, 6.0);
    for x in 0..sheet.form.width {
        let swing = (x as f32 / 46.0 + phase).sin() * 9.0 + (x as f32 / 17.0).cos() * 3.0;
        let mut y = 12.0 + swing;
        while y < sheet.form.height as f32 {
            sheet.canvas.mark(x as i32, y as i32, WAVE, 0.45);
            y += 22.0;
        }
    }
}

fn form(sheet: &mut Sheet) {
    let press = sheet.press;
    sheet.emblem(470, 84, 30);
    sheet.label(BANK_ZH, Cell::new(516, 52, 240, 64), 52.0, Align::Left);
    sheet.label("转账支票", Cell::new(790, 46, 300, 74), 64.0, Align::Left);
    sheet.label("出票日期（大写）", Cell::new(70, 150, 214, 62), 28.0, Align::Left);
    for (text, x) in [("年", 542), ("月", 712), ("日", 892)] {
        sheet.label(text, Cell::new(x, 150, 36, 62), 30.0, Align::Center);
    }
    sheet.label("付款行名称", Cell::new(970, 150, 166, 62), 28.0, Align::Left);
    sheet.label("收款人", Cell::new(70, 222, 120, 64), 30.0, Align::Left);
    sheet.label("出票人账号", Cell::new(970, 222, 166, 64), 28.0, Align::Left);
    sheet.canvas.line_across(200, 284, 700, 1, press);
    sheet.canvas.frame(Cell::new(66, 310, 1520, 102), 3, press);
    sheet.canvas.line_down(1072, 310, 102, 2, press);
    sheet.label("人民币", Cell::new(76, 314, 240, 48), 32.0, Align::Left);
    sheet.label("（大写）", Cell::new(76, 360, 240, 46), 30.0, Align::Left);
    sheet.label("用途", Cell::new(70, 436, 120, 62), 30.0, Align::Left);
    sheet.canvas.line_across(200, 496, 500, 1, press);
    sheet.label("密码", Cell::new(960, 436, 96, 62), 30.0, Align::Left);
    sheet.canvas.line_across(1060, 496, 520, 1, press);
    sheet.label("上列款项请从", Cell::new(70, 520, 240, 44), 28.0, Align::Left);
    sheet.label("我账户内支付", Cell::new(70, 564, 240, 44), 28.0, Align::Left);
    sheet.label("出票人签章", Cell::new(70, 640, 240, 50), 28.0, Align::Left);
    for (text, x) in [("复核", 1100), ("记账", 1340)] {
        sheet.label(text, Cell::new(x, 650, 120, 46), 28.0, Align::Left);
    }
    sheet.label_down("付款期限自出票之日起十天", Cell::new(24, 140, 32, 460), 24.0);
}
