//! A network between two processes that can be cut: bytes are held, nothing is closed, nobody is told.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::Failed;

/// Passes connections on to an address, until it is cut; again once it is mended.
pub(crate) struct Relay {
    /// Where it listens.
    pub(crate) address: String,
    cut: watch::Sender<bool>,
}

impl Relay {
    /// A relay to `target`, which need not listen yet.
    pub(crate) async fn to(target: String) -> Result<Self, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (cut, seen) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (target, cut) = (target.clone(), seen.clone());
                tokio::spawn(async move {
                    whole(&cut).await;
                    let Ok(far) = TcpStream::connect(target).await else { return };
                    let ((mut near_out, mut near_in), (mut far_out, mut far_in)) =
                        (near.into_split(), far.into_split());
                    tokio::join!(
                        pass_on(&mut near_out, &mut far_in, &cut),
                        pass_on(&mut far_out, &mut near_in, &cut)
                    );
                });
            }
        });
        Ok(Self { address, cut })
    }

    /// Cuts it, or mends it.
    pub(crate) fn cut(&self, cut: bool) {
        self.cut.send_replace(cut);
    }
}

async fn whole(cut: &watch::Receiver<bool>) {
    let _ = cut.clone().wait_for(|cut| !*cut).await;
}

async fn pass_on(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    cut: &watch::Receiver<bool>,
) {
    let mut bytes = vec![0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        whole(cut).await;
        if to.write_all(bytes.get(..count).unwrap_or_default()).await.is_err() {
            break;
        }
    }
    let _ = to.shutdown().await;
}
