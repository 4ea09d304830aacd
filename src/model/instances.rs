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

impl Instances {
    /// vCPUs of one instance, by the name of its size; `None` where the name does not tell.
    ///
    /// `large` has two and an `xlarge` four each; below `large` the burstable families have two (the first of them one)
    /// and the others one. <https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-type-specifications.html>
    pub fn vcpus(&self) -> Option<u32> {
        const IRREGULAR: [(&str, u32); 3] = [("t2.medium", 2), ("c4.8xlarge", 36), ("d2.8xlarge", 36)];
        let name = self.instance_type.as_str();
        if let Some((_, vcpus)) = IRREGULAR.iter().find(|(irregular, _)| *irregular == name) {
            return Some(*vcpus);
        }
        let (family, size) = name.split_once('.')?;
        if family.starts_with("hpc") {
            return None;
        }
        match size.strip_prefix("metal-").unwrap_or(size) {
            "nano" | "micro" | "small" | "medium" => {
                Some(if family.starts_with('t') && family != "t2" { 2 } else { 1 })
            }
            "large" => Some(2),
            "xlarge" => Some(4),
            size => {
                size.strip_suffix("xlarge").or(size.strip_suffix("xl"))?.parse::<u32>().ok()?.checked_mul(4)
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use crate::model::example;

    #[test]
    fn sizes_tell_their_vcpus() {
        let mut instances = example::poc().roles.remove(0).instances;
        for (name, expected) in [
            ("t3.nano", Some(2)),
            ("t2.small", Some(1)),
            ("t2.medium", Some(2)),
            ("m7g.medium", Some(1)),
            ("m7i-flex.large", Some(2)),
            ("m7i.xlarge", Some(4)),
            ("c5.9xlarge", Some(36)),
            ("c4.8xlarge", Some(36)),
            ("m7i.metal-24xl", Some(96)),
            ("m5.metal", None),
            ("hpc6a.48xlarge", None),
            ("m7i.99999999999xlarge", None),
        ] {
            name.clone_into(&mut instances.instance_type);
            assert_eq!(instances.vcpus(), expected, "{name}");
        }
    }
}
