//! What is left of a customer who is erased.

use std::sync::Arc;

use clock::Clock as _;
use contracts::customers::Erased;
use db::outbox::Event;
use keys::KeysFailed;

use super::{PAYEE_NUMBER, benches};
use crate::service::Target;

#[tokio::test]
async fn the_erased_have_saved_no_payees_and_others_keep_theirs() {
    for bench in benches().await {
        let payments = &bench.payments;
        let number = Target::Number(PAYEE_NUMBER.to_owned());
        payments.save_payee(bench.payer, number, "李四", "房东").await.unwrap();
        let phone = Target::Phone("13800000001".to_owned());
        payments.save_payee(bench.payee, phone, "张三", "").await.unwrap();
        bench.pay(1, bench.order(100)).await.unwrap();
        let at = bench.clock.now();
        let reaction = crate::reactions::erasures(Arc::clone(payments));
        let hears = async |kept_until| {
            let news = Erased { customer: bench.payer, kept_until, recipient: None };
            let event = Event::try_new("", &news, at).unwrap();
            reaction.react.react(&[event.clone(), event]).await.unwrap();
        };
        hears(Some(at)).await;
        assert!(payments.payees(bench.payer).await.unwrap().is_empty(), "{}", bench.store.name);
        assert_eq!(payments.payees(bench.payee).await.unwrap().len(), 1, "it is the friend's");
        payments.keys.data_key(bench.payer.into()).await.unwrap();
        hears(None).await;
        let key = payments.keys.data_key(bench.payer.into()).await;
        assert!(matches!(key, Err(KeysFailed::Destroyed)), "{}", bench.store.name);
    }
}
