//! How types that hold personal data or secrets look to `{:?}`: logs and errors print that, so it shows none.

/// Shows the named fields of each struct, and says that there are others.
macro_rules! discreet {
    ($($name:ident { $($shown:ident),* })*) => {
        $(impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($shown), &self.$shown))*
                    .finish_non_exhaustive()
            }
        })*
    };
}

pub(crate) use discreet;

#[cfg(test)]
mod tests {
    use crate::accounts::{Account, Narrative, OpenRequest, Reach};
    use crate::customers::{Business, Person};
    use crate::identity::{DeviceAdded, PasskeyChanged, Terms};
    use crate::messages::{Content, Message};
    use crate::payloads::Sampled;
    use crate::payments::StandingOrder;

    fn all<T: Sampled + std::fmt::Debug>() -> String {
        format!("{:?}", T::samples())
    }

    #[test]
    fn what_is_printed_holds_nothing_personal() {
        let printed = [
            all::<Account>(),
            all::<OpenRequest>(),
            all::<Reach>(),
            all::<Narrative>(),
            all::<Person>(),
            all::<Business>(),
            all::<Terms>(),
            all::<DeviceAdded>(),
            all::<PasskeyChanged>(),
            all::<Message>(),
            all::<Content>(),
            all::<StandingOrder>(),
        ]
        .concat();
        for personal in [
            "6230580000000000017",
            "6230580000000000025",
            "19900000001",
            "19900000002",
            "工资卡",
            "午饭",
            "*帆",
            "样例甲",
            "样例乙",
            "样例贸易",
            "样例路",
            "110101199001010015",
            "1990-01-01",
            "91110000000000000A",
            "123456",
            "iPhone",
            "Windows",
        ] {
            assert!(!printed.contains(personal), "{personal}: {printed}");
        }
        assert!(printed.contains("Movement") && printed.contains("NewDevice"), "{printed}");
    }
}
