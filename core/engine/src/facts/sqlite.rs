//! Facts from a SQLite database.

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use admit_model::{Error, ErrorKind};
use rusqlite::{Connection, OpenFlags, limits::Limit, types::ValueRef};
use serde_json::{Map, Number, Value};

use super::{
    FactSource,
    fact::{Distinct, Fact, FactError},
};

/// How long a locked database is waited for when a source is opened.
const OPEN_WAIT: Duration = Duration::from_secs(1);
/// How long a locked database is waited for at most, however far away the deadline is.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);
/// After so many steps of SQLite's machine the clock is looked at.
const STEPS: i32 = 1000;
/// Longest text, BLOB and row that SQLite makes, in bytes: a step is not interrupted, and this
/// bounds how long one takes.
const LONGEST: i32 = 16 * 1024 * 1024;
/// Longest pattern of LIKE and GLOB, which can take very long to match.
const LONGEST_PATTERN: i32 = 200;

/// Facts from one query of a SQLite database, opened for reading only.
///
/// The query has one parameter, `?1`, the key. Its row becomes an object: a member for each column,
/// text, integer and real as they are. No row is no such key. Two rows, a BLOB, a real that is not
/// finite and text that is not UTF-8 are failures, as is a database that stays locked or is gone,
/// and a query that has come to lack a column.
///
/// The database is read at each lookup, so changes count at once, those of a file that replaces it
/// as well; but one in WAL mode must not be replaced, since SQLite would read the old file's log with
/// the new file: while there is such a log, lookups fail. Connections are kept, one for each thread
/// that asks at the same time; a child after a fork opens its own. A query that runs into the
/// policy's deadline is interrupted at SQLite's next step; no text or row is over 16 MiB.
pub struct SqliteFacts {
    path: PathBuf,
    query: String,
    /// The columns that the query gave when it was opened.
    columns: Vec<String>,
    /// Those whose text is JSON.
    json_columns: BTreeSet<String>,
    /// The file that was there when it was opened.
    opened: FileId,
    idle: Mutex<Vec<Reader>>,
}

/// A connection that nobody uses.
struct Reader {
    connection: Connection,
    /// SQLite's connections must not cross a fork.
    process: u32,
    file: FileId,
}

impl SqliteFacts {
    /// Facts from this database and query.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactSource`]: the file cannot be opened, is not a database, is locked, or the
    /// query is not one that only reads, with the one parameter `?1` and columns of different names.
    pub fn open(path: impl AsRef<Path>, query: &str) -> Result<Self, Error> {
        Self::database(path)?.asking(query)
    }

    /// The same, with columns whose text is JSON, such as what `json_group_array` gives.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FactSource`]: the query has no such column.
    pub fn with_json_columns<'n>(
        mut self,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, Error> {
        for name in names {
            if !self.columns.iter().any(|column| column == name) {
                return Err(self.refused(format!(
                    "the query gives no column `{name}`; its columns are {}",
                    self.columns.join(", ")
                )));
            }
            self.json_columns.insert(name.into());
        }
        Ok(self)
    }

    /// A database that can be read, and no query yet.
    pub(crate) fn database(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let opened = FileId::of(path).map_err(|problem| {
            Error::new(ErrorKind::FactSource, problem).at(path.display().to_string())
        })?;
        let source = Self {
            path: path.into(),
            opened,
            query: String::new(),
            columns: Vec::new(),
            json_columns: BTreeSet::new(),
            idle: Mutex::default(),
        };
        let tried = source.connect().and_then(|reader| {
            check_schema(&reader.connection)?;
            source.put_back(reader);
            Ok(())
        });
        tried.map_err(|problem| source.refused(problem))?;
        Ok(source)
    }

    /// The same database with this query.
    pub(crate) fn asking(mut self, query: &str) -> Result<Self, Error> {
        let tried = self.take().and_then(|reader| {
            let columns = columns(&reader.connection, query)?;
            self.put_back(reader);
            Ok(columns)
        });
        self.columns = tried.map_err(|problem| self.refused(problem))?;
        self.query = query.into();
        Ok(self)
    }

    fn refused(&self, problem: String) -> Error {
        Error::new(ErrorKind::FactSource, problem).at(self.path.display().to_string())
    }

