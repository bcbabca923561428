//! What the keeper of a passkey is called.

/// Models of authenticators by their AAGUID: the passkey providers that customers most likely meet. Source: the list
/// of the FIDO community, `passkeydeveloper/passkey-authenticator-aaguids`, and Microsoft's of Windows Hello.
const KNOWN: [(u128, &str); 12] = [
    (0xfbfc_3007_154e_4ecc_8c0b_6e02_0557_d7bd, "Apple"),
    (0xdd4e_c289_e01d_41c9_bb89_70fa_845d_4bf2, "Apple"),
    (0xea9b_8d66_4d01_1d21_3ce4_b6b4_8cb5_75d4, "Google"),
    (0xadce_0002_35bc_c60a_648b_0b25_f1f0_5503, "Chrome"),
    (0xb539_7666_4885_aa6b_cebf_e522_62a4_39a2, "Chromium"),
    (0x771b_48fd_d3d4_4f74_9232_fc15_7ab0_507a, "Edge"),
    (0x0898_7058_cadc_4b81_b6e1_30de_50dc_be96, "Windows Hello"),
    (0x9ddd_1817_af5a_4672_a2b9_3e3d_d950_00a9, "Windows Hello"),
    (0x6028_b017_b1d4_4c02_b4b3_afcd_afc9_6bb2, "Windows Hello"),
    (0x5341_4d53_554e_4700_0000_0000_0000_0000, "Samsung Pass"),
    (0xbada_5566_a7aa_401f_bd96_4561_9a55_120d, "1Password"),
    (0xd548_826e_79b4_db40_a3d8_1111_6f7e_8349, "Bitwarden"),
];

/// The name under which its owner finds a passkey again: who keeps it, and where it was made. Nothing of it was typed
/// by anybody.
pub(crate) fn passkey_name(aaguid: [u8; 16], device_name: &str) -> String {
    let aaguid = u128::from_be_bytes(aaguid);
    let keeper = KNOWN.iter().find(|(known, _)| *known == aaguid).map(|(_, name)| *name);
    match keeper {
        Some(keeper) if !device_name.is_empty() => format!("{keeper} · {device_name}"),
        Some(keeper) => keeper.to_owned(),
        None => device_name.to_owned(),
    }
}
