//! Draws a receipt: one A5 page across, with the font's glyphs embedded as a subset.
#![expect(clippy::float_arithmetic, reason = "geometry of a page in points; amounts arrive here as text")]

use http::Lang;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};

use crate::error::AccountsRefused;

/// A5 across, in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 419.53;
const MARGIN: f32 = 42.0;
const MIDDLE: f32 = 306.0;

const INK: (u8, u8, u8) = (0x1d, 0x23, 0x2b);
const QUIET: (u8, u8, u8) = (0x6b, 0x74, 0x80);
const BRAND: (u8, u8, u8) = (0x0f, 0x4c, 0x5c);
const PALE: (u8, u8, u8) = (0xf1, 0xf5, 0xf6);
const LINE: (u8, u8, u8) = (0xd8, 0xde, 0xe3);

/// A party of the transfer as the receipt names it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Party {
    pub(crate) name: String,
    pub(crate) account: String,
    pub(crate) bank: String,
}

/// What stands on a receipt, all in words.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) bank_name: String,
    pub(crate) payer: Party,
    pub(crate) payee: Party,
    /// `¥1,230.00` or `USD 12.00`.
    pub(crate) amount: String,
    /// In Chinese capitals.
    pub(crate) capitals: String,
    pub(crate) kind: String,
    pub(crate) memo: String,
    pub(crate) booked_on: String,
    /// China time.
    pub(crate) at: String,
    pub(crate) transfer: String,
    pub(crate) code: String,
}

/// The labels of a receipt.
struct Words {
    title: &'static str,
    /// Width of the title at its size, points: the font is not asked for it.
    title_width: f32,
    payer: &'static str,
    payee: &'static str,
    name: &'static str,
    account: &'static str,
    bank: &'static str,
    amount: &'static str,
    capitals: &'static str,
    kind: &'static str,
    memo: &'static str,
    booked_on: &'static str,
    at: &'static str,
    transfer: &'static str,
    code: &'static str,
    note: [&'static str; 2],
}

const CHINESE: Words = Words {
    title: "电子回单",
    title_width: 52.0,
    payer: "付款方",
    payee: "收款方",
    name: "户名",
    account: "账号",
    bank: "开户行",
    amount: "金额",
    capitals: "大写金额",
    kind: "业务类型",
    memo: "附言",
    booked_on: "记账日期",
    at: "交易时间",
    transfer: "交易流水号",
    code: "验证码",
    note: [
        "本回单由系统生成，无需盖章；可重复打印，请勿重复记账。",
        "凭验证码可在本行网站“回单验证”页面核对真伪。",
    ],
};

const ENGLISH: Words = Words {
    title: "Electronic receipt",
    title_width: 106.0,
    payer: "Payer",
    payee: "Payee",
    name: "Name",
    account: "Account",
    bank: "Bank",
    amount: "Amount",
    capitals: "In words",
    kind: "Type",
    memo: "Memo",
    booked_on: "Booked on",
    at: "Time",
    transfer: "Transfer",
    code: "Verification code",
    note: [
        "Made by the bank's system; valid without a seal. Do not book it twice.",
        "Check the code on the bank's public page for receipts.",
    ],
};

/// The receipt as a PDF file.
pub(crate) fn draw(facts: &Facts, lang: Lang, font: Font) -> Result<Vec<u8>, AccountsRefused> {
    document(facts, lang, font, SerializeSettings::default())
}

/// Settings under which the file can be read by eye and by tests.
#[cfg(test)]
pub(crate) fn settings_for_inspection() -> SerializeSettings {
    SerializeSettings {
        compress_content_streams: false,
        ascii_compatible: true,
        ..SerializeSettings::default()
    }
}

pub(crate) fn document(
    facts: &Facts,
    lang: Lang,
    font: Font,
    how: SerializeSettings,
) -> Result<Vec<u8>, AccountsRefused> {
    let words = if lang == Lang::English { &ENGLISH } else { &CHINESE };
    let failed = |what: &str| AccountsRefused::ReceiptFailed(what.to_owned());
    let mut document = Document::new_with(how);
    document.set_metadata(
        Metadata::new()
            .title(format!("{} {}", facts.bank_name, words.title))
            .authors(vec![facts.bank_name.clone()])
            .language(if lang == Lang::English { "en" } else { "zh-CN" }.to_owned()),
    );
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| failed("page size"))?;
    let mut page = document.start_page_with(settings);
    {
        let mut pen = Pen { surface: page.surface(), font };
        head(&mut pen, words, facts);
        parties(&mut pen, words, facts);
        amount(&mut pen, words, facts);
        details(&mut pen, words, facts);
        foot(&mut pen, words, facts);
    }
    page.finish();
    document.finish().map_err(|error| AccountsRefused::ReceiptFailed(format!("{error:?}")))
}

fn head(pen: &mut Pen<'_>, words: &Words, facts: &Facts) {
    pen.bar(0.0, 0.0, WIDTH, 7.0, BRAND);
    pen.text(MARGIN, 46.0, 19.0, BRAND, &facts.bank_name);
    pen.text(WIDTH - MARGIN - words.title_width, 45.0, 13.0, INK, words.title);
    pen.bar(MARGIN, 60.0, WIDTH - 2.0 * MARGIN, 0.8, LINE);
}

