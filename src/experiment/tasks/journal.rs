//! The journal of an experiment: what its tasks came to, on disk, in their order.
//!
//! A journal grows by one record a task. A process that is killed leaves at most the last record torn; the next one that
//! [`Journal::append`] adds takes its place, and the experiment goes on after the one before it. A shard is a journal, and several of
//! them replayed one after the other are the journal of the whole. Records are streamed: memory does not grow with their number.
//!
//! The file is a line that names the format, then frames: the length of the content, its CRC-32, the content; numbers little-endian.
//! The content of the first frame says what the experiment is, that of each other one is a task's record in
//! [postcard](https://docs.rs/postcard)'s format.

use std::fs::{File, TryLockError};
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a journal begins with: another number where its form is another. What the model makes of a task is told by the description of the
/// experiment, a manifest, which has the model's revision.
const MAGIC: &[u8] = b"portflow journal 7\n";

/// Bytes of a frame before its content.
const HEAD: usize = 8;

/// Why a journal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Another process writes to it.
    #[error("another portflow is writing to `{0}`: wait for it, or name another directory")]
    InUse(PathBuf),
    /// It is something else.
    #[error(
        "`{0}` is not a journal of this version of portflow: go on with the version that began it, or name another directory"
    )]
    Foreign(PathBuf),
    /// What it is of cannot be read, and more is there.
    #[error(
        "`{0}` is damaged where it says what it is of: put a copy in its place, or move it away to begin afresh"
    )]
    Damaged(PathBuf),
    /// A record, counted from 1, that is whole and not of this experiment: it fails again whenever it is read.
    #[error(
        "`{0}`: record {1} does not have the figures that are kept of it now: the journal is damaged, or of another version of portflow; \
         go on with the version that began it, put a copy in its place, or begin afresh in another directory or with --force"
    )]
    Misfit(PathBuf, u32),
    /// The file system says no.
    #[error("cannot use the journal `{0}`")]
    Io(PathBuf, #[source] io::Error),
}

impl From<JournalError> for io::Error {
    fn from(error: JournalError) -> Self {
        Self::other(error)
    }
}

/// A journal that is open for records; nobody else can write to it meanwhile.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    recorded: u32,
    /// Whether something that is no whole record may follow them.
    has_tail: bool,
}

impl Journal {
    /// Begins a journal of the experiment that `subject` describes; what was at `path` is lost.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn begin(path: &Path, subject: &str) -> Result<Self, JournalError> {
        let failed = |error| JournalError::Io(path.to_owned(), error);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(failed)?;
        let mut journal = Self {
            path: path.to_owned(),
            file,
            recorded: 0,
            has_tail: false,
        };
        journal.lock()?;
        journal.file.set_len(0).map_err(failed)?;
        let head = [MAGIC, &framed(subject.as_bytes())].concat();
        journal.file.write_all(&head).map_err(failed)?;
        Ok(journal)
    }

    /// Opens a journal after its last whole record, with the description of its experiment; `None` where there is no file, or not
    /// even the description was finished. The file stays as it is until a record is added.
    ///
    /// # Errors
    /// [`JournalError`].
    pub fn reopen(path: &Path) -> Result<Option<(Self, String)>, JournalError> {
        let failed = |error| JournalError::Io(path.to_owned(), error);
        let file = match File::options().read(true).write(true).open(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(failed)?,
        };
        let mut journal = Self {
            path: path.to_owned(),
            file,
            recorded: 0,
            has_tail: false,
        };
        journal.lock()?;
        let Some((subject, mut frames)) = read_head(path)? else {
            return Ok(None);
        };
        let mut end = frames.position;
        while frames.next_frame().map_err(failed)?.is_some() {
            end = frames.position;
            journal.recorded += 1;
        }
        journal.has_tail = true;
        journal.file.seek(SeekFrom::Start(end)).map_err(failed)?;
        Ok(Some((journal, subject)))
    }

    fn lock(&self) -> Result<(), JournalError> {
        match self.file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => Err(JournalError::InUse(self.path.clone())),
            Err(TryLockError::Error(error)) => Err(JournalError::Io(self.path.clone(), error)),
        }
    }

    /// How many records it had when it was opened.
    #[must_use]
    pub fn recorded(&self) -> u32 {
        self.recorded
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Adds the record of the next task, in place of whatever follows the last whole one.
    ///
    /// # Errors
    /// The file system's.
    pub fn append(&mut self, record: &impl Serialize) -> io::Result<()> {
        if std::mem::take(&mut self.has_tail) {
            let end = self.file.stream_position()?;
            self.file.set_len(end)?;
        }
        let content = postcard::to_stdvec(record).map_err(io::Error::other)?;
        self.file.write_all(&framed(&content))
    }
}

