//! 结算业务申请书, the payment order of R01: laid out as the settlement applications of Chinese banks are.

use super::{Form, Place, Sheet, place};
use crate::documents::canvas::{Align, Cell, SEAL_RED};
use crate::documents::contents::Contents;
use crate::documents::seal;
use crate::words::BANK_ZH;

const PLACES: &[Place] = &[
    place("date", 640, 136, 400, 54),
    place("payer_name", 322, 262, 500, 72),
    place("payer_account", 322, 338, 500, 72),
    place("payee_name", 1082, 262, 500, 72),
    place("payee_account", 1082, 338, 500, 72),
    place("amount_words", 370, 496, 660, 84),
    place("amount", 1083, 492, 495, 90),
    place("purpose", 240, 592, 580, 66),
];

pub const FORM: Form = Form {
    business_type: "R01",
    width: 1654,
    height: 940,
    paper: [248, 248, 244],
    places: PLACES,
    draw,
    value: Contents::payment_order_value,
};

const LEFT: u32 = 70;
const RIGHT: u32 = 1584;
const MIDDLE: u32 = 828;

fn draw(sheet: &mut Sheet, contents: &Contents) {
    head(sheet, contents);
    grid(sheet);
    labels(sheet);
    let [year, month, day] = contents.date_parts();
    for (text, x, w) in [(year, 640, 120), (month, 800, 80), (day, 922, 80)] {
        sheet.write(&text, Cell::new(x, 136, w, 54), Align::Center);
    }
    sheet.fill_in("payer_name", &contents.payer.name, Align::Left);
    sheet.fill_in("payer_account", &contents.payer.account, Align::Left);
    sheet.fill_in("payee_name", &contents.payee.name, Align::Left);
    sheet.fill_in("payee_account", &contents.payee.account, Align::Left);
    sheet.write(&contents.payer.bank, Cell::new(322, 414, 500, 66), Align::Left);
    sheet.write(&contents.payee.bank, Cell::new(1082, 414, 500, 66), Align::Left);
    sheet.fill_in("amount_words", &contents.words(), Align::Left);
    sheet.figures("amount", 34, &contents.figures());
    sheet.fill_in("purpose", &contents.purpose, Align::Left);
    seals(sheet, contents);
}

fn head(sheet: &mut Sheet, contents: &Contents) {
    sheet.emblem(440, 82, 30);
    sheet.label(BANK_ZH, Cell::new(486, 52, 230, 60), 50.0, Align::Left);
    sheet.label("结算业务申请书", Cell::new(740, 46, 470, 70), 60.0, Align::Left);
    sheet.label("申请日期", Cell::new(490, 136, 140, 54), 30.0, Align::Left);
    for (text, x) in [("年", 760), ("月", 882), ("日", 1004)] {
        sheet.label(text, Cell::new(x, 136, 36, 54), 30.0, Align::Center);
    }
    sheet.numbered(&format!("No.{}", contents.serial), Cell::new(1270, 130, 310, 60), 44.0, SEAL_RED);
    sheet.label_down("第一联银行记账联", Cell::new(1596, 300, 34, 330), 26.0);
}

fn grid(sheet: &mut Sheet) {
    let press = sheet.press;
    sheet.canvas.frame(Cell::new(LEFT, 196, RIGHT - LEFT, 666), 3, press);
    for y in [258, 488, 586, 664] {
        sheet.canvas.line_across(LEFT, y, RIGHT - LEFT, 2, press);
    }
    for y in [335, 411] {
        sheet.canvas.line_across(130, y, MIDDLE - 130, 1, press);
        sheet.canvas.line_across(890, y, RIGHT - 890, 1, press);
    }
    for (x, y, length) in [
        (130, 258, 230),
        (316, 258, 230),
        (MIDDLE, 258, 230),
        (890, 258, 230),
        (1076, 258, 230),
        (1080, 488, 98),
        (230, 586, 78),
        (MIDDLE, 586, 276),
    ] {
        sheet.canvas.line_down(x, y, length, 2, press);
    }
}

fn labels(sheet: &mut Sheet) {
    sheet.label("业务类型", Cell::new(80, 200, 150, 56), 30.0, Align::Center);
    for (text, x, ticked) in
        [("转账", 260, true), ("汇兑", 400, false), ("汇票", 540, false), ("本票", 680, false), ("其他", 820, false)]
    {
        sheet.choice(text, Cell::new(x, 203, 120, 50), ticked);
    }
    sheet.label_down("付款人", Cell::new(74, 266, 52, 214), 32.0);
    sheet.label_down("收款人", Cell::new(834, 266, 52, 214), 32.0);
    for (text, y) in [("全称", 262), ("账号", 338), ("开户行名称", 412)] {
        sheet.label(text, Cell::new(134, y, 180, 70), 30.0, Align::Center);
        sheet.label(text, Cell::new(894, y, 180, 70), 30.0, Align::Center);
    }
    sheet.label("金额（大写）人民币", Cell::new(78, 492, 286, 92), 31.0, Align::Left);
    sheet.label("用途", Cell::new(78, 590, 150, 70), 30.0, Align::Center);
    sheet.label("附加信息", Cell::new(836, 590, 180, 70), 28.0, Align::Left);
    sheet.label("上列款项及相关费用请从我账户内支付。", Cell::new(84, 672, 560, 44), 26.0, Align::Left);
    sheet.label("申请人签章", Cell::new(84, 800, 200, 50), 28.0, Align::Left);
    sheet.label("银行打印", Cell::new(836, 672, 180, 44), 26.0, Align::Left);
    for (text, x) in [("会计主管", 90), ("授权", 560), ("复核", 940), ("记账", 1300)] {
        sheet.label(text, Cell::new(x, 872, 180, 46), 28.0, Align::Left);
    }
}

fn seals(sheet: &mut Sheet, contents: &Contents) {
    if !sheet.signed {
        return;
    }
    seal::round(sheet.canvas, &contents.payer.name, "财务专用章", (470, 775), 100.0, sheet.random);
    seal::square(sheet.canvas, &contents.signer, (690, 785), 92.0, sheet.random);
}
