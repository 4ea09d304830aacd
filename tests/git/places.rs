//! The repository that a root belongs to.

use std::fs;
use std::path::Path;

use asagi::source::Files;

use crate::fixture::{Repository, open};

fn read(root: &Path, reference: &str) -> String {
    let tree = open(root, reference).unwrap();
    String::from_utf8(tree.read("environments/prod.yaml").unwrap()).unwrap()
}

fn error(root: &Path) -> String {
    open(root, "main").err().unwrap()
}

#[test]
fn a_linked_worktree_has_a_head_of_its_own() {
    let repository = Repository::committed();
    repository.git(&["worktree", "add", "-q", "-b", "other", "../worktree"]);
    let root = repository.folder().join("worktree/infra");
    fs::write(root.join("environments/prod.yaml"), "other").unwrap();
    repository.git_in(&root, &["commit", "-q", "-a", "-m", "other"]);
    for (name, text) in
        [("HEAD", "other"), ("other", "other"), ("main", "committed"), ("HEAD~1", "committed")]
    {
        assert_eq!(read(&root, name), text, "{name}");
    }
    assert_eq!(repository.read("HEAD", "environments/prod.yaml"), "committed");
    repository.git(&["pack-refs", "--all"]);
    assert_eq!(read(&root, "main"), "committed");
}

#[test]
fn worktrees_of_a_bare_repository_are_read() {
    let repository = Repository::committed();
    repository.git(&["clone", "-q", "--bare", ".", "../all/.bare"]);
    let all = repository.folder().join("all");
    fs::write(all.join(".git"), "gitdir: ./.bare\n").unwrap();
    repository.git_in(&all, &["worktree", "add", "-q", "main", "main"]);
    assert_eq!(read(&all.join("main/infra"), "main"), "committed");
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let library = Repository::committed();
    let repository = Repository::committed();
    repository.write("environments/prod.yaml", "outer");
    repository.git(&["submodule", "--quiet", "add", library.top().to_str().unwrap(), "vendor"]);
    repository.commit("with a submodule");
    assert_eq!(read(&repository.top().join("vendor/infra"), "main"), "committed");
    assert_eq!(read(repository.root(), "main"), "outer");
}

#[test]
fn clones_of_every_kind_are_read() {
    let repository = Repository::committed();
    repository.write("environments/prod.yaml", "second");
    repository.commit("second");
    let url = format!("file://{}", repository.top().display());
    let kinds: &[&[&str]] = &[
        &["--shared"],
        &["--depth", "1"],
        &["--mirror"],
        &["--reference", "../repo", "--no-hardlinks"],
        &["--separate-git-dir", "../separate.git"],
    ];
    for (number, kind) in kinds.iter().enumerate() {
        let folder = format!("../clone{number}");
        let source = if kind[0] == "--depth" { url.as_str() } else { "." };
        let source = if kind[0] == "--shared" { "../repo" } else { source };
        let folder = if kind[0] == "--mirror" { "../mirror/.git" } else { folder.as_str() };
        repository.git(&[&["clone", "-q"], *kind, &[source, folder]].concat());
        let top = repository.top().join(folder.trim_end_matches(".git"));
        fs::create_dir_all(top.join("infra/environments")).unwrap();
        assert_eq!(read(&top.join("infra"), "main"), "second", "{kind:?}");
    }
}

#[test]
fn a_shallow_or_partial_clone_tells_what_it_lacks() {
    let repository = Repository::committed();
    repository.write("environments/prod.yaml", "second");
    let second = repository.commit("second");
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", repository.top().display());
    repository.git(&["clone", "-q", "--depth", "1", &url, "../shallow"]);
    let first = repository.git(&["rev-parse", "HEAD~1"]);
    let first = first.get(..12).unwrap();
    let shallow = repository.folder().join("shallow/infra");
    assert_eq!(
        open(&shallow, "main~1").err().unwrap(),
        format!(
            "cannot read `git:main~1`: object {first} is not here: this is a shallow clone, and asagi fetches nothing\n\
             help: run `git fetch --unshallow`, which brings every commit"
        )
    );
    assert!(open(&shallow, "release").err().unwrap().ends_with(
        "\nhelp: the clone is shallow; `git fetch --depth 1 origin release`, then `git:FETCH_HEAD`"
    ));
    repository.git(&["clone", "-q", "--filter=blob:none", "--no-checkout", &url, "../partial"]);
    let partial = repository.folder().join("partial");
    fs::create_dir_all(partial.join("infra/environments")).unwrap();
    let tree = open(&partial.join("infra"), "main").unwrap();
    assert_eq!(tree.commit(), second);
    let told = tree.read("environments/prod.yaml").unwrap_err().to_string();
    let blob = repository.git(&["rev-parse", "HEAD:infra/environments/prod.yaml"]);
    assert_eq!(
        told,
        format!(
            "object {} is not here: this is a partial clone, and asagi fetches nothing; run `git fetch --refetch \
             --no-filter`, which brings every object",
            blob.get(..12).unwrap()
        )
    );
    // What the help says works.
    repository.git_in(&partial, &["fetch", "-q", "--refetch", "--no-filter"]);
    assert_eq!(read(&partial.join("infra"), "main"), "second");
    repository.git_in(&shallow, &["fetch", "-q", "--unshallow"]);
    assert_eq!(read(&shallow, "main~1"), "committed");
}