fn parties(pen: &mut Pen<'_>, words: &Words, facts: &Facts) {
    for (x, title, party) in [(MARGIN, words.payer, &facts.payer), (MIDDLE, words.payee, &facts.payee)] {
        pen.text(x, 82.0, 10.0, BRAND, title);
        let mut y = 101.0;
        for (label, value) in
            [(words.name, &party.name), (words.account, &party.account), (words.bank, &party.bank)]
        {
            pen.text(x, y, 8.5, QUIET, label);
            let value = if value.is_empty() { "—" } else { value.as_str() };
            pen.text(x + 44.0, y, 10.0, INK, &fitted(value, 10.0, MIDDLE - MARGIN - 56.0));
            y += 18.0;
        }
    }
}

fn amount(pen: &mut Pen<'_>, words: &Words, facts: &Facts) {
    pen.bar(MARGIN, 154.0, WIDTH - 2.0 * MARGIN, 62.0, PALE);
    pen.bar(MARGIN, 154.0, 3.0, 62.0, BRAND);
    pen.text(MARGIN + 16.0, 180.0, 8.5, QUIET, words.amount);
    pen.text(MARGIN + 76.0, 182.0, 18.0, INK, &facts.amount);
    pen.text(MARGIN + 16.0, 204.0, 8.5, QUIET, words.capitals);
    pen.text(MARGIN + 76.0, 204.0, 11.0, INK, &fitted(&facts.capitals, 11.0, WIDTH - 2.0 * MARGIN - 92.0));
}

fn details(pen: &mut Pen<'_>, words: &Words, facts: &Facts) {
    let rows = [
        (MARGIN, 240.0, words.kind, &facts.kind),
        (MIDDLE, 240.0, words.booked_on, &facts.booked_on),
        (MARGIN, 260.0, words.at, &facts.at),
        (MARGIN, 280.0, words.transfer, &facts.transfer),
    ];
    for (x, y, label, value) in rows {
        pen.text(x, y, 8.5, QUIET, label);
        pen.text(x + 76.0, y, 10.0, INK, value);
    }
    pen.text(MARGIN, 300.0, 8.5, QUIET, words.memo);
    let memo = if facts.memo.is_empty() { "—" } else { facts.memo.as_str() };
    let room = WIDTH - 2.0 * MARGIN - 80.0;
    for (line, y) in lines(memo, 10.0, room, 2).iter().zip([300.0, 314.0]) {
        pen.text(MARGIN + 76.0, y, 10.0, INK, line);
    }
}

fn foot(pen: &mut Pen<'_>, words: &Words, facts: &Facts) {
    pen.bar(MARGIN, 330.0, WIDTH - 2.0 * MARGIN, 0.8, LINE);
    pen.text(MARGIN, 354.0, 8.5, QUIET, words.code);
    pen.text(MARGIN + 90.0, 355.0, 14.0, BRAND, &facts.code);
    for (note, y) in words.note.iter().zip([378.0, 391.0]) {
        pen.text(MARGIN, y, 8.0, QUIET, note);
    }
}

struct Pen<'a> {
    surface: Surface<'a>,
    font: Font,
}

impl Pen<'_> {
    fn color(&mut self, (red, green, blue): (u8, u8, u8)) {
        self.surface.set_fill(Some(Fill {
            paint: rgb::Color::new(red, green, blue).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::default(),
        }));
    }

    fn text(&mut self, x: f32, y: f32, size: f32, color: (u8, u8, u8), text: &str) {
        self.color(color);
        let font = self.font.clone();
        // Characters that would break the line of text are shown as spaces.
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.surface.draw_text(Point::from_xy(x, y), font, size, &text, false, TextDirection::LeftToRight);
    }

    fn bar(&mut self, x: f32, y: f32, wide: f32, high: f32, color: (u8, u8, u8)) {
        let mut builder = PathBuilder::new();
        if let Some(rectangle) = Rect::from_xywh(x, y, wide, high) {
            builder.push_rect(rectangle);
        }
        if let Some(path) = builder.finish() {
            self.color(color);
            self.surface.draw_path(&path);
        }
    }
}

/// About how wide a text is: Chinese characters are square, others about half as wide.
fn width(text: &str, size: f32) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 0.58 } else { 1.0 }).sum::<f32>() * size
}

/// The text, cut with an ellipsis where there is no room for it.
fn fitted(text: &str, size: f32, room: f32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if width(&cut, size) + 2.0 * size > room {
            break;
        }
        cut.push(c);
    }
    cut + "…"
}

/// The text broken into at most `lines_max` lines; what does not fit ends in an ellipsis.
fn lines(text: &str, size: f32, room: f32, lines_max: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (at, c) in text.char_indices() {
        let full = lines.last().is_some_and(|line| width(line, size) + size > room);
        if full && lines.len() == lines_max {
            let rest = lines.pop().unwrap_or_default() + text.get(at..).unwrap_or_default();
            lines.push(fitted(&rest, size, room));
            return lines;
        }
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
    lines
}
