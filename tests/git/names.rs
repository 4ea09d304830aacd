//! Which commit a name means.

use crate::fixture::Repository;

/// Three commits on `main`, a merge on `merged`, and a remote's branches.
fn history() -> (Repository, Vec<String>) {
    let repository = Repository::new();
    let ids = ["1", "2", "3"].map(|text| {
        repository.write("environments/prod.yaml", text);
        repository.commit(text)
    });
    let [first, second, third] = &ids;
    repository.git(&["tag", "v1", first]);
    repository.git(&["tag", "-a", "-m", "annotated", "v2", second]);
    repository.git(&["tag", "-a", "-m", "of a tag", "v2-again", "v2"]);
    repository.git(&["update-ref", "refs/remotes/origin/main", second]);
    repository.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"]);
    repository.git(&["update-ref", "refs/changes/1", first]);
    repository.git(&["checkout", "-q", "-b", "merged", first]);
    repository.git(&["merge", "-q", "-s", "ours", "-m", "merge", third]);
    repository.git(&["branch", "-q", "機能/一", second]);
    repository.git(&["branch", "-q", "--", "a-b", second]);
    repository.git(&["update-ref", "refs/heads/-x", third]);
    let merge = repository.git(&["rev-parse", "HEAD"]);
    (repository, vec![first.clone(), second.clone(), third.clone(), merge])
}

#[test]
fn a_name_means_what_git_says_it_means() {
    let (repository, ids) = history();
    let short = ids[2].get(..7).unwrap().to_uppercase();
    let names = [
        "main",
        "heads/main",
        "refs/heads/main",
        "HEAD",
        "@",
        "v1",
        "v2",
        "v2-again",
        "tags/v2",
        "refs/tags/v2",
        "origin/main",
        "remotes/origin/main",
        "origin",
        "refs/changes/1",
        "changes/1",
        "機能/一",
        "a-b",
        "main~1",
        "main~2",
        "main^",
        "main^^",
        "main~0",
        "main^0",
        "main^{}",
        "v2^{}",
        "v2^{commit}",
        "v2~1",
        "HEAD^2",
        "HEAD^2~1",
        "@~1",
        &ids[0],
        &short,
    ];
    for packed in [false, true] {
        if packed {
            repository.git(&["pack-refs", "--all"]);
            repository.git(&["gc", "-q"]);
        }
        for name in names {
            let expected = repository.git(&["rev-parse", &format!("{name}^{{commit}}")]);
            assert_eq!(repository.open(name).unwrap().commit(), expected, "{name}, packed: {packed}");
        }
        assert_eq!(repository.open("-x").unwrap().commit(), ids[2]);
    }
}

#[test]
fn what_was_fetched_last_has_a_name() {
    let (repository, ids) = history();
    let clone = repository.folder().join("clone");
    repository.git(&["clone", "-q", ".", clone.to_str().unwrap()]);
    repository.git_in(&clone, &["fetch", "-q", "origin", "main"]);
    assert_eq!(crate::fixture::open(&clone.join("infra"), "FETCH_HEAD").unwrap().commit(), ids[2]);
}

