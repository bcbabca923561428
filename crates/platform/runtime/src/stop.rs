//! The one signal by which everything is asked to stop.

use tokio::sync::watch;

/// Cheap to clone; once requested it stays requested.
#[derive(Debug, Clone)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// A signal and the hand that gives it: send `true` to ask everything to stop.
    #[must_use]
    pub fn pair() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    pub(crate) const fn following(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Returns once stopping was requested.
    pub async fn requested(&self) {
        let mut receiver = self.0.clone();
        // A dropped sender means that the house is gone: that is a request too.
        let _ = receiver.wait_for(|stop| *stop).await;
    }

    /// Whether stopping was requested.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }
}

/// Whether this process does what one of several does: always, where it is the only one on its store.
#[derive(Debug, Clone)]
pub struct Chosen(watch::Receiver<bool>);

impl Chosen {
    pub(crate) const fn following(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Whether it is.
    #[must_use]
    pub fn is(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is.
    pub async fn becomes(&self) {
        let mut receiver = self.0.clone();
        // A dropped sender means that the house is gone: nobody is chosen any more.
        if receiver.wait_for(|chosen| *chosen).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