/// A record of a journal, or why it cannot be had.
pub type Record<T> = Result<T, JournalError>;

/// What a journal is of, with its records; `None` as for [`Journal::reopen`].
pub type Opened<R> = Result<Option<(String, R)>, JournalError>;

/// Opens a journal to read it: the description of its experiment, and its records; `None` as for [`Journal::reopen`].
///
/// # Errors
/// [`JournalError`]; a record that cannot be read is an error of the iteration, a torn one its end.
pub fn read<T: DeserializeOwned>(path: &Path) -> Opened<impl Iterator<Item = Record<T>> + use<T>> {
    let Some((subject, mut frames)) = read_head(path)? else {
        return Ok(None);
    };
    let path = path.to_owned();
    let records = std::iter::from_fn(move || frames.next_frame().transpose());
    let records = (1..).zip(records).map(move |(number, frame)| {
        let content = frame.map_err(|error| JournalError::Io(path.clone(), error))?;
        postcard::from_bytes(&content).map_err(|_| JournalError::Misfit(path.clone(), number))
    });
    Ok(Some((subject, records)))
}

/// What the experiment of a journal is; `None` as for [`Journal::reopen`].
///
/// # Errors
/// [`JournalError`].
pub fn subject(path: &Path) -> Result<Option<String>, JournalError> {
    Ok(read_head(path)?.map(|(subject, _)| subject))
}

fn read_head(path: &Path) -> Result<Option<(String, Frames)>, JournalError> {
    let failed = |error| JournalError::Io(path.to_owned(), error);
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    let length = file.metadata().map_err(failed)?.len();
    let mut from = BufReader::new(file);
    let mut magic = Vec::new();
    (&mut from)
        .take(MAGIC.len() as u64)
        .read_to_end(&mut magic)
        .map_err(failed)?;
    if !MAGIC.starts_with(&magic) {
        return Err(JournalError::Foreign(path.to_owned()));
    }
    let mut frames = Frames {
        from,
        position: magic.len() as u64,
        length,
    };
    let Some(subject) = frames.next_frame().map_err(failed)? else {
        return if is_cut_off(path, magic.len()).map_err(failed)? {
            Ok(None)
        } else {
            Err(JournalError::Damaged(path.to_owned()))
        };
    };
    match String::from_utf8(subject) {
        Ok(subject) => Ok(Some((subject, frames))),
        Err(_) => Err(JournalError::Foreign(path.to_owned())),
    }
}

/// Whether a file ends within its first frame, as far as can be told: where a shorter one has the check of that frame, it is the length that
/// is wrong. Zeros are nothing.
fn is_cut_off(path: &Path, magic: usize) -> io::Result<bool> {
    let bytes = std::fs::read(path)?;
    let first = &bytes[magic..];
    let Some((length, rest)) = first.split_first_chunk() else {
        return Ok(true);
    };
    let Some((check, content)) = rest.split_first_chunk() else {
        return Ok(true);
    };
    let [length, check] = [length, check].map(|number| u32::from_le_bytes(*number));
    let mut hash = crc32fast::Hasher::new();
    let has_the_check = |&byte: &u8| {
        hash.update(&[byte]);
        hash.clone().finalize() == check
    };
    let is_zero = |&byte: &u8| byte == 0;
    let is_short = content.len() < length as usize && !content.iter().any(has_the_check);
    Ok(is_short || first.iter().all(is_zero))
}

fn framed(content: &[u8]) -> Vec<u8> {
    let length = content.len() as u32;
    let check = crc32fast::hash(content);
    [&length.to_le_bytes(), &check.to_le_bytes(), content].concat()
}

/// The frames of a file, up to the first that is not whole.
struct Frames {
    from: BufReader<File>,
    position: u64,
    length: u64,
}

