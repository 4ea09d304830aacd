//! Comments that people wrote into the lock: they stay where they are when builds are added to it.

/// A lock in which people wrote comments, laid out otherwise than asagi writes it: where they belong is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the comment in line {line} would be lost, since the file is not laid out as asagi writes it")]
pub struct LostComment {
    /// The first of them, from 1.
    pub line: usize,
}

/// A line, and what a person wrote before and behind it.
struct Line<'a> {
    before: Vec<&'a str>,
    content: &'a str,
    behind: &'a str,
}

/// `new` with the comments and blank lines of `given`, which says what `old` does; `header` is there in any case.
///
/// # Errors
/// When `given` has comments and other lines than `old`.
pub(super) fn keep(given: &str, header: &str, old: &str, new: &str) -> Result<String, LostComment> {
    let (lines, end) = read(given);
    let first =
        given.lines().position(|line| split(line).1.trim_start().starts_with('#') && line.trim() != header);
    let Some(first) = first else { return Ok(format!("{header}\n{new}")) };
    let lost = LostComment { line: first + 1 };
    if !lines.iter().map(|line| said(line.content)).eq(old.lines().map(said)) {
        return Err(lost);
    }
    let mut text = String::new();
    if !given.lines().any(|line| line.trim() == header) {
        text = format!("{header}\n");
    }
    let mut rest = lines.into_iter().peekable();
    for line in new.lines() {
        let known = rest.next_if(|known| said(known.content) == said(line));
        for before in known.iter().flat_map(|known| &known.before) {
            text.push_str(before);
            text.push('\n');
        }
        text.push_str(line);
        text.push_str(known.map_or("", |known| known.behind));
        text.push('\n');
    }
    for line in end {
        text.push_str(line);
        text.push('\n');
    }
    if rest.peek().is_some() { Err(lost) } else { Ok(text) }
}

/// Each line that says something with what stands before it, and what stands after the last.
fn read(text: &str) -> (Vec<Line<'_>>, Vec<&str>) {
    let (mut lines, mut before) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let (content, behind) = split(line);
        if content.trim().is_empty() {
            before.push(line);
        } else {
            lines.push(Line { before: std::mem::take(&mut before), content, behind });
        }
    }
    (lines, before)
}

/// What a line says, and the comment behind it with the blanks before that.
fn split(line: &str) -> (&str, &str) {
    let (mut quote, mut last, mut escaped) = (None, ' ', false);
    for (at, c) in line.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '#' && last.is_whitespace() => {
                let content = line.get(..at).unwrap_or_default().trim_end();
                return if content.is_empty() {
                    ("", line.trim_start())
                } else {
                    (content, line.get(content.len()..).unwrap_or_default())
                };
            }
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
        last = c;
    }
    (line.trim_end(), "")
}

/// The line however it is quoted, and whether or not it is the first entry of what was empty before.
fn said(line: &str) -> String {
    let line = line.trim_end();
    let line = line.strip_suffix(" {}").or_else(|| line.strip_suffix(" []")).unwrap_or(line);
    line.replace(['"', '\''], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
asagi: v1
projects:
  shop:
    web:
      \"1.0\":
        - build: \"2026-11-04\"
          images: { base: ami-1 }
    api: {}
";
    const NEW: &str = "\
asagi: v1
projects:
  shop:
    web:
      \"1.0\":
        - build: \"2026-11-04\"
          images: { base: ami-1 }
        - build: \"2026-11-05\"
          images: { base: ami-1 }
      \"1.1\":
        - build: \"2026-11-05\"
          images: { base: ami-2 }
    api:
      \"1.0\":
        - build: \"2026-11-05\"
          images: { base: ami-3 }
";

    fn kept(given: &str) -> String {
        keep(given, "# Written.", OLD, NEW).unwrap_or_else(|lost| lost.to_string())
    }

    #[test]
    fn comments_stay_where_they_are() {
        let given = "\
# Written.
# Ask the platform team before this is changed.
asagi: v1
projects:

  shop:  # Tokyo
    # The web's \"own\".
    web:
      '1.0': # the one of the audit
        # It's the last with the old kernel: '#' 1
        - build: \"2026-11-04\"
          images: { base: ami-1 } # \"#\"
    api: {} # none yet
# end
";
        insta::assert_snapshot!(kept(given), @r##"
        # Written.
        # Ask the platform team before this is changed.
        asagi: v1
        projects:

          shop:  # Tokyo
            # The web's "own".
            web:
              "1.0": # the one of the audit
                # It's the last with the old kernel: '#' 1
                - build: "2026-11-04"
                  images: { base: ami-1 } # "#"
                - build: "2026-11-05"
                  images: { base: ami-1 }
              "1.1":
                - build: "2026-11-05"
                  images: { base: ami-2 }
            api: # none yet
              "1.0":
                - build: "2026-11-05"
                  images: { base: ami-3 }
        # end
        "##);
    }

    #[test]
    fn a_lock_without_comments_is_written_anew_and_one_laid_out_otherwise_is_left() {
        let told = [
            (kept("# Written.\nasagi: v1\nprojects: {}\n") == format!("# Written.\n{NEW}")).to_string(),
            (kept("asagi: \"#v1\"\n") == format!("# Written.\n{NEW}")).to_string(),
            kept("asagi: v1\nprojects: {shop: {}} # flow\n"),
            kept("# mine\nasagi: v1\n"),
        ];
        insta::assert_snapshot!(told.join("\n"), @"
        true
        true
        the comment in line 2 would be lost, since the file is not laid out as asagi writes it
        the comment in line 1 would be lost, since the file is not laid out as asagi writes it
        ");
    }
}
