//! The master key is exchanged by commands beside a bank that serves, and customers notice nothing.

use std::ffi::OsStr;
use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{Child, Client, Failed, Place, Someone, enroll};
use uuid::Uuid;

/// Runs `yuanhang keys …` on the bank at `place`; what it prints.
async fn keys(place: &Place, words: &str) -> Result<String, Failed> {
    keys_with(place, words, &[], &[]).await
}

async fn keys_with(
    place: &Place,
    words: &str,
    settings: &[String],
    variables: &[(&str, &OsStr)],
) -> Result<String, Failed> {
    let mut command = Child::command(place)?;
    command.args(settings.iter().flat_map(|setting| ["--set", setting])).envs(variables.iter().copied());
    let output = command.arg("keys").args(words.split(' ')).output().await?;
    let said = String::from_utf8(output.stdout)?;
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(format!("{}: {said}{complained}", place.store).into())
    }
}

async fn keys_json(place: &Place, words: &str) -> Result<Value, Failed> {
    Ok(serde_json::from_str(&keys(place, words).await?)?)
}

/// A customer's data opens, a session holds, a PIN is right, and a payee is found by phone.
async fn nothing_is_noticed(client: &Client, payer: &Someone, payee: &Someone) -> Result<(), Failed> {
    client.get("/api/customers/me").await?.expect(200)?;
    let order = payer.order(payee, "1.00", "晚饭");
    let key = Uuid::now_v7().to_string();
    client.post_keyed("/api/payments/transfers", &order, &key).await?.expect(201)?;
    payer.sign_in(client).await?;
    Ok(())
}

/// Enrolls three people in the bank at `place`.
async fn settle(place: &Place) -> Result<Vec<Someone>, Failed> {
    let clock = Arc::new(testkit::SystemClock);
    let bank = bank::composition::Bank::open(&place.configuration, clock).await?;
    let people = enroll(&bank.books()?, 3, 100_000).await?;
    bank.close().await;
    Ok(people)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_master_key_is_exchanged_beside_a_serving_bank() -> Result<(), Failed> {
    for place in Child::places().await? {
        let people = settle(&place).await?;
        let [payer, payee, third] = people.as_slice() else { return Err("three people".into()) };
        let child = Child::serve(&place).await?;
        let client = payer.sign_in(&child.client).await?;
        nothing_is_noticed(&client, payer, payee).await?;

        let refused = keys(&place, "retire 1").await.map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("generation 1 is in use"), "{refused}");
        let rotated = keys_json(&place, "rotate --json").await?;
        assert_eq!(rotated, json!({"generation": 2, "in_use": true}), "{}", place.store);
        nothing_is_noticed(&client, payer, third).await?;
        let rewrapped = keys_json(&place, "rewrap --json").await?;
        assert!(rewrapped["rewrapped"].as_u64() >= Some(3) && rewrapped["damaged"] == 0, "{rewrapped}");
        keys(&place, "retire 1 --erase").await?;
        let status = keys_json(&place, "status --json").await?;
        assert_eq!(status["generations"][0]["wraps"], 0, "{status}");
        assert_eq!(status["generations"][0]["place"], Value::Null, "{status}");
        assert_eq!(status["generations"][1]["newest"], true, "{status}");
        assert!(keys(&place, "status").await?.contains("retired"));
        nothing_is_noticed(&client, payer, payee).await?;
        child.kill().await?;

        // And one that starts anew has what was wrapped by the first key from the second.
        let child = Child::serve(&place).await?;
        let client = client.at(&child.client);
        nothing_is_noticed(&client, payer, third).await?;
        child.kill().await?;
        let checked = Child::command(&place)?.args(["audit", "verify"]).output().await?;
        assert!(checked.status.success(), "{}: {checked:?}", place.store);
    }
    Ok(())
}

/// With SoftHSM, which `cargo xtask test` installs. Its tokens are where the variable of the processes says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_master_key_moves_into_a_module_beside_a_serving_bank() -> Result<(), Failed> {
    for place in Child::places().await? {
        let people = settle(&place).await?;
        let [payer, payee, third] = people.as_slice() else { return Err("three people".into()) };
        let configuration = place.folder().join("softhsm2.conf");
        let tokens = place.folder().join("tokens");
        std::fs::create_dir(&tokens)?;
        std::fs::write(&configuration, format!("directories.tokendir = {}\n", tokens.display()))?;
        std::fs::write(place.folder().join("pin"), "271828\n")?;
        let made = std::process::Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", "hall", "--so-pin", "314159", "--pin", "271828"])
            .env("SOFTHSM2_CONF", &configuration)
            .output()?;
        assert!(made.status.success(), "{made:?}");
        let variables: &[(&str, &OsStr)] = &[("SOFTHSM2_CONF", configuration.as_os_str())];
        let settings = [
            "keys.pkcs11.library=/usr/lib/softhsm/libsofthsm2.so".to_owned(),
            "keys.pkcs11.token=hall".to_owned(),
            format!("keys.pkcs11.pin=file:{}", place.folder().join("pin").display()),
        ];
        let nowhere = keys(&place, "move --to-pkcs11").await.map(|_| ()).unwrap_err().to_string();
        assert!(nowhere.contains("`keys.pkcs11.library` is not set"), "{nowhere}");

        let child = Child::serve_with(&place, &settings, variables).await?;
        let client = payer.sign_in(&child.client).await?;
        nothing_is_noticed(&client, payer, payee).await?;
        let moved = keys_with(&place, "move --to-pkcs11 --json", &settings, variables).await?;
        let moved: Value = serde_json::from_str(&moved)?;
        assert!(moved["rewrapped"].as_u64() >= Some(3) && moved["damaged"] == 0, "{moved}");
        keys_with(&place, "retire 1 --erase", &settings, variables).await?;
        nothing_is_noticed(&client, payer, third).await?;
        child.kill().await?;

        let text = std::fs::read_to_string(place.configuration.data_dir.join("keys").join("bank.key"))?;
        let names: Vec<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(names, ["yuanhang-keys", "bank", "root", "module"], "no secret is left in it");
        let sealed = keys(&place, "status").await.map(|_| ()).unwrap_err().to_string();
        assert!(sealed.contains("sealed by a key in a PKCS#11 module"), "{sealed}");
        let child = Child::serve_with(&place, &settings, variables).await?;
        nothing_is_noticed(&client.at(&child.client), payer, payee).await?;
        child.kill().await?;
    }
    Ok(())
}
