//! Templates that macros rewrite before anything is made of them: only the service knows what comes out.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html>

use serde_json::{Map, Value};

use super::Resource;

/// Understood here, so not a macro that hides anything.
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Whether macros rewrite the whole template, or a part of it by `Fn::Transform`.
pub(super) fn rewrite(template: &Value) -> bool {
    let whole = match template.get("Transform") {
        None | Some(Value::Null) => false,
        Some(Value::Array(all)) => all.iter().any(|one| one != LANGUAGE_EXTENSIONS),
        Some(one) => one != LANGUAGE_EXTENSIONS,
    };
    whole || has_embedded(template)
}

fn has_embedded(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| key == "Fn::Transform" || has_embedded(value)),
        Value::Array(items) => items.iter().any(has_embedded),
        _ => false,
    }
}

/// An entry of `Resources` that is no resource before the macro has run: kept unread.
pub(super) fn unread(id: &str, value: &Value) -> Resource {
    let properties = Map::from_iter([(id.to_owned(), value.clone())]);
    Resource { kind: Resource::MACRO.to_owned(), properties, ..Resource::default() }
}

#[cfg(test)]
mod tests {
    use crate::cfn::Template;

    #[test]
    fn what_macros_fill_need_not_be_whole() {
        let parse = |text: &str| Template::parse(text).map(|template| template.rewritten);
        let topic = "Resources: { Topic: { Type: AWS::SNS::Topic } }";
        assert_eq!(parse(topic), Ok(false));
        assert_eq!(parse(&format!("Transform: AWS::LanguageExtensions\n{topic}")), Ok(false));
        assert_eq!(parse(&format!("Transform: [AWS::LanguageExtensions, Team::Names]\n{topic}")), Ok(true));
        assert_eq!(
            parse(&format!("Transform: Team::Names\nGlobals: {{ Function: {{}} }}\n{topic}")),
            Ok(true)
        );
        assert!(parse(&format!("Globals: {{}}\n{topic}")).is_err());
        let include = "Fn::Transform: { Name: AWS::Include, Parameters: { Location: s3://a/b } }";
        assert_eq!(parse(&format!("Resources:\n  {include}\n")), Ok(true));
        assert_eq!(parse(&format!("{include}\n")), Ok(true));
    }
}