#[test]
fn a_name_that_is_not_there_is_told_with_the_nearest() {
    let (repository, ids) = history();
    for (name, told) in [
        ("mian", "there is no such branch, tag or commit here\nhelp: did you mean `git:main`?"),
        (
            "upstream/main",
            "there is no such branch, tag or commit here\nhelp: did you mean `git:origin/main` or `git:main`?",
        ),
        (
            "release",
            "there is no such branch, tag or commit here\nhelp: fetch it first: `git fetch origin release`, then `git:FETCH_HEAD`",
        ),
        (
            "--output=x",
            "there is no such branch, tag or commit here\nhelp: fetch it first: `git fetch origin --output=x`, then `git:FETCH_HEAD`",
        ),
        (
            "--upload-pack=touch x",
            "Git has no names like this\nhelp: write a branch, tag or commit, and `~` or `^` behind it: `git:main`, `git:HEAD~1`",
        ),
        (
            "../../etc/passwd",
            "it is a range, not one commit\nhelp: write a branch, tag or commit, and `~` or `^` behind it: `git:main`, `git:HEAD~1`",
        ),
        (
            "refs/heads",
            "there is no such branch, tag or commit here\nhelp: fetch it first: `git fetch origin refs/heads`, then `git:FETCH_HEAD`",
        ),
        (
            "0000000",
            "there is no such branch, tag or commit here\nhelp: fetch it first: `git fetch origin 0000000`, then `git:FETCH_HEAD`",
        ),
        (
            "0123456789012345678901234567890123456789",
            "object 012345678901 is not here\nhelp: `git fsck` tells what the repository has lost",
        ),
    ] {
        let error = repository.open(name).err().unwrap_or_default();
        assert_eq!(error.strip_prefix(&format!("cannot read `git:{name}`: ")).unwrap_or(&error), told);
    }
    let error = repository.open("main~3").err().unwrap();
    let first = ids[0].get(..12).unwrap();
    assert_eq!(
        error,
        format!(
            "cannot read `git:main~3`: commit {first} has no parent 1\nhelp: name a commit of this repository's history"
        )
    );
}

#[test]
fn a_name_that_means_two_commits_is_refused() {
    let (repository, ids) = history();
    // What a pull request can be called: the name of the branch it is compared with, as a remote's branch or as an id.
    repository.git(&["branch", "-q", "origin/main", &ids[0]]);
    let error = repository.open("origin/main").err().unwrap();
    assert!(
        error.contains("the name means 2 commits: `refs/heads/origin/main`, `refs/remotes/origin/main`\n")
            || error
                .contains("the name means 2 commits: `refs/remotes/origin/main`, `refs/heads/origin/main`\n"),
        "{error}"
    );
    assert_eq!(repository.open("refs/remotes/origin/main").unwrap().commit(), ids[1]);

    let digits = ids[2].get(..8).unwrap();
    repository.git(&["branch", "-q", digits, &ids[0]]);
    let error = repository.open(digits).err().unwrap();
    assert!(
        error.contains(&format!("`refs/heads/{digits}`")) && error.contains(ids[2].get(..12).unwrap()),
        "{error}"
    );

    // Two names for one commit are one.
    repository.git(&["tag", "main", "refs/heads/main"]);
    assert_eq!(repository.open("main").unwrap().commit(), ids[2]);

    // A whole id is that id, whatever else is called so.
    repository.git(&["update-ref", &format!("refs/heads/{}", ids[2]), &ids[0]]);
    assert_eq!(repository.open(&ids[2]).unwrap().commit(), ids[2]);
}

#[test]
fn a_name_of_something_without_files_is_told() {
    let (repository, _) = history();
    let blob = repository.git(&["rev-parse", "main:infra/environments/prod.yaml"]);
    let tree = repository.git(&["rev-parse", "main:infra"]);
    repository.git(&["tag", "text", &blob]);
    for (name, kind) in [(blob.as_str(), "blob"), (&tree, "tree"), ("text", "blob")] {
        let error = repository.open(name).err().unwrap();
        assert!(
            error.starts_with(&format!("cannot read `git:{name}`: it names a {kind}, not a commit\n")),
            "{error}"
        );
    }
}

#[test]
fn references_that_go_round_or_nowhere_are_told() {
    let (repository, _) = history();
    let heads = repository.top().join(".git/refs/heads");
    std::fs::write(heads.join("round"), "ref: refs/heads/round\n").unwrap();
    std::fs::write(heads.join("nowhere"), "ref: refs/heads/none\n").unwrap();
    std::fs::write(heads.join("broken"), "no id\n").unwrap();
    std::fs::write(heads.join("outside"), "ref: ../../../etc/passwd\n").unwrap();
    for (name, told) in [
        ("round", "reference `refs/heads/round` is damaged\n"),
        ("nowhere", "there is no such branch, tag or commit here\n"),
        ("broken", "reference `refs/heads/broken` is damaged\n"),
        ("outside", "reference `refs/heads/outside` is damaged\n"),
    ] {
        let error = repository.open(name).err().unwrap();
        assert!(error.starts_with(&format!("cannot read `git:{name}`: {told}")), "{error}");
    }
}