impl Frames {
    fn next_frame(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.length - self.position < HEAD as u64 {
            return Ok(None);
        }
        let (mut length, mut check) = ([0; 4], [0; 4]);
        self.from.read_exact(&mut length)?;
        self.from.read_exact(&mut check)?;
        let length = u32::from_le_bytes(length);
        let end = self.position + HEAD as u64 + u64::from(length);
        // Zeros, with which a file system may end a file that was cut off, would be a frame of nothing with the check of nothing.
        if length == 0 || end > self.length {
            return Ok(None);
        }
        let mut content = vec![0; length as usize];
        self.from.read_exact(&mut content)?;
        if crc32fast::hash(&content) != u32::from_le_bytes(check) {
            return Ok(None);
        }
        self.position = end;
        Ok(Some(content))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn records(path: &Path) -> Vec<(u32, String)> {
        let (subject, records) = read(path).unwrap().unwrap();
        assert_eq!(subject, "a coin");
        records.map(Result::unwrap).collect()
    }

    fn written(path: &Path) -> Vec<(u32, String)> {
        let tossed: Vec<_> = (0..5).map(|toss| (toss, "tails".repeat(3))).collect();
        let mut journal = Journal::begin(path, "a coin").unwrap();
        for record in &tossed {
            journal.append(record).unwrap();
        }
        tossed
    }

    #[test]
    fn records_come_back_in_their_order() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("journal");
        let tossed = written(&path);
        assert_eq!(records(&path), tossed);
    }

    #[test]
    fn a_journal_cut_off_anywhere_goes_on_after_its_last_whole_record() {
        let place = tempfile::tempdir().unwrap();
        let whole = place.path().join("whole");
        let tossed = written(&whole);
        let bytes = fs::read(&whole).unwrap();
        let path = place.path().join("cut");
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            let Some((mut journal, subject)) = Journal::reopen(&path).unwrap() else {
                assert!(length < MAGIC.len() + 8 + "a coin".len());
                continue;
            };
            assert_eq!(subject, "a coin");
            for record in &tossed[journal.recorded() as usize..] {
                journal.append(record).unwrap();
            }
            assert_eq!(fs::read(&path).unwrap(), bytes, "cut at {length}");
        }
    }

    #[test]
    fn a_damaged_record_and_what_follows_it_are_left_out() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("journal");
        let tossed = written(&path);
        let mut bytes = fs::read(&path).unwrap();
        let third = bytes.len() - 2 * bytes.len() / 5;
        bytes[third] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let left = records(&path);
        assert!(left.len() < 5 && left == tossed[..left.len()]);
        let (mut journal, _) = Journal::reopen(&path).unwrap().unwrap();
        assert_eq!(journal.recorded() as usize, left.len());
        // Whoever only looks loses nothing.
        assert_eq!(fs::read(&path).unwrap(), bytes);
        for record in &tossed[left.len()..] {
            journal.append(record).unwrap();
        }
        assert_eq!(records(&path), tossed);
    }

    /// A length, a check or the description that was changed leaves records behind it, which nobody may write over.
    #[test]
    fn a_journal_that_is_damaged_in_its_head_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("journal");
        written(&path);
        let bytes = fs::read(&path).unwrap();
        let head = MAGIC.len()..MAGIC.len() + HEAD + "a coin".len();
        for (byte, bit) in head.flat_map(|byte| (0..8).map(move |bit| (byte, bit))) {
            let mut damaged = bytes.clone();
            damaged[byte] ^= 1 << bit;
            fs::write(&path, &damaged).unwrap();
            let refused = Journal::reopen(&path);
            assert!(
                matches!(refused, Err(JournalError::Damaged(_))),
                "bit {bit} of byte {byte}: {refused:?}"
            );
        }
        fs::write(&path, [MAGIC, &[0; 4096]].concat()).unwrap();
        assert!(Journal::reopen(&path).unwrap().is_none());
    }

    #[test]
    fn zeros_at_the_end_are_no_records() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("journal");
        let tossed = written(&path);
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend([0; 4096]);
        fs::write(&path, &bytes).unwrap();
        assert_eq!(records(&path), tossed);
        let (journal, _) = Journal::reopen(&path).unwrap().unwrap();
        assert_eq!(journal.recorded(), 5);
    }

    #[test]
    fn two_writers_at_a_time_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("journal");
        let _writer = Journal::begin(&path, "a coin").unwrap();
        let second = Journal::reopen(&path);
        assert!(matches!(second, Err(JournalError::InUse(_))));
        let afresh = Journal::begin(&path, "a coin");
        assert!(matches!(afresh, Err(JournalError::InUse(_))));
    }

    #[test]
    fn a_file_of_something_else_is_no_journal() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("journal");
        fs::write(&path, "Dear diary").unwrap();
        assert!(matches!(
            Journal::reopen(&path),
            Err(JournalError::Foreign(_))
        ));
        assert!(
            Journal::reopen(&place.path().join("none"))
                .unwrap()
                .is_none()
        );
    }
}
