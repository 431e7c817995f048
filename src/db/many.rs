//! Many rows in few statements, for whoever writes more than a request does.

use sqlx::AssertSqlSafe;

use super::Conn;

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
            let text = self.text(together);
            while let Some((now, later)) = left.split_at_checked(together * self.columns) {
                if now.is_empty() {
                    break;
                }
                put(conn, &text, now).await?;
                left = later;
            }
        }
        Ok(())
    }

    fn text(&self, rows: usize) -> String {
        let mut text = format!("{} VALUES ", self.into);
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 1..=self.columns {
                let comma = if column == 1 { "" } else { ", " };
                text.push_str(comma);
                text.push('$');
                text.push_str(&(row * self.columns + column).to_string());
            }
            text.push(')');
        }
        text
    }
}

/// Binds every value, each as what it is.
macro_rules! bound {
    ($database:ty, $text:expr, $values:expr) => {
        $values.iter().fold(sqlx::query::<$database>(AssertSqlSafe($text.to_owned())), |query, value| {
            match value {
                Value::Text(text) => query.bind(text.as_str()),
                Value::MaybeText(text) => query.bind(text.as_deref()),
                Value::Number(number) => query.bind(*number),
                Value::Truth(truth) => query.bind(*truth),
            }
        })
    };
}

async fn put(conn: &mut Conn, text: &str, values: &[Value]) -> sqlx::Result<()> {
    match conn {
        Conn::Sqlite(conn) => bound!(sqlx::Sqlite, text, values).execute(&mut **conn).await.map(drop),
        Conn::Postgres(conn) => bound!(sqlx::Postgres, text, values).execute(&mut **conn).await.map(drop),
    }
}
