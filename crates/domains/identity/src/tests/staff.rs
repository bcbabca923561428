//! The bank's people.

use contracts::identity::{Channel, Identity, Principal, Role};

use super::world::{PASSWORD, PHONE, World, caller, quick, secret, word, worlds};
use crate::service::NewStaff;

async fn add(world: &World, name: &str, role: Role) -> &'static str {
    let new = NewStaff { name: name.into(), role };
    word(&world.identities.add_staff(ids::StaffId::mint(), &new).await)
}

async fn outcome(world: &World, name: &str, password: &str, address: &str) -> &'static str {
    word(&world.identities.staff_sign_in(name, &secret(password), &caller(address, None)).await)
}

#[tokio::test]
async fn staff_sign_in_with_their_role() {
    for world in worlds(quick()).await {
        world.customer(PHONE).await;
        let id =
            world.identities.ensure_staff("Li.Wei", secret("Desk-lamp-42"), Role::Operator).await.unwrap();
        let signed_in = world
            .identities
            .staff_sign_in(" li.wei", &secret("Desk-lamp-42"), &caller("192.0.2.1", None))
            .await;
        let signed_in = signed_in.unwrap();
        assert_eq!(signed_in.session.principal, Principal::Staff(id, Role::Operator));
        assert_eq!(signed_in.session.channel, Channel::Console);
        assert_eq!(world.session(&signed_in.token).await, Some(signed_in.session));
        for (name, password) in [("li.wei", "wrong"), ("nobody", "Desk-lamp-42"), (PHONE, PASSWORD), ("", "")]
        {
            assert_eq!(outcome(&world, name, password, "192.0.2.2").await, "sign_in_refused", "{name}");
        }
        assert_eq!(
            world.outcome("li.wei", "Desk-lamp-42", "192.0.2.1").await,
            "sign_in_refused",
            "not a customer"
        );
        for _ in 0..5 {
            outcome(&world, "li.wei", "guess", "198.51.100.9").await;
        }
        assert_eq!(outcome(&world, "li.wei", "Desk-lamp-42", "198.51.100.9").await, "too_many_tries");
        assert_eq!(outcome(&world, "li.wei", "Desk-lamp-42", "192.0.2.1").await, "in");
    }
}

#[tokio::test]
async fn staff_are_added_and_removed_but_not_the_last_administrator() {
    for world in worlds(quick()).await {
        let ensure = async |name: &str, role| {
            world.identities.ensure_staff(name, secret("Desk-lamp-42"), role).await.unwrap()
        };
        let chief = ensure("chief", Role::Administrator).await;
        for (name, expected) in
            [("deputy", "in"), ("Deputy", "staff_name_taken"), ("a b", "invalid_field"), ("clerk", "in")]
        {
            assert_eq!(add(&world, name, Role::Administrator).await, expected, "{name}");
        }
        assert_eq!(
            outcome(&world, "deputy", "", "192.0.2.8").await,
            "sign_in_refused",
            "no password is none"
        );
        ensure("deputy", Role::Administrator).await;
        let list = world.identities.staff().await.unwrap();
        let names: Vec<_> = list.iter().map(|staff| staff.row.name.as_str()).collect();
        assert_eq!(names, ["chief", "clerk", "deputy"]);
        let (clerk, deputy) = (list[1].row.id, list[2].row.id);
        let session = world
            .identities
            .staff_sign_in("deputy", &secret("Desk-lamp-42"), &caller("192.0.2.1", None))
            .await;
        let token = session.unwrap().token;
        let remove = async |by, id| word(&world.identities.remove_staff(by, id).await);
        assert_eq!(remove(chief, chief).await, "staff_is_self");
        assert_eq!(remove(chief, ids::StaffId::mint()).await, "not_found");
        assert_eq!(remove(chief, deputy).await, "in");
        assert_eq!(world.session(&token).await, None, "the session ends at once");
        assert_eq!(outcome(&world, "deputy", "Desk-lamp-42", "192.0.2.9").await, "sign_in_refused");
        assert_eq!(remove(chief, deputy).await, "not_found");
        assert_eq!(remove(chief, clerk).await, "in");
        assert_eq!(remove(clerk, chief).await, "last_administrator");
        assert_eq!(add(&world, "deputy", Role::Viewer).await, "in", "the name is free again");
    }
}

#[tokio::test]
async fn administrators_who_remove_each_other_leave_one() {
    for world in worlds(quick()).await {
        for _ in 0..5 {
            let one = world
                .identities
                .ensure_staff("one", secret("Desk-lamp-42"), Role::Administrator)
                .await
                .unwrap();
            let two = world
                .identities
                .ensure_staff("two", secret("Desk-lamp-42"), Role::Administrator)
                .await
                .unwrap();
            let (a, b) = tokio::join!(
                world.identities.remove_staff(one, two),
                world.identities.remove_staff(two, one)
            );
            assert!(a.is_ok() != b.is_ok(), "{}", world.store.name);
        }
    }
}

#[tokio::test]
async fn making_sure_of_staff_changes_only_what_differs() {
    for world in worlds(quick()).await {
        let ensure = async |password: &str, role| {
            world.identities.ensure_staff("chief", secret(password), role).await.unwrap()
        };
        let id = ensure("Desk-lamp-42", Role::Administrator).await;
        let signed_in = world
            .identities
            .staff_sign_in("chief", &secret("Desk-lamp-42"), &caller("192.0.2.1", None))
            .await;
        let token = signed_in.unwrap().token;
        assert_eq!(ensure("Desk-lamp-42", Role::Administrator).await, id);
        assert!(world.session(&token).await.is_some(), "nothing changed");
        assert_eq!(ensure("Desk-lamp-43", Role::Viewer).await, id);
        assert_eq!(world.session(&token).await, None);
        assert_eq!(outcome(&world, "chief", "Desk-lamp-42", "192.0.2.1").await, "sign_in_refused");
        assert_eq!(outcome(&world, "chief", "Desk-lamp-43", "192.0.2.1").await, "in");
        assert!(world.identities.ensure_staff("x", secret("Desk-lamp-42"), Role::Viewer).await.is_err());
    }
}
