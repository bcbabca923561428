//! Tokens of third parties: how long they live, and how many may be asked for.

use clock::Clock as _;
use contracts::identity::{Principal, Scope};
use dpop::testing::Device;
use ids::StaffId;
use secrecy::Secret;

use super::world::{World, caller, quick, word, worlds};
use crate::Settings;
use crate::error::Refused;
use crate::service::{Caller, NewThirdParty, TokenAsked};

const BANK: &str = "https://bank.example";
const SCOPES: [Scope; 2] = [Scope::PayeeCheck, Scope::Rates];

struct Partner {
    identity: Device,
    id: String,
    caller: Caller,
}

impl Partner {
    async fn register(world: &World) -> Self {
        let identity = Device::new();
        let new = NewThirdParty {
            name: "样例第三方".to_owned(),
            scopes: vec![Scope::Rates, Scope::PayeeCheck, Scope::Rates],
            jwk: serde_json::Value::Object(identity.jwk()).to_string(),
        };
        let seen = world.identities.add_third_party(StaffId::mint(), &new).await.unwrap();
        assert_eq!(seen.row.scopes, SCOPES, "each once, in order");
        let caller = Caller { device_key: Some(Device::new().thumbprint()), ..caller("192.0.2.7", None) };
        Self { identity, id: seen.row.id.to_string(), caller }
    }

    async fn ask(&self, world: &World) -> Result<Secret<String>, Refused> {
        let assertion = self.identity.sign(&self.identity.assertion(&self.id, BANK, world.clock.now()));
        let asked = TokenAsked {
            assertion: &assertion,
            third_party: Some(&self.id),
            scope: None,
            audiences: vec![BANK.to_owned()],
        };
        world.identities.give_token(&asked, &self.caller).await.map(|given| given.token)
    }
}

#[tokio::test]
async fn a_token_lives_as_long_as_is_set_and_outlives_a_restart() {
    for mut world in worlds(Settings { third_party_token_s: 300, ..quick() }).await {
        let partner = Partner::register(&world).await;
        let token = partner.ask(&world).await.unwrap();
        world.reopen().await;
        let session = world.session(&token).await.unwrap();
        let Principal::ThirdParty(id, scopes) = &session.principal else { panic!("{session:?}") };
        assert_eq!((id.to_string(), scopes.as_slice()), (partner.id.clone(), SCOPES.as_slice()));
        assert!(session.device_key.is_some(), "bound to the key of the program");
        world.pass(299);
        assert!(world.session(&token).await.is_some(), "use does not shorten it");
        world.pass(1);
        assert!(world.session(&token).await.is_none());
    }
}

#[tokio::test]
async fn one_address_asks_for_so_many_tokens_and_no_more() {
    for world in worlds(Settings { third_party_tokens_per_address_hour_max: 3, ..quick() }).await {
        let partner = Partner::register(&world).await;
        for expected in ["in", "in", "in", "too_many_tries"] {
            assert_eq!(word(&partner.ask(&world).await), expected);
        }
        let elsewhere = Partner {
            caller: Caller { network: "198.51.100.1".into(), ..partner.caller.clone() },
            ..partner
        };
        assert_eq!(word(&elsewhere.ask(&world).await), "in");
    }
}
