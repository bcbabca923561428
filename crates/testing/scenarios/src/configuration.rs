//! The settings file is generated, and what is not in it is refused.

use std::sync::Arc;

use bank::configuration::Configuration;
use settings::Source;
use testkit::{BankBox, Failed};

#[test]
fn the_file_in_the_tree_is_the_generated_one() {
    let tree = include_str!("../../../../config/yuanhang.toml");
    let generated = settings::commented::<Configuration>();
    assert!(tree == generated, "config/yuanhang.toml is out of date; run `cargo xtask docs`");
}

#[test]
fn the_generated_file_holds_the_defaults() {
    let text = settings::commented::<Configuration>();
    let read: Configuration = settings::read(&Source::text("yuanhang.toml", &text)).unwrap();
    assert_eq!(read, Configuration::default());
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let text = "listen = \"127.0.0.1:1\"\n[ledger]\nhash_algoritm = \"sm3\"\n";
    let refused = settings::read::<Configuration>(&Source::text("my.toml", text)).unwrap_err().to_string();
    assert!(refused.contains("my.toml") && refused.contains("hash_algoritm"), "{refused}");
}

/// A process that cannot know whom to ask does not start, and says which setting is wrong.
#[tokio::test]
async fn a_neighbor_behind_what_is_no_name_is_refused_at_the_start() -> Result<(), Failed> {
    let bank = BankBox::on_sqlite().await?;
    let (mut configuration, folder) = bank.close().await;
    let papers = folder.path().join("papers");
    wire::Authority::in_folder(&folder.path().join("authority"))?.certify(["gateway"], &papers)?;
    configuration.wire.papers = Some(papers);
    for service in ["identity", "customers", "messages", "audit", "accounts", "payments", "ledger"] {
        configuration.neighbors.insert(service.to_owned(), "10.0.0.1:7100".to_owned());
    }
    for (setting, words) in [
        ("dns:payments.bank.internal", "must be `dns:` and one name with its port"),
        ("dns:a.internal:7100,dns:b.internal:7100", "stands alone"),
    ] {
        configuration.neighbors.insert("payments".to_owned(), setting.to_owned());
        let clock = Arc::new(testkit::SystemClock);
        let opened = bank::composition::Bank::open_some(&configuration, &"gateway".parse()?, clock).await;
        let Err(refused) = opened else { return Err("it opened".into()) };
        assert!(refused.to_string().contains("`neighbors.payments`"), "{refused}");
        let why = std::error::Error::source(&refused).ok_or("no reason")?.to_string();
        assert!(why.contains(words), "{why}");
    }
    Ok(())
}
