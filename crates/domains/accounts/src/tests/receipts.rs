//! Receipts: what stands on them, and whose codes are believed.

use contracts::accounts::{Accounts as _, Narrative};
use contracts::ledger::{Asset, codes};
use http::Lang;
use money::Currency;

use super::{Bench, benches};
use crate::error::AccountsRefused;

struct Receipt {
    bench: Bench,
    account: contracts::accounts::Account,
    transfer: ids::TransferId,
    code: String,
}

async fn receipts() -> Vec<Receipt> {
    let mut receipts = Vec::new();
    for bench in benches().await {
        let (payer, payee) =
            (bench.people.add("张三", "13800000001"), bench.people.add("欧阳小明", "13800000002"));
        let (account, other) = (bench.opened(payer).await, bench.opened(payee).await);
        let vault = bench.book.vault(Asset::from(Currency::CNY)).await;
        bench.book.pay(vault, account.id, 1_000_000, codes::CASH_DEPOSIT).await;
        let transfer = bench.book.pay(account.id, other.id, 140_950, codes::TRANSFER).await;
        let narrative = |of: &contracts::accounts::Account, name: &str, number: &str| Narrative {
            account: of.id,
            transfer,
            counterparty_name: name.to_owned(),
            counterparty_account: secrecy::mask::account_number(number),
            counterparty_bank: String::new(),
            memo: "十一月房租".to_owned(),
        };
        let told =
            (narrative(&account, "欧阳小明", &other.number), narrative(&other, "张三", &account.number));
        let code = bench.accounts.record_transfer(told.0.clone(), told.1.clone()).await.unwrap();
        assert_eq!(bench.accounts.record_transfer(told.0, told.1).await.unwrap(), code);
        receipts.push(Receipt { bench, account, transfer, code });
    }
    receipts
}

#[tokio::test]
async fn a_genuine_code_shows_the_transfer_masked() {
    for Receipt { bench, account, transfer, code } in receipts().await {
        for written in [code.clone(), code.to_lowercase().replace('-', "")] {
            let checked = bench.accounts.check_receipt(&written).await.unwrap();
            assert_eq!(checked.amount.to_string(), "1409.50 CNY");
            assert_eq!((checked.payer.name.as_str(), checked.payee.name.as_str()), ("*三", "***明"));
            assert_eq!(checked.payer.account, secrecy::mask::account_number(&account.number));
            assert!(checked.payee.account.starts_with("6288 ****"));
        }
        // The payee's receipt of the same transfer bears another code.
        let movement = bench.accounts.movement(&account, transfer).await.unwrap().movement;
        let payee_code = bench.accounts.give_code(movement.counterparty, transfer).await.unwrap();
        assert_ne!(payee_code.to_string(), code);
        let checked = bench.accounts.check_receipt(&payee_code.to_string()).await.unwrap();
        assert_eq!((checked.payer.name.as_str(), checked.payee.name.as_str()), ("*三", "***明"));
    }
}

#[tokio::test]
async fn a_code_changed_in_any_place_is_unknown() {
    for Receipt { bench, code, account, .. } in receipts().await {
        let mut wrong: Vec<String> = vec![String::new(), "0".to_owned(), "U".repeat(16), format!("{code}0")];
        for at in (0..code.len()).filter(|at| code.as_bytes()[*at] != b'-') {
            let replacement = if code.as_bytes()[at] == b'7' { '8' } else { '7' };
            let mut changed: Vec<char> = code.chars().collect();
            changed[at] = replacement;
            wrong.push(changed.into_iter().collect());
        }
        // A code given out before the transfer was posted, for one that never was.
        wrong.push(bench.accounts.give_code(account.id, ids::TransferId::mint()).await.unwrap().to_string());
        for wrong in wrong {
            let refused = bench.accounts.check_receipt(&wrong).await;
            assert!(matches!(refused, Err(AccountsRefused::ReceiptUnknown)), "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_row_that_somebody_wrote_into_the_store_is_not_believed() {
    for Receipt { bench, account, transfer, .. } in receipts().await {
        let forged = crate::store::narrative::Code { code: [7; 10], account: account.id, transfer };
        crate::store::narrative::insert(&bench.store.db, vec![], vec![forged]).await.unwrap();
        let mut mac = [0; 32];
        mac[..10].fill(7);
        let text = crate::receipt::code::VerificationCode::of(mac).to_string();
        assert!(matches!(bench.accounts.check_receipt(&text).await, Err(AccountsRefused::ReceiptUnknown)));
    }
}

/// Every text that a page shows, as its own maps from glyphs to characters say (ToUnicode, ISO 32000-2 9.10.3).
fn mapped_characters(pdf: &[u8]) -> String {
    let text: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    let mut characters = String::new();
    for map in text.split("beginbfchar").skip(1).filter_map(|rest| rest.split("endbfchar").next()) {
        for hex in map.lines().filter_map(|line| line.rsplit('<').next()?.strip_suffix('>')) {
            let units: Vec<u16> = (0..hex.len() / 4)
                .filter_map(|at| u16::from_str_radix(&hex[at * 4..at * 4 + 4], 16).ok())
                .collect();
            characters += &String::from_utf16_lossy(&units);
        }
    }
    characters
}

#[test]
fn a_receipt_holds_its_words_as_text_and_only_the_glyphs_it_needs() {
    use crate::receipt::page::{Facts, Party, document, settings_for_inspection};
    let party =
        |name: &str| Party {
            name: name.to_owned(), account: "6288".to_owned(), bank: "远行银行".to_owned()
        };
    let facts = Facts {
        bank_name: "远行银行".to_owned(),
        payer: party("张三"),
        payee: party("欧阳小明"),
        amount: "¥1,409.50".to_owned(),
        capitals: "人民币壹仟肆佰零玖元伍角整".to_owned(),
        kind: "转账".to_owned(),
        memo: "十一月房租".repeat(30),
        booked_on: "2026-11-22".to_owned(),
        at: "2026-11-22 12:00:00 (UTC+8)".to_owned(),
        transfer: ids::TransferId::mint().to_string(),
        code: "0123-4567-89AB-CDEF".to_owned(),
    };
    let font = crate::receipt::font::ReceiptFont::new(&crate::Settings::default(), None);
    let Ok(font) = font.load() else {
        // A machine without a Chinese font: the refusal says so instead of a page of boxes.
        assert!(matches!(font.load(), Err(AccountsRefused::FontMissing)));
        return;
    };
    for (lang, title) in [(Lang::Chinese, "电子回单"), (Lang::English, "Electronic")] {
        let pdf = document(&facts, lang, font.clone(), settings_for_inspection()).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(pdf.len() < 400_000, "{} bytes: the whole font is not in it", pdf.len());
        let mapped = mapped_characters(&pdf);
        for c in title.chars().chain("张三欧阳小明壹仟肆佰零玖元伍角整远行银行转账房租¥8".chars())
        {
            assert!(mapped.contains(c), "{c} is missing in {mapped}");
        }
    }
}
