//! What a slot launches.

/// What a slot launches and how many.
#[derive(Debug, Clone, PartialEq)]
pub struct Instances {
    /// Such as `m7i.large`.
    pub instance_type: String,
    /// Follows from the type's family.
    pub architecture: Architecture,
    /// The group scales between these; asagi never sets the desired capacity.
    pub capacity: Capacity,
    /// What the group scales on.
    pub scaling: Scaling,
    /// Encrypted, always.
    pub root_volume: RootVolume,
    /// Script run at boot, at most 16 KB; empty for none.
    pub user_data: String,
    /// What an instance may read.
    pub permissions: Permissions,
    /// Seconds until a new instance counts: the group's default warm-up and health-check grace period.
    pub warmup: u32,
}

/// Processor family of an instance type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// Intel and AMD.
    X86_64,
    /// Graviton.
    Arm64,
}

impl Architecture {
    /// `x86_64` or `arm64`, EC2's words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

/// Between how many instances the group scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capacity {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

/// What the group scales on.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    /// Target of the tracking policy: average CPU in percent.
    pub cpu: f64,
}

/// The root volume; gp3, encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RootVolume {
    /// GiB, 1 to 16,000.
    pub size: u32,
    /// Such as `/dev/xvda`.
    pub device: String,
}

/// What an instance may read at boot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions {
    /// Parameter Store paths, `/idhub-40/web/*`.
    pub parameters: Vec<String>,
    /// Secrets Manager names, `idhub-40/web/*`.
    pub secrets: Vec<String>,
    /// S3 objects, `bucket/key*`.
    pub buckets: Vec<String>,
}
