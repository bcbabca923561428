//! Generates the batch interface from `proto/`; the compiler of the language is a library, so that no `protoc` is
//! needed.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto/ledger.proto");
    let files = protox::compile(["ledger.proto"], ["proto"])?;
    tonic_prost_build::configure()
        .codec_path("crate::grpc::codec::WireCodec")
        .extern_path(".yuanhang.ledger.v1.CreateTransfersRequest", "crate::grpc::rows::Batch")
        .extern_path(".yuanhang.ledger.v1.CreateTransfersResponse", "crate::grpc::rows::Results")
        .compile_fds(files)?;
    Ok(())
}