    /// A connection: an idle one, or a new one.
    fn take(&self) -> Result<Reader, String> {
        let process = std::process::id();
        let file = FileId::of(&self.path)?;
        loop {
            let idle = self.idle().pop();
            match idle {
                None => return self.connect(),
                Some(reader) if reader.process != process => {
                    // To close it here would be to use it.
                    std::mem::forget(reader.connection);
                }
                // Another file has taken the place of the one that this one reads.
                Some(reader) if reader.file != file => {}
                Some(reader) => return Ok(reader),
            }
        }
    }

    fn put_back(&self, reader: Reader) {
        self.idle().push(reader);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> Result<Reader, String> {
        // Before it is opened, so that a file that takes its place meanwhile is noticed.
        let file = FileId::of(&self.path)?;
        self.check_log(file)?;
        // A reader is used by one thread at a time, so SQLite need not lock it.
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(OPEN_WAIT)?;
            // Views and triggers of the file may not run functions that have effects.
            connection.pragma_update(None, "trusted_schema", false)?;
            connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, LONGEST)?;
            connection.set_limit(Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, LONGEST_PATTERN)?;
            Ok(connection)
        };
        Ok(Reader {
            connection: connect().map_err(|error| shown(&error))?,
            process: std::process::id(),
            file,
        })
    }

    /// Whether SQLite would not read the log of a database that was replaced with the new file.
    fn check_log(&self, file: FileId) -> Result<(), String> {
        let mut log = self.path.clone().into_os_string();
        log.push("-wal");
        let has_log = fs::metadata(&log).is_ok_and(|metadata| metadata.len() > 0);
        if file == self.opened || !has_log {
            return Ok(());
        }
        Err(format!(
            "another file has taken its place, and beside it is a write-ahead log, `{}`, that may be \
             of the one before; write to a database in WAL mode instead of replacing it",
            Path::new(&log).display()
        ))
    }

    fn read(
        &self,
        connection: &mut Connection,
        key: &str,
        deadline: Instant,
    ) -> Result<Option<Fact>, FactError> {
        let failed = |error: rusqlite::Error| FactError::new(shown(&error));
        let left = deadline.saturating_duration_since(Instant::now());
        // In whole milliseconds, so one more: a lock is waited for until the deadline has passed.
        let wait = left.min(LONGEST_WAIT) + Duration::from_millis(1);
        connection.busy_timeout(wait).map_err(failed)?;
        connection
            .progress_handler(STEPS, Some(move || Instant::now() >= deadline))
            .map_err(failed)?;
        let mut statement = connection.prepare_cached(&self.query).map_err(failed)?;
        let mut rows = statement.query([key]).map_err(failed)?;
        let Some(row) = rows.next().map_err(failed)? else {
            return Ok(None);
        };
        // Not before: for tables that have changed, the first row prepares the query again.
        let names: Vec<_> = row.as_ref().column_names().collect();
        self.check_columns(&names).map_err(FactError::new)?;
        let mut members = Map::new();
        for (index, name) in names.into_iter().enumerate() {
            let is_json = self.json_columns.contains(name);
            let value = row
                .get_ref(index)
                .map_err(failed)
                .and_then(|value| json(value, is_json))
                .map_err(|error| FactError::new(format!("column `{name}`: {error}")))?;
            members.insert(name.into(), value);
        }
        if rows.next().map_err(failed)?.is_some() {
            return Err(FactError::new(
                "two rows for one key; the query must give one at most",
            ));
        }
        Fact::new(Value::Object(members))
    }

    /// Whether the query, which may say `*`, still gives what it gave. More is no harm.
    fn check_columns(&self, names: &[&str]) -> Result<(), String> {
        if self.columns == names {
            return Ok(());
        }
        distinct(names)?;
        match (self.columns.iter()).find(|column| !names.contains(&column.as_str())) {
            Some(gone) => Err(format!("the query gives no column `{gone}` any more")),
            None => Ok(()),
        }
    }
}

impl FactSource for SqliteFacts {
    fn lookup(&self, key: &str, deadline: Instant) -> Result<Option<Fact>, FactError> {
        let mut reader = self.take().map_err(FactError::new)?;
        // One that failed is closed: whatever was wrong with it is gone.
        let found = self.read(&mut reader.connection, key, deadline)?;
        self.put_back(reader);
        Ok(found)
    }
}

