//! AWS's own words for why a call did not succeed, sorted by what can be done about it.

use crate::cloud::CloudError;

/// Which arm an error code and its sentence belong to.
pub(super) fn sort(code: &str, sentence: &str, status: u16) -> CloudError {
    let text = match (sentence, code) {
        ("", "") => format!("AWS answered {status} and no more"),
        ("", code) => code.to_owned(),
        (sentence, _) => sentence.to_owned(),
    };
    match code {
        "ValidationError" | "ValidationException" => validation(text),
        "OperationInProgressException" | "OperationInProgress" => CloudError::Busy(text),
        "AlreadyExistsException" | "AlreadyExists" | "TokenAlreadyExistsException" => {
            CloudError::AlreadyExists(text)
        }
        "ChangeSetNotFound"
        | "ChangeSetNotFoundException"
        | "ParameterNotFound"
        | "RuleNotFound"
        | "TargetGroupNotFound"
        | "ResourceNotFound"
        | "ResourceNotFoundException"
        | "NotFound"
        | "NotFoundException" => CloudError::NotFound(text),
        "InvalidChangeSetStatus" | "InvalidChangeSetStatusException" => {
            CloudError::InvalidChangeSetStatus(text)
        }
        "InsufficientCapabilities" | "InsufficientCapabilitiesException" => {
            CloudError::InsufficientCapabilities(text)
        }
        "AccessDenied"
        | "AccessDeniedException"
        | "AuthorizationError"
        | "UnauthorizedOperation"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatch"
        | "InvalidSignatureException"
        | "OptInRequired" => CloudError::AccessDenied(text),
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => {
            CloudError::CredentialsExpired(format!("the credentials have run out: {text}"))
        }
        _ if is_throttling(code) || status >= 500 || status == 429 => CloudError::Transient(text),
        "" => CloudError::Validation(text),
        code if text == code => CloudError::Validation(text),
        _ => CloudError::Validation(format!("{code}: {text}")),
    }
}

/// Codes that mean "too many calls".
fn is_throttling(code: &str) -> bool {
    const CODES: [&str; 9] = [
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
    ];
    CODES.contains(&code)
}

/// `ValidationError` is what CloudFormation says for nearly everything; the sentence tells what it means.
fn validation(text: String) -> CloudError {
    if text.contains("does not exist") {
        return CloudError::NotFound(text);
    }
    match state_that_refuses(&text) {
        Some(state) if state.ends_with("_IN_PROGRESS") => CloudError::Busy(text),
        _ => CloudError::Validation(text),
    }
}

/// The state in `Stack:ARN is in UPDATE_IN_PROGRESS state and can not be updated.` and its likes.
fn state_that_refuses(text: &str) -> Option<&str> {
    let words = text.split_whitespace();
    words
        .zip(text.split_whitespace().skip(1))
        .find(|(_, next)| next.starts_with("state"))
        .map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As AWS words them; the sources are the SDK's models and what tools compare against.
    const SAID: [(&str, &str, u16, &str); 16] = [
        ("ValidationError", "Stack with id web does not exist", 400, "NotFound"),
        (
            "ValidationError",
            "Stack:arn:aws:cloudformation:ap-northeast-1:1:stack/web/a is in UPDATE_IN_PROGRESS state and can not be updated.",
            400,
            "Busy",
        ),
        (
            "ValidationError",
            "Stack:arn:aws:cloudformation:ap-northeast-1:1:stack/web/a is in ROLLBACK_COMPLETE state and can not be updated.",
            400,
            "Validation",
        ),
        ("ValidationError", "No updates are to be performed.", 400, "Validation"),
        (
            "ValidationError",
            "Template error: instance of Fn::GetAtt references undefined resource A",
            400,
            "Validation",
        ),
        (
            "AlreadyExistsException",
            "ChangeSet a cannot be created due to a mismatch with existing attribute",
            400,
            "AlreadyExists",
        ),
        ("TokenAlreadyExistsException", "A client request token already exists.", 400, "AlreadyExists"),
        ("ChangeSetNotFound", "ChangeSet [a] does not exist", 404, "NotFound"),
        (
            "InvalidChangeSetStatus",
            "ChangeSet [a] cannot be executed in its current status",
            400,
            "InvalidChangeSetStatus",
        ),
        (
            "InsufficientCapabilitiesException",
            "Requires capabilities : [CAPABILITY_IAM]",
            400,
            "InsufficientCapabilities",
        ),
        (
            "AccessDenied",
            "User: arn:aws:iam::1:user/ci is not authorized to perform: cloudformation:ExecuteChangeSet",
            403,
            "AccessDenied",
        ),
        ("ExpiredToken", "The security token included in the request is expired", 403, "CredentialsExpired"),
        ("Throttling", "Rate exceeded", 400, "Transient"),
        ("InternalFailure", "", 500, "Transient"),
        ("OperationInProgressException", "Another operation is in progress", 400, "Busy"),
        ("LimitExceededException", "Limit for stack has been exceeded", 400, "Validation"),
    ];

    #[test]
    fn every_sentence_has_its_arm() {
        for (code, sentence, status, arm) in SAID {
            let sorted = format!("{:?}", sort(code, sentence, status));
            assert_eq!(sorted.split('(').next(), Some(arm), "{code}: {sentence}");
        }
    }

    #[test]
    fn nothing_said_is_not_nothing_told() {
        assert_eq!(sort("InternalFailure", "", 500), CloudError::Transient("InternalFailure".to_owned()));
        assert_eq!(sort("Odd", "why", 400), CloudError::Validation("Odd: why".to_owned()));
    }
}
