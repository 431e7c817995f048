//! Many rows in few statements, for whoever writes more than a request does.

use sqlx::AssertSqlSafe;

use super::{Conn, Link};

/// How many rows share a statement, largest first: few texts, so that every one is prepared once.
const TOGETHER: [usize; 4] = [256, 32, 4, 1];

/// A value of a row.
#[derive(Clone, Debug)]
pub enum Value {
    /// Text.
    Text(String),
    /// Text, or nothing.
    MaybeText(Option<String>),
    /// A number.
    Number(i64),
    /// Yes or no.
    Truth(bool),
}

/// Rows of one table that are to be written together.
#[derive(Clone, Debug)]
pub struct Many {
    /// `INSERT INTO table (column, …)`.
    into: &'static str,
    columns: usize,
    values: Vec<Value>,
}

/// Binds every value, each as what it is.
macro_rules! bound {
    ($database:ty, $text:expr, $values:expr) => {
        $values.iter().fold(sqlx::query::<$database>(AssertSqlSafe($text)), |query, value| match value {
            Value::Text(text) => query.bind(text.as_str()),
            Value::MaybeText(text) => query.bind(text.as_deref()),
            Value::Number(number) => query.bind(*number),
            Value::Truth(truth) => query.bind(*truth),
        })
    };
}

impl Many {
    /// No rows yet. `into`: `INSERT INTO table (column, …)`; `columns`: how many that names.
    #[must_use]
    pub const fn new(into: &'static str, columns: usize) -> Self {
        Self { into, columns, values: Vec::new() }
    }

    /// One row more, its values in the order of the columns.
    pub fn push<const COLUMNS: usize>(&mut self, row: [Value; COLUMNS]) {
        debug_assert_eq!(COLUMNS, self.columns, "{}", self.into);
        self.values.extend(row);
    }

    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    /// Writes them all.
    pub async fn insert(&self, conn: &mut Conn) -> sqlx::Result<()> {
        let mut left = self.values.as_slice();
        for together in TOGETHER {
            while let Some((now, later)) = left.split_at_checked(together * self.columns) {
                if now.is_empty() {
                    break;
                }
                self.put(conn, together, now).await?;
                left = later;
            }
        }
        Ok(())
    }

    async fn put(&self, conn: &mut Conn, rows: usize, values: &[Value]) -> sqlx::Result<()> {
        match conn.link() {
            Link::Sqlite(conn) => {
                // Without numbers: SQLite looks for a numbered place from the first one on, each time.
                let text = self.text(rows, |_| "?".to_owned());
                bound!(sqlx::Sqlite, text, values).execute(&mut **conn).await.map(drop)
            }
            Link::Postgres(conn) => {
                let text = self.text(rows, |place| format!("${place}"));
                bound!(sqlx::Postgres, text, values).execute(&mut **conn).await.map(drop)
            }
        }
    }

    fn text(&self, rows: usize, place: impl Fn(usize) -> String) -> String {
        let row = |row: usize| -> String {
            let places: Vec<String> = (1..=self.columns).map(|at| place(row * self.columns + at)).collect();
            format!("({})", places.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        format!("{} VALUES {}", self.into, rows.join(", "))
    }
}
