//! Blocks of IPv4 addresses, exactly.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// A block of IPv4 addresses, such as `10.0.0.0/16`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr {
    address: u32,
    prefix: u32,
}

/// Why a text is no block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CidrError {
    /// Not four numbers up to 255, a slash and a number up to 32.
    #[error("`{0}` is not a CIDR block such as `10.0.0.0/16`")]
    Form(String),
    /// Bits are set beyond the prefix; the block that was probably meant.
    #[error("`{0}` has address bits beyond its prefix")]
    HostBits(String, Cidr),
}

impl Cidr {
    /// Length of the prefix, 0 to 32.
    pub const fn prefix(self) -> u32 {
        self.prefix
    }

    /// Block number `index` of the equal parts of which there are `2^bits`; `None` beyond the last, and where addresses
    /// cannot be divided so far.
    pub fn part(self, bits: u32, index: u32) -> Option<Self> {
        let prefix = self.prefix.checked_add(bits).filter(|prefix| *prefix <= 32)?;
        if u64::from(index) >= 1_u64 << bits {
            return None;
        }
        let offset = u64::from(index) << (32 - prefix);
        let address = u32::try_from(u64::from(self.address) + offset).ok()?;
        Some(Self { address, prefix })
    }

    /// Whether every address of the other is in this one.
    pub const fn contains(self, other: Self) -> bool {
        self.prefix <= other.prefix && self.overlaps(other)
    }

    /// How many addresses it has.
    pub const fn size(self) -> u64 {
        1 << (32 - self.prefix)
    }

    /// Whether the two have an address in common.
    pub const fn overlaps(self, other: Self) -> bool {
        let shorter = if self.prefix < other.prefix { self.prefix } else { other.prefix };
        (self.address ^ other.address) & mask(shorter) == 0
    }
}

const fn mask(prefix: u32) -> u32 {
    if prefix == 0 { 0 } else { u32::MAX << (32 - prefix) }
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let wrong = || CidrError::Form(text.to_owned());
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        let address = u32::from(address.parse::<Ipv4Addr>().map_err(|_| wrong())?);
        let digits =
            !prefix.is_empty() && prefix.len() <= 2 && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix.parse::<u32>().ok().filter(|prefix| digits && *prefix <= 32).ok_or_else(wrong)?;
        let block = Self { address: address & mask(prefix), prefix };
        if block.address == address { Ok(block) } else { Err(CidrError::HostBits(text.to_owned(), block)) }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.address), self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn blocks_divide_into_equal_parts() {
        let parts = |text, bits, index| block(text).part(bits, index).map(|part| part.to_string());
        assert_eq!(parts("10.0.0.0/16", 3, 0).as_deref(), Some("10.0.0.0/19"));
        assert_eq!(parts("10.0.0.0/16", 3, 7).as_deref(), Some("10.0.224.0/19"));
        assert_eq!(parts("10.0.0.0/16", 3, 8), None);
        assert_eq!(parts("10.0.0.0/31", 3, 0), None);
        assert_eq!(parts("0.0.0.0/0", 1, 1).as_deref(), Some("128.0.0.0/1"));
        assert_eq!(parts("255.255.255.255/32", 0, 0).as_deref(), Some("255.255.255.255/32"));
    }

    #[test]
    fn overlap_is_either_holding_the_other() {
        assert!(block("10.0.0.0/8").overlaps(block("10.9.0.0/16")));
        assert!(block("10.9.0.0/16").overlaps(block("0.0.0.0/0")));
        assert!(!block("10.0.0.0/16").overlaps(block("10.1.0.0/16")));
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for text in
            ["", "10.0.0.0", "10.0.0.0/33", "256.0.0.0/8", "10.0.0/8", "10.0.0.0/+8", "10.0.0.0/", "::/0"]
        {
            assert!(matches!(text.parse::<Cidr>(), Err(CidrError::Form(_))), "{text:?} passed");
        }
        assert_eq!(
            "10.0.0.1/16".parse::<Cidr>(),
            Err(CidrError::HostBits("10.0.0.1/16".to_owned(), block("10.0.0.0/16")))
        );
    }
}
