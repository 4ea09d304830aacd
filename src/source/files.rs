//! Files by their path in the repository, as a trait: the folder on disk, or text in memory.

use std::collections::BTreeMap;

/// Where files come from; several threads may ask at once. Paths are relative to the root of the repository, with `/`, without `.` and `..`.
pub trait Files: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError>;

    /// The names of the files (not folders) in a folder, sorted; the root is the empty path.
    ///
    /// # Errors
    /// There is no such folder, or it cannot be read.
    fn list(&self, folder: &str) -> Result<Vec<String>, FileError>;
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing has this path.
    #[error("there is no such file")]
    Missing,
    /// A link leads out of the repository.
    #[error("it lies outside the repository")]
    Outside,
    /// More bytes than are read of such a file ([`super::limits`]).
    #[error("it has {bytes} bytes, and at most {limit} are read")]
    TooLarge {
        /// As many as there are, or were when reading stopped.
        bytes: u64,
        /// As many as may be.
        limit: u64,
    },
    /// The system says why, in its own words.
    #[error("{0}")]
    Unreadable(String),
}

/// Files held in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryFiles(BTreeMap<String, Vec<u8>>);

impl MemoryFiles {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with one more file, or with another text for it.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        self.0.insert(path.into(), text.into());
        self
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.0.get(path).cloned().ok_or(FileError::Missing)
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, FileError> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let names = self.0.keys().filter_map(|path| path.strip_prefix(&prefix));
        Ok(names.filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_lists_its_own_files_only() {
        let files = MemoryFiles::new().with("a/x.yaml", "1").with("a/b/y.yaml", "2").with("z.yaml", "3");
        assert_eq!(files.list("a").unwrap(), ["x.yaml"]);
        assert_eq!(files.list("").unwrap(), ["z.yaml"]);
        assert_eq!(files.read("a/b/y.yaml").unwrap(), b"2");
        assert_eq!(files.read("a"), Err(FileError::Missing));
    }
}
