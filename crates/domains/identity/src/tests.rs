//! What customers, staff and strangers could notice, on both databases and by a clock that the test moves.

mod approvals;
mod codes;
mod devices;
mod erasure;
mod fakes;
mod lockout;
mod new_devices;
mod passkeys;
mod pins;
mod places;
mod recovery;
mod routes;
mod scan;
mod sealing;
mod secrets;
mod sessions;
mod sign_in;
mod sign_up;
mod sim;
mod staff;
mod staff_passkeys;
mod third_parties;
mod totp;
mod totp_door;
mod two_eyes;
mod world;
