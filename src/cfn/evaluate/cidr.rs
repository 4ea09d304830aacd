//! `Fn::Cidr`: address blocks of equal size, one after the other.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-cidr.html>

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Bits of a block when none are given: an IPv4 /24.
pub(super) const DEFAULT_BITS: u32 = 8;

/// The first `count` (1 to 256) blocks with `bits` host bits in `block`.
pub(super) fn blocks(block: &str, count: u32, bits: u32) -> Result<Vec<String>, String> {
    let wrong = || format!("`{block}` is no address block such as 10.0.0.0/16");
    let (address, prefix) = block.split_once('/').ok_or_else(wrong)?;
    let address: IpAddr = address.parse().map_err(|_| wrong())?;
    let prefix: u32 = prefix.parse().map_err(|_| wrong())?;
    let (width, base) = match address {
        IpAddr::V4(address) => (32, u128::from(address.to_bits())),
        IpAddr::V6(address) => (128, address.to_bits()),
    };
    if prefix > width {
        return Err(wrong());
    }
    let room = width - prefix;
    let fits = bits <= room && (room - bits >= 8 || count <= 1 << (room - bits));
    if !(1..=256).contains(&count) || bits == 0 || bits >= 128 || !fits {
        return Err(format!("`{block}` has no room for {count} blocks of {bits} bits"));
    }
    let base = base.checked_shr(room).and_then(|base| base.checked_shl(room)).unwrap_or(0);
    let block_at = |index: u32| {
        let start = base + (u128::from(index) << bits);
        let address = match address {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(start).unwrap_or(u32::MAX))),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from_bits(start)),
        };
        format!("{address}/{}", width - bits)
    };
    Ok((0..count).map(block_at).collect())
}