impl Drop for SqliteFacts {
    fn drop(&mut self) {
        let process = std::process::id();
        for reader in self.idle().drain(..) {
            if reader.process != process {
                // Its parent's: to close it here would be to use it.
                std::mem::forget(reader.connection);
            }
        }
    }
}

impl fmt::Debug for SqliteFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteFacts")
            .field("path", &self.path)
            .field("query", &self.query)
            .finish_non_exhaustive()
    }
}

/// Whether this is a database, and its names are texts.
fn check_schema(connection: &Connection) -> Result<(), String> {
    let failed = |error: rusqlite::Error| shown(&error);
    let mut schema = connection
        .prepare("select sql from sqlite_schema")
        .map_err(failed)?;
    let mut rows = schema.query(()).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        if let ValueRef::Text(text) = row.get_ref(0).map_err(failed)?
            && std::str::from_utf8(text).is_err()
        {
            return Err("a table or a column has a name that is not UTF-8".into());
        }
    }
    Ok(())
}

/// The columns of a query; an error where it is not one that can be asked for facts.
fn columns(connection: &Connection, query: &str) -> Result<Vec<String>, String> {
    let statement = connection
        .prepare(query)
        .map_err(|error| of_query(&error))?;
    if !statement.readonly() || statement.column_count() == 0 {
        return Err("the query is not one that reads, such as `select .. where key = ?1`".into());
    }
    match statement.parameter_count() {
        1 => {}
        0 => return Err("the query has no parameter; `?1` is the key".into()),
        many => {
            return Err(format!(
                "the query has {many} parameters; its only one is the key, `?1`"
            ));
        }
    }
    let names = statement.column_names().collect::<Vec<_>>();
    distinct(&names)?;
    Ok(names.into_iter().map(Into::into).collect())
}

/// Whether no two columns have one name: one of them would be lost.
fn distinct(names: &[&str]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    match names.iter().find(|name| !seen.insert(**name)) {
        Some(twice) => Err(format!("the query gives two columns `{twice}`")),
        None => Ok(()),
    }
}

/// A value of a row, by its type in SQLite.
fn json(value: ValueRef<'_>, is_json: bool) -> Result<Value, FactError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => Number::from_f64(number)
            .map(Value::Number)
            .ok_or_else(|| FactError::new("a real that is not finite"))?,
        ValueRef::Text(text) => {
            if text.len() > Fact::MAX_BYTES {
                return Err(FactError::new(format!(
                    "a text of {} bytes; a value has at most {}",
                    text.len(),
                    Fact::MAX_BYTES
                )));
            }
            let text = std::str::from_utf8(text)
                .map_err(|_| FactError::new("a text that is not UTF-8"))?;
            if is_json {
                let Distinct(value) = serde_json::from_str(text)
                    .map_err(|error| FactError::new(format!("not JSON: {error}")))?;
                value
            } else {
                Value::String(text.into())
            }
        }
        ValueRef::Blob(_) => {
            return Err(FactError::new(
                "a BLOB; select text, such as `hex(column)` or `json_group_array(column)`",
            ));
        }
    })
}

/// What is wrong with a query.
fn of_query(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::MultipleStatement => "the query is more than one statement".into(),
        rusqlite::Error::SqlInputError { msg, offset, .. } if *offset >= 0 => {
            format!("the query: {msg}, at its byte {offset}")
        }
        other => format!("the query: {}", shown(other)),
    }
}

/// SQLite's message, the same for a query that is prepared and one that was, and without the query,
/// which stands in the set file.
fn shown(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

/// Which file a path leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct FileId(u64, u64);

impl FileId {
    fn of(path: &Path) -> Result<Self, String> {
        let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
        if !metadata.is_file() {
            return Err("not a file".into());
        }
        Ok(Self::new(&metadata))
    }

    #[cfg(unix)]
    fn new(metadata: &fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self(metadata.dev(), metadata.ino())
    }

    /// Elsewhere a file that is open cannot be replaced.
    #[cfg(not(unix))]
    fn new(_metadata: &fs::Metadata) -> Self {
        Self(0, 0)
    }
}
