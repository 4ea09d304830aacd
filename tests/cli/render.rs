//! `asagi render`.

use crate::repository::{BASE, DEV, Repository, run};

#[test]
fn rendering_twice_gives_the_same_bytes_and_writes_nothing() {
    let repository = Repository::new();
    run(repository.asagi(&["render"]), 0);
    let first = repository.files("rendered");
    for path in
        ["shop/dev/manifest.json", "shop/prod/config/prod/web-traffic.yaml", "shop/prod/vars/bootstrap.yaml"]
    {
        assert!(first.iter().any(|(found, _)| *found == format!("rendered/{path}")), "no {path}");
    }
    let (out, err) = run(repository.asagi(&["render"]), 0);
    assert_eq!(repository.files("rendered"), first);
    assert_eq!(out, "");
    assert!(err.contains(": 0 written, "), "{err}");
    run(repository.asagi(&["render", "--check"]), 0);
}

#[test]
fn what_is_stale_is_listed_and_exits_2() {
    let repository = Repository::new();
    run(repository.asagi(&["render"]), 0);
    repository.write("environments/base.yaml", &BASE.replace("/health", "/alive"));
    let before = repository.files("rendered");
    let (out, err) = run(repository.asagi(&["render", "--check", "prod"]), 2);
    assert!(out.contains("changed  shop/prod/templates/web-traffic.yaml\n"), "{out}");
    assert!(!out.contains("shop/dev/"), "{out}");
    assert!(err.contains("help: run `asagi render` and commit what it writes"), "{err}");
    assert_eq!(repository.files("rendered"), before, "--check wrote something");
}

#[test]
fn an_environment_that_was_never_rendered_is_one_line() {
    let repository = Repository::new();
    let (out, err) = run(repository.asagi(&["render", "--check"]), 2);
    assert_eq!(
        out,
        "missing  shop/dev/: nothing is rendered for it\nmissing  shop/prod/: nothing is rendered for it\n"
    );
    assert!(err.contains("rendered is stale: 2 whole environments\n"), "{err}");
    run(repository.asagi(&["render", "dev"]), 0);
    std::fs::remove_file(repository.path("rendered/shop/dev/README.md")).unwrap();
    let (out, err) = run(repository.asagi(&["render", "--check"]), 2);
    assert_eq!(out, "missing  shop/prod/: nothing is rendered for it\nmissing  shop/dev/README.md\n");
    assert!(err.contains("rendered is stale: 1 whole environment and 1 file\n"), "{err}");
}

#[test]
fn long_lists_have_an_end() {
    let repository = Repository::new();
    run(repository.asagi(&["render"]), 0);
    for (path, _) in repository.files("rendered") {
        repository.write(&path, "# Written by asagi.\n");
    }
    let (out, _) = run(repository.asagi(&["render", "--check"]), 2);
    let last = out.lines().last().unwrap();
    assert_eq!(out.lines().count(), 61, "{out}");
    assert!(last.starts_with("and ") && last.ends_with(" more files"), "{last}");
}

#[test]
fn a_comment_in_the_spec_changes_nothing() {
    let repository = Repository::new();
    run(repository.asagi(&["render"]), 0);
    repository.write("environments/dev.yaml", &format!("# a remark\n{DEV}"));
    run(repository.asagi(&["render", "--check"]), 0);
}

#[test]
fn a_foreign_file_is_named_and_nothing_is_touched() {
    let repository = Repository::new();
    repository.write("rendered/shop/prod/README.md", "my own notes\n");
    let (_, err) = run(repository.asagi(&["render"]), 1);
    assert!(err.contains("asagi did not write") && err.contains("rendered/shop/prod/README.md"), "{err}");
    assert!(err.contains("help: move it away or delete it"), "{err}");
    let files = repository.files("rendered");
    assert_eq!(files, [("rendered/shop/prod/README.md".to_owned(), b"my own notes\n".to_vec())]);
}

#[test]
fn a_broken_spec_writes_nothing_for_any_environment() {
    let repository = Repository::new();
    repository.write("environments/dev.yaml", &format!("{DEV}nonsense: true\n"));
    let (out, err) = run(repository.asagi(&["render"]), 3);
    assert_eq!(out, "");
    assert!(err.contains("unknown key `nonsense`") && err.contains("nothing was done"), "{err}");
    assert_eq!(repository.files("rendered"), []);
}

#[test]
fn an_environment_that_is_gone_takes_its_files_along_but_not_what_people_added() {
    let repository = Repository::new();
    run(repository.asagi(&["render"]), 0);
    repository.write("rendered/notes.txt", "mine");
    std::fs::remove_file(repository.path("environments/dev.yaml")).unwrap();
    let (out, _) = run(repository.asagi(&["render", "--check"]), 2);
    assert!(out.contains("stale    shop/dev/manifest.json\n"), "{out}");
    run(repository.asagi(&["render"]), 0);
    assert!(!repository.path("rendered/shop/dev").exists());
    assert_eq!(repository.read("rendered/notes.txt"), "mine");
}

#[test]
fn one_template_goes_to_stdout_as_it_is_written() {
    let repository = Repository::new();
    run(repository.asagi(&["render"]), 0);
    let (out, _) = run(repository.asagi(&["render", "prod", "--stdout", "web-traffic"]), 0);
    assert_eq!(out, repository.read("rendered/shop/prod/templates/web-traffic.yaml"));
    let (_, err) = run(repository.asagi(&["render", "prod", "--stdout", "web"]), 1);
    assert!(err.contains("`prod` has no stack `web`"), "{err}");
}

#[test]
fn another_folder_may_be_named() {
    let repository = Repository::new();
    run(repository.asagi(&["render", "dev", "--out", "build/cfn"]), 0);
    assert!(repository.path("build/cfn/shop/dev/manifest.json").is_file());
    assert!(!repository.path("rendered").exists());
}
