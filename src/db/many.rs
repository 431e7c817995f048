//! Many rows in few statements, for whoever writes more than a request does.

use sqlx::QueryBuilder;

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

/// Writes rows, every value as what it is: one text for so many rows, which is prepared once.
macro_rules! put {
    ($database:ty, $conn:expr, $many:expr, $values:expr) => {{
        let mut query = QueryBuilder::<$database>::new($many.into);
        query.push(" ").push_values($values.chunks_exact($many.columns.max(1)), |mut row, values| {
            for value in values {
                match value {
                    Value::Text(text) => row.push_bind(text.as_str()),
                    Value::MaybeText(text) => row.push_bind(text.as_deref()),
                    Value::Number(number) => row.push_bind(*number),
                    Value::Truth(truth) => row.push_bind(*truth),
                };
            }
        });
        query.build().execute(&mut **$conn).await.map(drop)
    }};
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
                self.put(conn, now).await?;
                left = later;
            }
        }
        Ok(())
    }

    async fn put(&self, conn: &mut Conn, values: &[Value]) -> sqlx::Result<()> {
        match conn.link() {
            Link::Sqlite(conn) => put!(sqlx::Sqlite, conn, self, values),
            Link::Postgres(conn) => put!(sqlx::Postgres, conn, self, values),
        }
    }
}
