//! News: what a domain announces, each type under its own topic.

/// A type that is announced. Whoever hears its topic reads this type; it changes additively, as contracts do.
pub trait News: serde::Serialize {
    /// `domain.past_participle`, for example `payments.transfer_posted`.
    const TOPIC: &'static str;
}

/// Says which types of a domain are announced, and under which topics.
macro_rules! announced {
    ($($news:ident = $topic:ident;)*) => {
        $(impl crate::news::News for $news {
            const TOPIC: &'static str = $topic;
        })*

        /// What stored payloads of this domain's news are read with.
        #[cfg(test)]
        pub(crate) fn sampled_news() -> Vec<crate::payloads::Sample> {
            vec![$(crate::payloads::Sample::of_news::<$news>()),*]
        }
    };
}

pub(crate) use announced;