#[test]
fn objects_are_found_however_they_are_packed() {
    let repository = Repository::new();
    let mut text = String::new();
    for number in 0..60 {
        text.push_str(&format!("line {number}\n"));
        repository.write("environments/prod.yaml", &text);
        repository.commit("more");
    }
    let steps: &[&[&str]] = &[
        &["repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50"],
        &["multi-pack-index", "write"],
        &["-c", "pack.allowPackReuse=false", "repack", "-q", "-a", "-d", "-f", "--depth=0"],
        &["-c", "repack.useDeltaBaseOffset=false", "repack", "-q", "-a", "-d", "-f", "--depth=50"],
        &["-c", "pack.indexVersion=1", "repack", "-q", "-a", "-d", "-F"],
    ];
    for step in steps {
        repository.git(step);
        for (name, lines) in [("main", 60), ("main~59", 1), ("main~30", 30)] {
            assert_eq!(
                repository.read(name, "environments/prod.yaml").lines().count(),
                lines,
                "{step:?} {name}"
            );
        }
    }
}

#[test]
fn a_repository_of_sha_256_is_read_and_one_of_reftables_told() {
    let repository = Repository::with(&["init", "-q", "--object-format=sha256"]);
    repository.write("environments/prod.yaml", "long ids");
    let id = repository.commit("first");
    assert_eq!(id.len(), 64);
    for name in ["main", &id, id.get(..9).unwrap()] {
        assert_eq!(repository.read(name, "environments/prod.yaml"), "long ids", "{name}");
    }
    let repository = Repository::with(&["init", "-q", "--ref-format=reftable"]);
    assert_eq!(
        error(repository.root()),
        "cannot read `git:main`: the repository keeps its references as `reftable`, which asagi does not read\n\
         help: compare in a clone with Git's usual formats: `git clone --ref-format=files`"
    );
}

#[test]
fn a_folder_without_a_repository_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let real = fs::canonicalize(folder.path()).unwrap();
    assert!(
        error(&real)
            .starts_with(&format!("cannot read `git:main`: no Git repository holds `{}`\n", real.display()))
    );
}

#[test]
fn a_dot_git_that_leads_to_no_repository_ends_the_search() {
    let repository = Repository::committed();
    let inner = repository.root().join(".git");
    for (text, told) in [
        ("gitdir: nowhere\n", "nowhere` is no Git repository: there is no such folder\n"),
        ("gitdir: \n", "is no Git repository: it is a file without `gitdir: FOLDER`\n"),
        ("nothing", "is no Git repository: it is a file without `gitdir: FOLDER`\n"),
        ("gitdir: ..", "infra/..` is no Git repository"),
    ] {
        fs::write(&inner, text).unwrap();
        let error = error(repository.root());
        assert!(error.contains(told) || text == "gitdir: ..", "{error}");
    }
    fs::remove_file(&inner).unwrap();
    fs::create_dir(&inner).unwrap();
    assert!(
        error(repository.root()).contains(".git` is no Git repository: it has no `HEAD`\nhelp: remove it")
    );
    fs::remove_dir(&inner).unwrap();
    std::os::unix::fs::symlink("nowhere", &inner).unwrap();
    assert!(error(repository.root()).contains("cannot read `"));
    fs::remove_file(&inner).unwrap();
    std::os::unix::fs::symlink(repository.top().join(".git"), &inner).unwrap();
    assert!(open(repository.root(), "main").is_ok());
}

#[test]
fn no_part_of_a_repository_lies_where_a_commit_can_write() {
    let repository = Repository::committed();
    let top = repository.top();
    let refused = |case: &str| {
        let told = error(repository.root());
        assert!(
            told.contains(
                " is a part of the repository and lies among its files, where any commit can write\n"
            ),
            "{case}: {told}"
        );
    };
    let objects = top.join(".git/objects");
    fs::create_dir_all(top.join("stored")).unwrap();
    fs::write(objects.join("info/alternates"), "../../stored\n").unwrap();
    refused("alternates");
    fs::write(objects.join("info/alternates"), "").unwrap();
    assert!(open(repository.root(), "main").is_ok());
    fs::rename(top.join(".git/refs"), top.join("refs")).unwrap();
    std::os::unix::fs::symlink("../refs", top.join(".git/refs")).unwrap();
    refused("refs");
    fs::remove_file(top.join(".git/refs")).unwrap();
    fs::rename(top.join("refs"), top.join(".git/refs")).unwrap();
    fs::write(top.join(".git/commondir"), "../common\n").unwrap();
    repository.git_in(repository.folder(), &["init", "-q", "--bare", "repo/common"]);
    refused("commondir");
    fs::remove_file(top.join(".git/commondir")).unwrap();
    fs::rename(top.join(".git"), top.join("repository")).unwrap();
    fs::write(top.join(".git"), "gitdir: repository\n").unwrap();
    refused("a file");
    fs::remove_file(top.join(".git")).unwrap();
    std::os::unix::fs::symlink("repository", top.join(".git")).unwrap();
    refused("a link");
}
