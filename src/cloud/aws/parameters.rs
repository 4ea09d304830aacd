//! Parameters: the rollout record and the image registry.

use aws_sdk_ssm::types::{ParameterHistory, ParameterType};
use jiff::Timestamp;

use super::AwsCloud;
use super::answers::{text, time};
use super::error::told;
use super::pages::Pages;
use crate::cloud::{CloudError, ParameterVersion, Result};

impl AwsCloud {
    /// Never decrypted: no secret is asked for.
    pub(super) async fn read_parameter(&self, name: &str) -> Result<Option<String>> {
        let call = self.parameters.get_parameter().name(name).with_decryption(false).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(answer) => Ok(answer.parameter().and_then(|parameter| parameter.value()).map(str::to_owned)),
            Err(CloudError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The same, where the value is no secret: one that is encrypted is refused, not taken for what it is encrypted to.
    pub(super) async fn read_setting(&self, name: &str) -> Result<Option<String>> {
        let call = self.parameters.get_parameter().name(name).with_decryption(false).send();
        match self.turns.take(call).await.map_err(told) {
            Ok(answer) => match answer.parameter() {
                Some(parameter) if parameter.r#type() == Some(&ParameterType::SecureString) => {
                    Err(CloudError::Validation(format!(
                        "SSM parameter {name} is a SecureString, and asagi reads no secret: let the template resolve it"
                    )))
                }
                parameter => Ok(parameter.and_then(|parameter| parameter.value()).map(str::to_owned)),
            },
            Err(CloudError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A parameter that is gone has no history.
    pub(super) async fn read_parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>> {
        let mut pages =
            self.parameters.get_parameter_history().name(name).with_decryption(false).into_paginator().send();
        let (mut versions, mut count) = (Vec::new(), Pages::of("GetParameterHistory"));
        while let Some(page) = count.next(self.turns.take(pages.next())).await? {
            match page.map_err(told) {
                Ok(page) => versions.extend(page.parameters().iter().map(version)),
                Err(CloudError::NotFound(_)) => break,
                Err(error) => return Err(error),
            }
        }
        versions.sort_by_key(|version| version.version);
        Ok(versions)
    }
}

fn version(answer: &ParameterHistory) -> ParameterVersion {
    ParameterVersion {
        version: answer.version().try_into().unwrap_or_default(),
        value: text(answer.value()),
        modified: answer.last_modified_date().map_or(Timestamp::UNIX_EPOCH, time),
        by: text(answer.last_modified_user()).into(),
    }
}
