//! Files to hand out: CloudFormation templates, the Sceptre project, the manifest.
