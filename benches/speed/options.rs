//! What is asked for on the command line, and what the benchmarks share.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

use crate::attempts::{Job, Queue, prepare};
use crate::report::{Band, Report};
use crate::world::{World, nurses_for};

const HELP: &str =
    "cargo bench [-- [NAME…] [--rows N] [--postgres-rows N] [--short] [--keep] [--markdown PAGE]]";

/// What is asked for.
pub(crate) struct Options {
    /// Responses in the large data.
    pub(crate) rows: usize,
    /// The same on PostgreSQL.
    pub(crate) postgres_rows: usize,
    /// Small data, short rounds, and only counts can fail.
    pub(crate) short: bool,
    /// Use data from an earlier run again, and leave it there.
    pub(crate) keep: bool,
    /// A page whose table of results is written anew.
    pub(crate) markdown: Option<PathBuf>,
    /// Where the data is.
    pub(crate) folder: PathBuf,
    names: Vec<String>,
}

impl Options {
    pub(crate) fn read(words: &[String], known: &[&str]) -> anyhow::Result<Self> {
        let target = target()?;
        let mut options = Self {
            rows: 10_000_000,
            postgres_rows: 0,
            short: false,
            keep: false,
            markdown: None,
            folder: target.join("speed"),
            names: Vec::new(),
        };
        let mut words = words.iter();
        let mut rows = None;
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word}: what? {HELP}"));
            match word.as_str() {
                // Cargo's own.
                "--bench" => {}
                "--rows" => rows = Some(value()?.replace('_', "").parse()?),
                "--postgres-rows" => options.postgres_rows = value()?.replace('_', "").parse()?,
                "--short" => options.short = true,
                "--keep" => options.keep = true,
                "--markdown" => options.markdown = Some(value()?.into()),
                name if known.contains(&name) => options.names.push(name.to_owned()),
                other => bail!("{other}? {HELP}\nBenchmarks: {}", known.join(", ")),
            }
        }
        options.rows = rows.unwrap_or(if options.short { 10_000 } else { options.rows });
        ensure!(options.rows >= 1_000, "at least 1,000 responses");
        if options.postgres_rows == 0 {
            options.postgres_rows = options.rows.min(1_000_000);
        }
        Ok(options)
    }

    pub(crate) fn runs(&self, name: &str) -> bool {
        // The short form leaves out what takes long and what says nothing about small data.
        let long = ["growth", "mixed", "postgres", "memory"].contains(&name);
        if self.names.is_empty() {
            !(self.short && long)
        } else {
            self.names.iter().any(|asked| asked == name)
        }
    }

    /// Where the figures go.
    pub(crate) fn json(&self) -> PathBuf {
        self.folder.with_extension("json")
    }

    pub(crate) fn rounds(&self) -> usize {
        if self.short { 3 } else { 5 }
    }

    /// How long each load lasts.
    pub(crate) fn lasting(&self) -> Duration {
        Duration::from_millis(match (self.short, self.rows) {
            (true, _) => 150,
            (_, rows) if rows >= 1_000_000 => 2_000,
            _ => 500,
        })
    }
}

/// The folder that cargo builds in.
fn target() -> anyhow::Result<PathBuf> {
    let app = Path::new(crate::product::APP);
    Ok(app.parent().and_then(Path::parent).context("the app lies in no folder")?.to_owned())
}

/// A process of this program that only serves a reference.
pub(crate) struct Reference {
    name: String,
    url: String,
    bytes: usize,
    selects: usize,
}

impl Reference {
    pub(crate) fn read(words: &[String]) -> anyhow::Result<Option<Self>> {
        match words {
            [first, name, _, url, _, bytes, _, selects] if first == "--reference" => Ok(Some(Self {
                name: name.clone(),
                url: url.clone(),
                bytes: bytes.parse()?,
                selects: selects.parse()?,
            })),
            _ => Ok(None),
        }
    }

    pub(crate) async fn serve(&self) -> anyhow::Result<()> {
        crate::references::serve(&self.name, &self.url, self.bytes, self.selects).await
    }
}

/// Five thousand nurses whose attempts wait for answers, and two copies for the references.
pub(crate) struct Class {
    pub(crate) world: World,
    pub(crate) jobs: Rc<Vec<Job>>,
    pub(crate) ours: Queue,
    /// R3's copy: where it is, and what is left to answer in it.
    pub(crate) naive: (String, Queue),
    /// The same for the shortest transaction there can be.
    pub(crate) minimal: (String, Queue),
}

/// What the benchmarks share.
pub(crate) struct Run {
    pub(crate) options: Options,
    pub(crate) report: Report,
    large: Option<Rc<World>>,
    class: Option<Rc<Class>>,
}

impl Run {
    pub(crate) fn new(options: Options) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&options.folder)?;
        let band = if options.short { Band::Wide } else { Band::Narrow };
        let report = Report::judged(band);
        Ok(Self { options, report, large: None, class: None })
    }

    /// The large data.
    pub(crate) async fn large(&mut self) -> anyhow::Result<Rc<World>> {
        if let Some(large) = &self.large {
            return Ok(Rc::clone(large));
        }
        let rows = self.options.rows;
        let folder = self.options.folder.join(format!("large-{rows}"));
        let world = World::in_folder(&folder, nurses_for(rows), rows, self.options.keep).await?;
        let world = Rc::new(world);
        self.large = Some(Rc::clone(&world));
        Ok(world)
    }

    /// The nurses who answer. Made anew in every run: what is answered is used up.
    pub(crate) async fn class(&mut self) -> anyhow::Result<Rc<Class>> {
        if let Some(class) = &self.class {
            return Ok(Rc::clone(class));
        }
        let (nurses, responses, attempts) = match (self.options.short, self.options.rows) {
            (true, _) => (400, 4_000, 4_000),
            (_, rows) if rows >= 1_000_000 => (5_000, 100_000, 140_000),
            _ => (5_000, 50_000, 20_000),
        };
        let world = World::in_folder(&self.options.folder.join("class"), nurses, responses, false).await?;
        println!("  … {attempts} attempts begin");
        let jobs = Rc::new(prepare(&world, attempts, 1).await?);
        let class = Rc::new(Class {
            naive: (world.copy("naive")?, Queue::new(&jobs)),
            minimal: (world.copy("minimal")?, Queue::new(&jobs)),
            ours: Queue::new(&jobs),
            jobs,
            world,
        });
        self.class = Some(Rc::clone(&class));
        Ok(class)
    }
}
