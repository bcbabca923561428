//! The settings file is generated, and what is not in it is refused.

use bank::configuration::Configuration;
use settings::Source;

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
